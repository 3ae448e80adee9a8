import { type SeedRow, stableId } from 'rowhouse'
import { day, days, instant } from './calendar.ts'
import type { Chance } from './chance.ts'
import { fromCents, type MadeOrder } from './orders.ts'
import type { Plan } from './tenants.ts'

/** An invoice with its payments. Rows are made when they are asked for. */
export interface MadeInvoice {
  readonly row: () => SeedRow
  readonly payments: () => readonly SeedRow[]
}

type InvoiceStatus = 'draft' | 'sent' | 'paid' | 'void'

/** Invoices of approved and shipped orders, in order of their numbers; payments of a paid one add up to its amount. */
export function makeInvoices(plan: Plan, orders: readonly MadeOrder[], chance: Chance): readonly MadeInvoice[] {
  return orders.filter(isBilled).map((order, index) => makeInvoice({ plan, order, index }, chance))
}

/** Whether there is an invoice for the order. */
export function isBilled({ status }: MadeOrder): boolean {
  return status === 'shipped' || status === 'approved'
}

interface InvoiceOf {
  readonly plan: Plan
  readonly order: MadeOrder
  readonly index: number
}

/** An invoice by its index among those of the tenant. */
export function makeInvoice({ plan, order, index }: InvoiceOf, chance: Chance): MadeInvoice {
  const number = `INV-${String(index + 1).padStart(5, '0')}`
  const id = () => stableId(plan.slug, 'Invoice', number)
  const issuedOn = order.madeOn + chance.between(2, 6)
  const status = statusOf(order, chance)
  const row = () => ({
    id: id(),
    number,
    order: order.id(),
    status,
    currency: order.currency,
    amount: fromCents(order.totalCents),
    dueOn: status === 'draft' ? null : day(issuedOn + 30),
    issuedAt: instant(issuedOn, 10 * 60),
    createdAt: instant(issuedOn, 9 * 60),
    updatedAt: instant(issuedOn, 10 * 60),
  })
  const parts = paidParts(status, order.totalCents, chance)
  const received = parts.map((cents, part) => ({
    cents,
    on: Math.min(issuedOn + chance.between(5, 40) + part * 10, days + 10),
    method: chance.pick(['transfer', 'transfer', 'transfer', 'card']),
  }))
  const payments = () =>
    received.map(({ cents, on, method }, part) => ({
      id: stableId(plan.slug, 'Payment', number, String(part)),
      invoice: id(),
      method,
      reference: `${number} ${plan.name}`,
      amount: fromCents(cents),
      receivedAt: instant(on, 11 * 60),
      createdAt: instant(on, 12 * 60),
      updatedAt: instant(on, 12 * 60),
    }))
  return { row, payments }
}

function statusOf(order: MadeOrder, chance: Chance): InvoiceStatus {
  if (order.status === 'approved') return 'draft'
  if (chance.percent(3)) return 'void'
  return days - order.madeOn > 130 ? (chance.percent(94) ? 'paid' : 'sent') : chance.percent(40) ? 'paid' : 'sent'
}

/** Whole sums mostly; some pay in two parts, and a few have paid one part only. */
function paidParts(status: InvoiceStatus, cents: number, chance: Chance): readonly number[] {
  const half = Math.floor(cents / 2)
  if (status === 'sent') return chance.percent(10) ? [half] : []
  if (status !== 'paid') return []
  return chance.percent(12) ? [half, cents - half] : [cents]
}
