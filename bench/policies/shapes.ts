/** List of 20, count, and one row by its id. */
const plain = ['list', 'count', 'id'] as const
/** What a reader allowed all of a guarded field does with it. */
const withField = [...plain, 'filter', 'sort', 'sum'] as const
export type Kind = (typeof withField)[number]

/** One shape of rule, by the name of its ratios. */
export interface Shape {
  /** The caller's; each set of roles is one of the database. */
  readonly roles: readonly string[]
  readonly mfa?: boolean
  readonly table: string
  /** What callers read and write instead, where fields are guarded. */
  readonly shown?: string
  readonly written?: string
  readonly columns: string
  readonly kinds: readonly Kind[]
  /** Whether the caller sees the same rows, however large its tenant is. */
  readonly isConstant?: true
  /** The column that an update writes, where some rule lets the caller. */
  readonly writes?: string
}

const order = { table: 'order', columns: 'id, number, note, status, total', kinds: plain }
const line = { table: 'order_line', columns: 'id, quantity, product', kinds: plain }
const document = { table: 'document', columns: 'id, title, confidential', kinds: plain }
const contract = { table: 'contract', columns: 'id, title, confidential', kinds: plain }
const invoice = {
  table: 'invoice',
  shown: 'invoice__shown',
  written: 'invoice__rows',
  columns: 'id, number, amount, margin',
  kinds: withField,
}

/** Shapes of rules, by the names of their ratios. */
export const shapes: Readonly<Record<string, Shape>> = {
  own: { roles: ['clerk'], ...order, isConstant: true, writes: 'note' },
  role: { roles: ['auditor'], ...order, writes: 'note' },
  team: { roles: ['agent'], ...order, isConstant: true, writes: 'note' },
  hops: { roles: ['seller'], ...line, isConstant: true, writes: 'product' },
  parent: { roles: ['viewer'], ...line, isConstant: true },
  few: { roles: ['inspector'], ...order, writes: 'note' },
  two: { roles: ['clerk', 'agent'], ...order, isConstant: true, writes: 'note' },
  deny: { roles: ['reader'], ...document, writes: 'title' },
  'deny-fact': { roles: ['reader'], ...contract, writes: 'title' },
  'deny-fact-met': { roles: ['reader'], mfa: true, ...contract },
  guarded: { roles: ['manager'], ...invoice, writes: 'margin' },
}

/** Any margin; some two in a thousand invoices have it. */
export const margin = 250

/** What the caller asks, whoever it is. */
export function questionOf(columns: string, from: string, kind: Kind): string {
  switch (kind) {
    case 'list':
      return `select ${columns} ${from} order by id desc limit 20`
    case 'count':
      return `select count(*) ${from}`
    case 'id':
      return `select ${columns} ${from} where id = $1`
    case 'filter':
      return `select ${columns} ${from} where margin = ${margin} order by id desc limit 20`
    case 'sort':
      return `select ${columns} ${from} order by margin desc, id desc limit 20`
    case 'sum':
      return `select sum(margin) as count ${from}`
  }
}
