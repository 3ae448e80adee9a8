import type { Catalog, View } from '../catalog/catalog.ts'
import { ownSchemas } from '../read/live-catalog.ts'
import { fits } from '../reports/column-faults.ts'
import type { ViewFacts, ViewRead } from './read-view-facts.ts'

const otherKinds: Readonly<Record<string, string>> = {
  r: 'a table',
  p: 'a partitioned table',
  f: 'a foreign table',
}

/** Why a view cannot be fenced, would be open in spite of the fence, or is not what the model says; one line each. */
export function viewFaults(view: View, found: ViewFacts | null, { tables }: Catalog): readonly string[] {
  const name = `${view.schema}.${view.name}`
  if (found === null) return [`${name}: there is no such view`]
  const kind = otherKinds[found.kind]
  if (kind !== undefined) {
    const instead = found.kind === 'r' ? `; write adopt: '${name}'` : ''
    return [`${name}: is ${kind}, and the model says that it is a view${instead}`]
  }
  const isTable = (read: ViewRead) => tables.some((table) => table.schema === read.schema && table.name === read.name)
  return [
    ...rightFaults(found),
    ...doorFaults(found),
    ...found.reads.flatMap((read) => readFaults(read, found, isTable(read))),
    ...columnFaults(view, found),
  ].map((fault) => `${name}: ${fault}`)
}

function rightFaults(found: ViewFacts): readonly string[] {
  const { owner, migrator, schema } = found
  return [
    ...(found.may_grant
      ? []
      : [
          `belongs to "${owner}", and the migrator may let nobody read it; ` +
            `make "${migrator}" a member of that role, or grant it select with grant option`,
        ]),
    ...(found.may_open_schema
      ? []
      : [`the migrator may let nobody into schema "${schema}"; grant "${migrator}" usage on it with grant option`]),
  ]
}

/** What would lead past the fence. */
function doorFaults({ rights, views }: ViewFacts): readonly string[] {
  return [
    ...rights.map((right) => `${right}; revoke it, rights come from the rules of the model`),
    ...views.map((view) => `its rows are shown by view "${view}" past the fence; drop the view, or revoke it`),
  ]
}

/**
 * A view reads with the rights of its owner. Tables of entities are fenced for everybody, so an owner sees none of their rows; one that
 * row security does not hold for sees those of all tenants, which the fence pins.
 */
function readFaults(read: ViewRead, found: ViewFacts, isTable: boolean): readonly string[] {
  const { schema, name, reader } = read
  const at = `${schema}.${name}`
  if (read.invoker) {
    const isItself = schema === found.schema && name === found.name
    const what = isItself ? 'is security_invoker' : `reads view "${at}", which is security_invoker`
    return [`${what}: it asks for rights of each caller, which nobody has; set security_invoker to false`]
  }
  if (isTable && !read.reader_sees_all) {
    const why = `reads "${at}", a table of an entity, with the rights of "${reader}", who sees none of its rows`
    return [`${why}; say it as a report (sql: '….sql'), which sees the live rows of the tenant`]
  }
  if (isTable || !(ownSchemas as readonly string[]).includes(schema)) return []
  return [`reads "${at}", which belongs to Rowhouse; read tables instead`]
}

function columnFaults({ adopted }: View, found: ViewFacts): readonly string[] {
  return (adopted?.columns ?? []).flatMap(({ name, type }) => {
    const column = found.columns.find((each) => each.name === name)
    if (column === undefined) {
      const there = found.columns.map((each) => `"${each.name}"`).join(', ')
      return [`has no column "${name}" (${type}); it has ${there}`]
    }
    return fits(column.type, type) ? [] : [`column "${name}" is ${column.type}, and the model says ${type}`]
  })
}
