import { decimal, entity, formulas, int, minus, money, one, partOf, times } from 'rowhouse/schema'

export const OrderLine = entity('OrderLine', {
  note: 'One product on one order.',
  fields: {
    quantity: int({ min: 1 }),
    unitPrice: money({
      in: 'order.currency',
      from: 'product.price',
      min: '0',
      note: 'That of the price list, unless agreed otherwise.',
    }),
    discount: decimal({ precision: 4, scale: 3, min: '0', max: '1', default: '0', note: '0.1 is ten percent.' }),
  },
  relations: {
    order: partOf('Order', { ordered: true }),
    product: one('Product'),
  },
  computed: { amount: money({ in: 'order.currency' }) },
  hooks: { beforeCreate: 'scripts/discount' },
})

export const OrderLineFormulas = formulas(OrderLine, {
  amount: (line) => times(times(line.unitPrice, line.quantity), minus(1, line.discount)),
})
