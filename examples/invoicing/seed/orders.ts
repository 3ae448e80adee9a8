import { type SeedRow, stableId } from 'rowhouse'
import { day, days, instant } from './calendar.ts'
import type { Chance } from './chance.ts'
import { type Plan, type UserName, userId } from './tenants.ts'

/** An order with its lines, and what they come to. Rows are made when they are asked for. */
export interface MadeOrder {
  readonly id: () => string
  readonly row: () => SeedRow
  readonly lines: () => readonly SeedRow[]
  readonly status: OrderStatus
  /** Number of the day that it was made on. */
  readonly madeOn: number
  readonly currency: Currency
  readonly totalCents: number
}

type Currency = 'EUR' | 'USD'

type OrderStatus = 'draft' | 'quoted' | 'placed' | 'approved' | 'shipped' | 'cancelled'

/** What orders are made of. */
export interface Stock {
  readonly customers: readonly SeedRow[]
  readonly products: readonly SeedRow[]
}

/** Orders of a tenant, oldest first, in the course of the calendar. */
export function makeOrders(plan: Plan, stock: Stock, chance: Chance): readonly MadeOrder[] {
  return Array.from({ length: plan.orders }, (_, index) => makeOrder(plan, { ...stock, index }, chance))
}

/** An order by its index, of which those behind the last begin the calendar again. */
export function makeOrder(plan: Plan, stock: Stock & { readonly index: number }, chance: Chance): MadeOrder {
  const number = `SO-${String(stock.index + 1).padStart(5, '0')}`
  const id = () => stableId(plan.slug, 'Order', number)
  const madeOn = Math.floor(((stock.index % plan.orders) * days) / plan.orders)
  const customer = chance.pick(stock.customers)
  const begun = statusOf(days - madeOn, chance)
  const currency = currencyOf[customer.region as string] ?? 'EUR'
  const chosen = chance.some(stock.products, chance.between(1, 5))
  const lines = chosen.map((product) => drawLine(product, currency, chance))
  const cents = lines.reduce((sum, line) => sum + lineCents(line), 0)
  const wanted = madeOn + chance.between(3, 30)
  const minutes = chance.between(7 * 60, 18 * 60)
  const placedBy = chance.pick(staffOf(plan, customer))
  const wantedOn = begun === 'draft' && chance.percent(40) ? null : wanted
  // Of the drafts that say when they are wanted, each third is before its customer.
  const status = begun === 'draft' && wantedOn !== null && stock.index % 3 === 0 ? 'quoted' : begun
  const promisedOn = status === 'approved' || status === 'shipped' ? wanted + chance.between(0, 5) : null
  const margin = chance.percent(70) ? fromCents(Math.round((cents * chance.between(12, 34)) / 100)) : null
  const note = chance.percent(15) ? chance.pick(notes) : null
  const row = () => ({
    id: id(),
    number,
    customer: customer.id!,
    placedBy: userId(placedBy),
    status,
    quotedUntil: status === 'quoted' ? day(madeOn + 45) : null,
    wantedOn: wantedOn === null ? null : day(wantedOn),
    promisedOn: promisedOn === null ? null : day(promisedOn),
    currency,
    margin,
    notes: note,
    createdAt: instant(madeOn, minutes),
    updatedAt: instant(madeOn + (begun === 'draft' ? 0 : 1), minutes),
  })
  const lineRows = () => lines.map((line, index) => makeLine(line, { plan, number, order: id(), index, madeOn }))
  return { id, row, lines: lineRows, status, madeOn, currency, totalCents: cents }
}

/** Old orders are done with; new ones are on their way. */
function statusOf(age: number, chance: Chance): OrderStatus {
  if (chance.percent(6)) return 'cancelled'
  if (age > 120) return 'shipped'
  if (age > 60) return chance.percent(70) ? 'shipped' : 'approved'
  if (age > 30) return chance.percent(60) ? 'approved' : 'placed'
  return chance.percent(50) ? 'placed' : 'draft'
}

/** Who works for the organisation that looks after the customer. */
function staffOf(plan: Plan, customer: SeedRow): readonly UserName[] {
  staff.set(plan, staff.get(plan) ?? staffByOrganization(plan))
  return staff.get(plan)!.get(customer.organization as string) ?? []
}

const staff = new Map<Plan, ReadonlyMap<string, readonly UserName[]>>()

function staffByOrganization({ slug, organizations }: Plan): ReadonlyMap<string, readonly UserName[]> {
  return new Map(
    organizations.map(({ name, members }) => [
      stableId(slug, 'Organization', name),
      Object.keys(members) as UserName[],
    ]),
  )
}

/** What a line is about. */
interface DrawnLine {
  readonly product: SeedRow
  readonly quantity: number
  readonly unitPrice: string
  readonly discount: string
}

function drawLine(product: SeedRow, currency: Currency, chance: Chance): DrawnLine {
  return {
    product,
    quantity: chance.percent(70) ? chance.between(1, 4) : chance.between(5, 24),
    unitPrice: priceIn(currency, product.price as string),
    discount: chance.percent(80) ? '0.000' : chance.pick(['0.050', '0.100', '0.150']),
  }
}

interface LineOf {
  readonly plan: Plan
  readonly number: string
  readonly order: string
  readonly index: number
  readonly madeOn: number
}

function makeLine({ product, ...drawn }: DrawnLine, of: LineOf): SeedRow {
  return {
    id: stableId(of.plan.slug, 'OrderLine', of.number, String(of.index)),
    order: of.order,
    product: product.id!,
    ...drawn,
    createdAt: instant(of.madeOn, 19 * 60),
    updatedAt: instant(of.madeOn, 19 * 60),
  }
}

const currencyOf: Readonly<Record<string, Currency>> = { eu: 'EUR', us: 'USD', apac: 'USD' }

/** The price list is in euros; a dollar price is 8 % more. */
function priceIn(currency: Currency, price: string): string {
  return currency === 'EUR' ? price : fromCents(Math.round((toCents(price) * 108) / 100))
}

function lineCents(line: DrawnLine): number {
  const full = line.quantity * toCents(line.unitPrice)
  const thousandths = 1000 - Number(line.discount.replace('.', ''))
  return Math.round((full * thousandths) / 1000)
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
