import type { SeedRow } from 'rowhouse'
import { type Chance, chance } from './chance.ts'
import { isBilled, type MadeInvoice, makeInvoice } from './invoices.ts'
import { type MadeOrder, makeOrder, type Stock } from './orders.ts'
import type { Plan } from './tenants.ts'

/** What a tenant has beyond the orders of its plan. */
export interface More {
  readonly plan: Plan
  readonly stock: Stock
  readonly scale: number
  /** How many of the orders of the plan have an invoice. */
  readonly billed: number
}

/** The orders beyond those of the plan, one by one. Each has a chance of its own, so that it is the same whenever it is made. */
export function* moreOrders({ plan, stock, scale }: More): Iterable<MadeOrder> {
  for (let index = plan.orders; index < plan.orders * scale; index++) {
    yield makeOrder(plan, { ...stock, index }, chanceOf(plan, index * 2))
  }
}

/** The invoices of {@link moreOrders}. */
export function* moreInvoices(more: More): Iterable<MadeInvoice> {
  const { plan } = more
  let index = more.billed
  for (const order of moreOrders(more)) {
    if (isBilled(order)) yield makeInvoice({ plan, order, index }, chanceOf(plan, index * 2 + 1))
    index += isBilled(order) ? 1 : 0
  }
}

/** Rows of what is there, then of what is made on the way: never all of them at once. */
export function* rowsOf<T>(
  held: readonly T[],
  more: () => Iterable<T>,
  rows: (made: T) => readonly SeedRow[],
): Iterable<SeedRow> {
  for (const made of held) yield* rows(made)
  for (const made of more()) yield* rows(made)
}

function chanceOf({ chance: start }: Plan, number: number): Chance {
  return chance(Math.imul(start * 0x10001 + number, 0x9e3779b1))
}
