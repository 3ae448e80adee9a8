import { type SeedRow, stableId } from 'rowhouse'
import { day, days, instant } from './calendar.ts'
import type { Chance } from './chance.ts'
import { type Plan, type UserName, userId } from './tenants.ts'

/** An order with its lines, and what they come to. */
export interface MadeOrder {
  readonly row: SeedRow
  readonly lines: readonly SeedRow[]
  readonly status: OrderStatus
  /** Number of the day that it was made on. */
  readonly madeOn: number
  readonly totalCents: number
}

type OrderStatus = 'draft' | 'placed' | 'approved' | 'shipped' | 'cancelled'

/** What orders are made of. */
export interface Stock {
  readonly customers: readonly SeedRow[]
  readonly products: readonly SeedRow[]
}

/** Orders of a tenant, oldest first, in the course of the calendar. */
export function makeOrders(plan: Plan, stock: Stock, chance: Chance): readonly MadeOrder[] {
  return Array.from({ length: plan.orders }, (_, index) => makeOrder(plan, { ...stock, index }, chance))
}

function makeOrder(plan: Plan, stock: Stock & { readonly index: number }, chance: Chance): MadeOrder {
  const number = `SO-${String(stock.index + 1).padStart(5, '0')}`
  const id = stableId(plan.slug, 'Order', number)
  const madeOn = Math.floor((stock.index * days) / plan.orders)
  const customer = chance.pick(stock.customers)
  const status = statusOf(days - madeOn, chance)
  const chosen = chance.some(stock.products, chance.between(1, 5))
  const lines = chosen.map((product, index) => makeLine({ plan, number, order: id, product, index, madeOn }, chance))
  const cents = lines.reduce((sum, line) => sum + Number(line.quantity) * toCents(String(line.unitPrice)), 0)
  const minutes = chance.between(7 * 60, 18 * 60)
  const row = {
    id,
    number,
    customer: customer.id!,
    placedBy: userId(chance.pick(staffOf(plan, customer))),
    status,
    wantedOn: day(madeOn + chance.between(3, 30)),
    notes: chance.percent(15) ? chance.pick(notes) : null,
    createdAt: instant(madeOn, minutes),
    updatedAt: instant(madeOn + (status === 'draft' ? 0 : 1), minutes),
  }
  return { row, lines, status, madeOn, totalCents: cents }
}

/** Old orders are done with; new ones are on their way. */
function statusOf(age: number, chance: Chance): OrderStatus {
  if (chance.percent(6)) return 'cancelled'
  if (age > 60) return 'shipped'
  if (age > 30) return chance.percent(70) ? 'shipped' : 'approved'
  if (age > 12) return chance.percent(60) ? 'approved' : 'placed'
  return chance.percent(55) ? 'placed' : 'draft'
}

/** Who works for the organisation that looks after the customer. */
function staffOf(plan: Plan, customer: SeedRow): readonly UserName[] {
  const owner = plan.organizations.find(
    ({ name }) => stableId(plan.slug, 'Organization', name) === customer.organization,
  )
  return Object.keys(owner?.members ?? {}) as UserName[]
}

interface LineOf {
  readonly plan: Plan
  readonly number: string
  readonly order: string
  readonly product: SeedRow
  readonly index: number
  readonly madeOn: number
}

function makeLine(of: LineOf, chance: Chance): SeedRow {
  return {
    id: stableId(of.plan.slug, 'OrderLine', of.number, String(of.index)),
    order: of.order,
    product: of.product.id!,
    quantity: chance.percent(70) ? chance.between(1, 4) : chance.between(5, 24),
    unitPrice: of.product.price!,
    createdAt: instant(of.madeOn, 19 * 60),
    updatedAt: instant(of.madeOn, 19 * 60),
  }
}

/** `12.50` from 1250. */
export function fromCents(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

function toCents(amount: string): number {
  return Number(amount.replace('.', ''))
}

const notes = [
  'Deliver to the back entrance.',
  'Call before delivery.',
  'No delivery on Mondays.',
  'Bring the old furniture away, please.',
  'Invoice to the head office.',
  'Third floor, there is a lift.',
] as const
