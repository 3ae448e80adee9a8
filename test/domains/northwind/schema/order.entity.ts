import {
  boolean,
  date,
  days,
  decimal,
  decimalOf,
  embed,
  entity,
  float,
  formulas,
  int,
  many,
  minus,
  one,
  string,
  times,
} from 'rowhouse/schema'
import { real, smallint, varchar } from './varchar.ts'

export const Order = entity('Order', {
  note: 'What a customer asked for.',
  adopt: 'public.orders',
  tenant: false,
  key: 'number',
  fields: {
    number: int({ min: 1, column: { name: 'order_id', type: 'smallint' } }),
    orderedOn: date({ optional: true, default: 'today', column: 'order_date' }),
    requiredOn: date({ optional: true, column: 'required_date' }),
    shippedOn: date({ optional: true, column: 'shipped_date' }),
    freight: float({ ...real, min: 0, optional: true }),
    ship: embed(
      {
        name: string(varchar(40)),
        address: string({ ...varchar(60), optional: true }),
        city: string({ ...varchar(15), optional: true }),
        region: string({ ...varchar(15), optional: true }),
        postalCode: string({ ...varchar(10), optional: true }),
        country: string({ ...varchar(15), optional: true }),
      },
      { optional: true, note: 'Where it goes.' },
    ),
  },
  relations: {
    customer: one('Customer', { optional: true }),
    employee: one('Employee', { optional: true, note: 'Who took it.' }),
    shipper: one('Shipper', { optional: true, column: 'ship_via' }),
    lines: many('OrderLine', { by: 'order' }),
    products: many('Product', { through: 'OrderLine' }),
  },
  computed: {
    total: decimal({ precision: 14, scale: 2, note: 'Without freight.' }),
    lineCount: int(),
    daysLate: int({ optional: true }),
    isLate: boolean({ optional: true }),
  },
  sort: ['-number'],
})

export const OrderLine = entity('OrderLine', {
  note: 'One product of an order.',
  adopt: 'public.order_details',
  tenant: false,
  key: ['order', 'product'],
  fields: {
    unitPrice: float({ ...real, min: 0 }),
    quantity: int({ ...smallint, min: 1 }),
    discount: float({ ...real, min: 0, max: 1, default: 0, note: '0.25 is a quarter off.' }),
  },
  relations: { order: one('Order'), product: one('Product') },
  computed: { amount: decimal({ precision: 14, scale: 2 }) },
})

export const Shipper = entity('Shipper', {
  note: 'Who carries orders.',
  display: 'name',
  adopt: 'public.shippers',
  tenant: false,
  id: { column: 'shipper_id', type: 'int16' },
  fields: { name: string(varchar(40, 'company_name')), phone: string({ ...varchar(24), optional: true }) },
  relations: { orders: many('Order', { by: 'shipper' }) },
})

export const OrderFormulas = formulas(Order, {
  total: (o) => o.lines.sum((l) => l.amount),
  lineCount: (o) => o.lines.count(),
  daysLate: (o) => days(o.requiredOn, o.shippedOn),
  isLate: { daysLate: { over: 0 } },
})
export const OrderLineFormulas = formulas(OrderLine, {
  amount: (l) => times(times(decimalOf(l.unitPrice), l.quantity), minus(1, decimalOf(l.discount))),
})
