import type { Constraint, Table } from '../catalog/catalog.ts'

/**
 * Of tables that were there before only what the model speaks of: its columns without their defaults, the primary key and the
 * keys of its relations by what they say, not by their names. Rights, policies and triggers are all of them there. `wanted` are
 * the generated tables.
 */
export function leaveAlone(tables: readonly Table[], wanted: readonly Table[]): readonly Table[] {
  const byName = new Map(wanted.map((table) => [nameOf(table), table]))
  return tables.map((table) => {
    const said = byName.get(nameOf(table))
    return said === undefined ? table : reduced(table, said)
  })
}

function nameOf({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}

function reduced(table: Table, said: Table): Table {
  const columns = new Set(said.columns.map(({ name }) => name))
  const links = new Set(said.constraints.map((one) => keyOf(one)?.name))
  return {
    ...table,
    comment: null,
    columns: table.columns
      .filter(({ name }) => columns.has(name))
      .map(({ name, type, notNull }) => ({ name, type, notNull, default: null, comment: null }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    constraints: table.constraints.flatMap((one) => {
      const key = keyOf(one)
      return key !== null && (key.kind === 'primary' || links.has(key.name)) ? [key] : []
    }),
    indexes: [],
    triggers: table.triggers.filter(({ name }) => !(said.adopted?.triggers ?? []).includes(name)),
  }
}

/** A key by what it says; null for anything else. */
export function keyOf({ kind, definition }: Pick<Constraint, 'kind' | 'definition'>): Constraint | null {
  if (kind === 'primary') return { name: 'the primary key', kind, definition: columnsOf(definition).join(', ') }
  const match = /^foreign key \((.*?)\) references (.*?) ?\((.*?)\)(.*)$/is.exec(definition)
  if (kind !== 'foreign' || match === null) return null
  const [, from = '', table = '', to = '', rest = ''] = match
  const target = `${table.replaceAll('"', '')} (${listed(to)})${actionOf(rest)}`
  return { name: `key (${listed(from)})`, kind, definition: target }
}

function columnsOf(definition: string): readonly string[] {
  return listed(/\((.*)\)/s.exec(definition)?.[1] ?? '').split(', ')
}

function listed(columns: string): string {
  return columns
    .split(',')
    .map((column) => column.trim().replaceAll('"', ''))
    .join(', ')
}

/** `no action` and `restrict` refuse alike; of `set null` the columns go without saying. */
function actionOf(rest: string): string {
  const action = /on delete (cascade|set null|set default)/i.exec(rest)?.[1]
  return action === undefined ? '' : ` on delete ${action.toLowerCase()}`
}
