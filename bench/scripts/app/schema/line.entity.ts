import { entity, int, string } from 'rowhouse/schema'

const fields = {
  product: string({ max: 80 }),
  quantity: int({ default: 1 }),
  discount: string({ optional: true, max: 10 }),
}

/** Written as it is. */
export const PlainLine = entity('PlainLine', { tenant: false, fields })

/** The same, behind a script. */
export const HookedLine = entity('HookedLine', { tenant: false, fields, hooks: { beforeCreate: 'scripts/discount' } })
