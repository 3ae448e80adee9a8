import { embedType, string } from 'rowhouse/schema'

export const address = embedType('Address', {
  street: string({ max: 70 }),
  city: string({ max: 40 }),
  state: string({ max: 40, optional: true }),
  country: string({ max: 40 }),
  postalCode: string({ max: 10, optional: true }),
})
