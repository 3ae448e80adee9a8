import { policy } from 'rowhouse/policies'
import { many, oneOf } from 'rowhouse/schema'
import { Order, Receipt } from '../schema/order.entity.ts'

// @ts-expect-error true, or leave it out
export const a = many('User', { link: false })
// @ts-expect-error the table belongs to a link
export const b = many('Order', { by: 'customer', linkTable: 'x' })
// @ts-expect-error one or the other
export const c = many('Order', { by: 'customer', link: true })
// @ts-expect-error a list
export const d = oneOf('Order')
// @ts-expect-error unknown target
export const e = oneOf(['Order', 'Prodct'])
// @ts-expect-error a required relation cannot be set to null
export const f = oneOf(['Order', 'Product'], { onDelete: 'setNull' })
// @ts-expect-error there is no default of several
export const g = oneOf(['Order', 'Product'], { default: 'actor' })
// @ts-expect-error the other side of a to-one is nothing that a row holds
export const h = policy(Order, { rule: { allow: 'sales', to: 'update', only: ['lines'] } })
// @ts-expect-error no such target
export const i = policy(Receipt, { rule: { allow: 'sales', to: 'read', where: { subject: { Order: {} } } } })
export const j = policy(Receipt, {
  rule: {
    allow: 'sales',
    to: 'read',
    where: {
      // @ts-expect-error no such field behind the target
      subject: { Product: { nmae: 'x' } },
    },
  },
})
// @ts-expect-error a link is no condition
export const k = policy(Receipt, { rule: { allow: 'sales', to: 'read', where: { followers: null } } })
