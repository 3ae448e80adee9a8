import type { Condition, Model, Rule } from '#schema'
import * as m from '../../support/model.ts'

const mine = m.compare('team', 'in', m.actor('teams'))
/** Customers of the caller's teams, from an order. */
export const ours = m.path('customer', mine)

interface Given {
  /** What sellers see of payments; null: no rule. */
  readonly payments?: Condition | null
  readonly notes?: Condition
  readonly lines?: Condition
}

/** Payments of invoices of orders of customers of teams; notes that may hang on an order; lines inside of orders. */
export function tradeModel(given: Given = {}): Model {
  const { payments = m.path('invoice', m.path('order', ours)), notes, lines } = given
  const read = (title: string, where: Condition): Rule => m.allow(title, 'seller', ['read'], { where })
  const boss = m.allow('the boss does anything', 'boss', 'anything')
  return m.makeModel({
    entities: {
      Person: { tenant: false, fields: { name: m.text() } },
      Team: { fields: { name: m.text() } },
      Membership: { relations: { person: m.one('Person'), team: m.one('Team') } },
      Customer: { fields: { name: m.text() }, relations: { team: m.one('Team') } },
      Order: {
        fields: { title: m.text(), state: m.choice('draft', 'sent') },
        relations: { customer: m.one('Customer') },
      },
      Invoice: { fields: { title: m.text() }, relations: { order: m.one('Order') } },
      Payment: { fields: { amount: m.int() }, relations: { invoice: m.one('Invoice') } },
      Note: { fields: { title: m.text() }, relations: { order: m.one('Order', { optional: true }) } },
      Line: {
        fields: { amount: m.int() },
        relations: { order: m.one('Order', { onDelete: 'cascade', onRemove: 'cascade', part: true }) },
      },
    },
    roles: { boss: [], seller: [] },
    actor: {
      entity: 'Person',
      values: [m.reach('teams', { to: 'Team', via: 'Membership', as: 'person', toward: 'team' })],
    },
    policies: {
      Person: [boss],
      Team: [boss, m.allow('teams are known', 'seller', ['read'])],
      Membership: [boss],
      Customer: [boss],
      Order: [boss],
      Invoice: [boss, m.allow('invoices are known', 'seller', ['read'])],
      Payment: [
        boss,
        ...(payments === null
          ? []
          : [
              read('sellers see payments', payments),
              m.allow('sellers write payments', 'seller', ['create', 'update'], { where: payments }),
            ]),
      ],
      Note: notes === undefined ? [boss] : [boss, read('sellers see notes', notes)],
      Line: lines === undefined ? [boss] : [boss, read('sellers see lines', lines)],
    },
  })
}

/** Ids that speak: `uuid('a01')`. */
export function uuid(word: string): string {
  return `00000000-0000-7000-8000-${word.padStart(12, '0')}`
}

export const acme = uuid('acce')
export const globex = uuid('910b')
export const ann = uuid('a11')

/** In both tenants: two teams with a customer, an order, an invoice and a payment each; Ann is in the first team of each. */
export const rows = `
  insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
  insert into app.person (id, name) values ('${ann}', 'Ann');
  ${[acme, globex].map(rowsOf).join('\n')}`

function rowsOf(tenant: string): string {
  const id = (word: string, at: number) => `'${uuid(`${tenant.slice(-4)}${word}${at}`)}'`
  const into = (table: string, columns: string, values: (at: number) => string) =>
    `insert into app."${table}" (tenant_id, ${columns}) values ${[1, 2].map((at) => `('${tenant}', ${values(at)})`).join(', ')};`
  return [
    into('team', 'id, name', (at) => `${id('7', at)}, 'Team ${at}'`),
    `insert into app.membership (tenant_id, person_id, team_id) values ('${tenant}', '${ann}', ${id('7', 1)});`,
    into('customer', 'id, name, team_id', (at) => `${id('c', at)}, 'Customer ${at}', ${id('7', at)}`),
    into('order', 'id, title, state, customer_id', (at) => `${id('0', at)}, 'Order ${at}', 'draft', ${id('c', at)}`),
    into('invoice', 'id, title, order_id', (at) => `${id('1', at)}, 'Invoice ${at}', ${id('0', at)}`),
    into('payment', 'id, amount, invoice_id', (at) => `${id('b', at)}, ${at}, ${id('1', at)}`),
    into('line', 'id, amount, order_id', (at) => `${id('d', at)}, ${at}, ${id('0', at)}`),
    into('note', 'id, title, order_id', (at) => `${id('e', at)}, 'Note ${at}', ${id('0', at)}`),
  ].join('\n')
}

/** A row that {@link rows} makes. */
export function row(
  tenant: string,
  table: 'team' | 'customer' | 'order' | 'invoice' | 'payment' | 'line' | 'note',
  at: 1 | 2,
): string {
  const words = { team: '7', customer: 'c', order: '0', invoice: '1', payment: 'b', line: 'd', note: 'e' }
  return uuid(`${tenant.slice(-4)}${words[table]}${at}`)
}
