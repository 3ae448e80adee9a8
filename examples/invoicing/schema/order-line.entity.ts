import { decimal, entity, int, one } from 'rowhouse/schema'

export const OrderLine = entity('OrderLine', {
  note: 'One product on one order.',
  fields: {
    position: int({ min: 1 }),
    quantity: int({ min: 1 }),
    unitPrice: decimal({ precision: 12, scale: 2, min: '0', note: 'In the currency of the order.' }),
    discount: decimal({ precision: 4, scale: 3, min: '0', max: '1', default: '0', note: '0.1 is ten percent.' }),
  },
  relations: {
    order: one('Order', { readonly: true, onDelete: 'cascade', onRemove: 'cascade' }),
    product: one('Product'),
  },
  unique: [['order', 'position']],
})
