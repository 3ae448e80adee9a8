/** List of 20, count, and one row by its id. */
export const kinds = ['list', 'count', 'id'] as const
export type Kind = (typeof kinds)[number]

/** One shape of rule, by the name of its ratios. */
export interface Shape {
  /** The caller's; each set of roles is one of the database. */
  readonly roles: readonly string[]
  readonly table: string
  readonly columns: string
  /** Whether the caller sees the same rows, however large its tenant is. */
  readonly isConstant: boolean
}

const order = { table: 'order', columns: 'id, number, note, status, total' }
const line = { table: 'order_line', columns: 'id, quantity, product' }
const document = { table: 'document', columns: 'id, title, confidential' }

/** Shapes of rules, by the names of their ratios. */
export const shapes: Readonly<Record<string, Shape>> = {
  own: { roles: ['clerk'], ...order, isConstant: true },
  role: { roles: ['auditor'], ...order, isConstant: false },
  team: { roles: ['agent'], ...order, isConstant: true },
  hops: { roles: ['seller'], ...line, isConstant: true },
  parent: { roles: ['viewer'], ...line, isConstant: true },
  few: { roles: ['inspector'], ...order, isConstant: false },
  two: { roles: ['clerk', 'agent'], ...order, isConstant: true },
  deny: { roles: ['reader'], ...document, isConstant: false },
}

/** What the caller asks, whoever it is. */
export function questionOf({ table, columns }: Shape, kind: Kind): string {
  const from = `from app."${table}"`
  if (kind === 'count') return `select count(*) ${from}`
  return `select ${columns} ${from} ${kind === 'list' ? 'order by id desc limit 20' : 'where id = $1'}`
}
