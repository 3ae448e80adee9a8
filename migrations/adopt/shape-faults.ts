import type { Table } from '../catalog/catalog.ts'
import { keyOf } from '../read/adopted-tables.ts'
import type { AdoptionFacts } from './read-adoption-facts.ts'

/** In which ways a table is not what the model says, one line each. `found` holds what the model speaks of. */
export function shapeFaults(table: Table, found: Table, facts: AdoptionFacts): readonly string[] {
  const faults = [
    ...table.columns.flatMap((column) => columnFaults(column, found)),
    ...keyFaults(table, found),
    ...uniqueFaults(table, facts),
    ...insertFaults(table, facts),
  ]
  return faults.map((fault) => `${table.schema}.${table.name}: ${fault}`)
}

function columnFaults(wanted: Table['columns'][number], found: Table): readonly string[] {
  const column = found.columns.find(({ name }) => name === wanted.name)
  if (column === undefined) return [`has no column "${wanted.name}"`]
  const types =
    column.type === wanted.type ? [] : [`column "${wanted.name}" is ${column.type}, and the model says ${wanted.type}`]
  if (column.notNull === wanted.notNull) return types
  const says = wanted.notNull
    ? `column "${wanted.name}" may be null, and the model says that it is required`
    : `column "${wanted.name}" is not null, and the model says that it is optional`
  return [...types, says]
}

function keyFaults(table: Table, found: Table): readonly string[] {
  return table.constraints.flatMap((one) => {
    const wanted = keyOf(one)
    if (wanted === null) return []
    const there = found.constraints.filter(({ name }) => name === wanted.name)
    if (there.some(({ definition }) => definition === wanted.definition)) return []
    const isPrimary = wanted.kind === 'primary'
    if (there.length === 0)
      return [isPrimary ? 'has no primary key' : `has no foreign ${wanted.name} to ${wanted.definition}`]
    const instead = there.map(({ definition }) => definition).join(' and ')
    return [
      isPrimary
        ? `its primary key is (${instead}), and the model says (${wanted.definition})`
        : `its foreign ${wanted.name} leads to ${instead}, and the model says ${wanted.definition}`,
    ]
  })
}

function uniqueFaults({ adopted }: Table, { unique }: AdoptionFacts): readonly string[] {
  return (adopted?.unique ?? [])
    .filter((wanted) => !unique.some((there) => there.every((column) => wanted.includes(column))))
    .map((wanted) => `nothing keeps (${wanted.join(', ')}) unique, and the model says it is`)
}

/** Only where some rule lets somebody make rows. */
function insertFaults({ adopted, grants }: Table, { columns }: AdoptionFacts): readonly string[] {
  if (!grants.some(({ privilege }) => privilege === 'insert')) return []
  const filled = new Set(adopted?.filled ?? [])
  return columns
    .filter(({ name, required, provided }) => required && !provided && !filled.has(name))
    .map(
      ({ name }) =>
        `no row can be made: column "${name}" is not null, has no default, and nobody gives it a value; allow no \`create\`, or say it in the model`,
    )
}
