import { everyoneExcept, policy } from 'rowhouse/policies'
import { Order } from '../schema/order.entity.ts'

export const P = policy(Order, {
  // @ts-expect-error unknown role
  'everyone except an unknown role': { deny: everyoneExcept('admn'), to: 'read' },
  // @ts-expect-error without an exception it is everyone
  'everyone except nobody': { deny: everyoneExcept(), to: 'read' },
  // @ts-expect-error it is called
  'everyone except, uncalled': { deny: everyoneExcept, to: 'read' },
})
