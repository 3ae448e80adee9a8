import { boolean, entity, float, int, int64, many, money, string, text, uuid } from 'rowhouse/schema'

export const Product = entity('Product', {
  note: 'Something we sell.',
  display: 'name',
  fields: {
    sku: string({ unique: true, readonly: true, matches: '[A-Z]{2}-[0-9]{4}', max: 7 }),
    name: string({ max: 120 }),
    description: text({ optional: true }),
    price: money({ currency: 'EUR', min: '0' }),
    weight: float({ optional: true, min: 0, note: 'Kilograms, with packaging.' }),
    stock: int({ default: 0, min: 0 }),
    barcode: int64({ optional: true, unique: true, min: '0', note: 'GTIN.' }),
    catalogId: uuid({ default: 'random', unique: true, readonly: true, note: 'What the supplier catalog calls it.' }),
    active: boolean({ default: true }),
  },
  relations: {
    lines: many('OrderLine', { by: 'product' }),
    orders: many('Order', { through: 'OrderLine' }),
  },
})
