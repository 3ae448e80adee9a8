import { date, decimal, entity, formulas, int, many, one, string, text } from 'rowhouse/schema'
import { varchar } from './varchar.ts'

export const Customer = entity('Customer', {
  note: 'A company that buys from us.',
  display: 'name',
  adopt: 'public.customers',
  tenant: false,
  key: 'code',
  fields: {
    code: string({ ...varchar(5, 'customer_id'), matches: '[A-Z]{5}' }),
    name: string(varchar(40, 'company_name')),
    contactName: string({ ...varchar(30), optional: true }),
    contactTitle: string({ ...varchar(30), optional: true }),
    address: string({ ...varchar(60), optional: true }),
    city: string({ ...varchar(15), optional: true }),
    region: string({ ...varchar(15), optional: true }),
    postalCode: string({ ...varchar(10), optional: true }),
    country: string({ ...varchar(15), optional: true }),
    phone: string({ ...varchar(24), optional: true }),
    fax: string({ ...varchar(24), optional: true }),
  },
  relations: {
    orders: many('Order', { by: 'customer' }),
    segments: many('Segment', { through: 'CustomerSegment' }),
  },
  computed: { orderCount: int(), spent: decimal({ precision: 14, scale: 2 }), lastOrderedOn: date({ optional: true }) },
  sort: ['name'],
})

export const Segment = entity('Segment', {
  note: 'Customers that are alike.',
  adopt: 'public.customer_demographics',
  tenant: false,
  key: 'code',
  fields: {
    code: string(varchar(5, 'customer_type_id')),
    description: text({ optional: true, column: 'customer_desc' }),
  },
  relations: { customers: many('Customer', { through: 'CustomerSegment' }) },
})

export const CustomerSegment = entity('CustomerSegment', {
  note: 'A customer belongs to a segment.',
  adopt: 'public.customer_customer_demo',
  tenant: false,
  key: ['customer', 'segment'],
  fields: {},
  relations: { customer: one('Customer'), segment: one('Segment', { column: 'customer_type_id' }) },
})

export const CustomerFormulas = formulas(Customer, {
  orderCount: (c) => c.orders.count(),
  spent: (c) => c.orders.sum((o) => o.total),
  lastOrderedOn: (c) => c.orders.max((o) => o.orderedOn),
})
