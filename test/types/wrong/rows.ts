import type { Id, Row } from 'rowhouse/schema'

const order = null as unknown as Row<'Order'>
// @ts-expect-error there may be none
export const a: Id<'User'> = order.approvedById
// @ts-expect-error ids of two entities
export const b: Id<'User'> = order.customerId
// @ts-expect-error a day is no instant
export const c: Date | null = order.wantedOn
// @ts-expect-error money is no number
export const d: number = order.margin
// @ts-expect-error money is no decimal
export const e: Row<'Product'>['factor'] = order.margin
// @ts-expect-error unknown field
export const f = order.nmber
// @ts-expect-error other rows hold it
export const g = order.linesId
