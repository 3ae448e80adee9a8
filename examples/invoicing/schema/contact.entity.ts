import { boolean, choice, email, entity, one, phone, string } from 'rowhouse/schema'

export const Contact = entity('Contact', {
  note: 'Somebody to talk to at a customer.',
  display: 'name',
  fields: {
    name: string({ max: 120 }),
    email: email({ max: 254 }),
    phone: phone({ optional: true }),
    part: choice(['buyer', 'billing', 'shipping'], { default: 'buyer' }),
    newsletter: boolean({ default: false }),
  },
  relations: {
    customer: one('Customer', { readonly: true, onDelete: 'cascade', onRemove: 'cascade' }),
  },
  unique: [['customer', 'email']],
})
