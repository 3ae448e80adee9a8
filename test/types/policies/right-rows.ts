import type { Bytes, Clock, Day, Decimal, Id, Json, Money, Row, VerbOf } from 'rowhouse/schema'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const order = null as unknown as Row<'Order'>
const product = null as unknown as Row<'Product'>

/** Each line is a claim that the compiler checks. */
export const rows: readonly true[] = [
  true satisfies Same<typeof order.id, Id<'Order'>>,
  true satisfies Same<typeof order.number, string>,
  true satisfies Same<typeof order.wantedOn, Day | null>,
  true satisfies Same<typeof order.margin, Money>,
  true satisfies Same<typeof order.status, 'draft' | 'placed' | 'approved'>,
  true satisfies Same<typeof order.customerId, Id<'Customer'>>,
  true satisfies Same<typeof order.approvedById, Id<'User'> | null>,
  true satisfies Same<typeof order.deletedAt, Date | null>,
  true satisfies Same<typeof product.barcode, bigint>,
  true satisfies Same<typeof product.factor, Decimal>,
  true satisfies Same<typeof product.opensAt, Clock>,
  true satisfies Same<typeof product.tags, readonly string[]>,
  true satisfies Same<typeof product.prices, readonly Money[] | null>,
  true satisfies Same<typeof product.origin.street, string>,
  true satisfies Same<typeof product.origin.since, Day | null>,
  true satisfies Same<NonNullable<typeof product.stops>[number]['at'], readonly number[]>,
  true satisfies Same<NonNullable<typeof product.extra>[string], Json>,
  true satisfies Same<(typeof product.counts)[string], number>,
  true satisfies Same<typeof product.seal, Bytes | null>,
  true satisfies Same<typeof product.kind, 'good' | 'service'>,
  true satisfies Same<typeof product.weight, number | null>,
  true satisfies Same<typeof product.phone, string>,
  true satisfies Same<
    VerbOf<'Order'>,
    'read' | 'create' | 'update' | 'remove' | 'restore' | 'delete' | 'place' | 'approve' | 'remind' | 'copy'
  >,
  true satisfies Same<VerbOf<'Product'>, 'read' | 'create' | 'update' | 'remove' | 'restore' | 'delete'>,
]
