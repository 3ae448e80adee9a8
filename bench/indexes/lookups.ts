/** A role of the app `wholesale` and a request that finds few of many rows. */
export interface Lookup {
  readonly name: string
  readonly role: string
  /** GraphQL; `$order`, `$line`, `$document` and `$ids` are ids of rows that the role sees. */
  readonly query: string
}

/** By id, to-one and to-many, under every kind of rule that the app has. */
export const lookups: readonly Lookup[] = [
  ...(['auditor', 'clerk', 'agent', 'viewer'] as const).flatMap((role) => [
    lookup('by id', role, 'query ($order: UUID!) { order(id: $order) { number note } }'),
    lookup('by ids', role, 'query ($ids: [UUID!]) { orders(filter: { id: { in: $ids } }) { nodes { number } } }'),
  ]),
  ...(['auditor', 'viewer'] as const).map((role) =>
    lookup(
      'to-many',
      role,
      '{ orders(first: 20, orderBy: [ID_DESC]) { nodes { number lines { nodes { product } } } } }',
    ),
  ),
  ...(['auditor', 'seller', 'viewer'] as const).map((role) =>
    lookup('line by id', role, 'query ($line: UUID!) { orderLine(id: $line) { product } }'),
  ),
  ...(['auditor', 'viewer'] as const).map((role) =>
    lookup(
      'to-one',
      role,
      '{ orderLines(first: 20, orderBy: [ID_DESC]) { nodes { product order { number placedBy { name } } } } }',
    ),
  ),
  lookup('by id', 'reader', 'query ($document: UUID!) { document(id: $document) { title } }'),
]

function lookup(what: string, role: string, query: string): Lookup {
  return { name: `${what}/${role}`, role, query }
}

/** Rows for a list of ids, as the executor asks for what many rows lead to where it cannot join. */
export interface ListLookup {
  readonly name: string
  readonly role: string
  readonly text: string
}

/** To-one and to-many by the ids of twenty orders, for whoever sees all and for whoever sees few. */
export const listLookups: readonly ListLookup[] = (['auditor', 'viewer'] as const).flatMap((role) => [
  { name: `list, to-one/${role}`, role, text: listText('"order"', 'id', 'number') },
  { name: `list, to-many/${role}`, role, text: listText('"order_line"', 'order_id', 'product') },
])

function listText(table: string, by: string, shown: string): string {
  return `select __result__.*
from (select ids.ordinality - 1 as idx, (ids.value->>0)::"uuid" as "id0" from json_array_elements($1::json) with ordinality as ids) as __identifiers__,
lateral (select __t__."${shown}"::text as "0", __identifiers__.idx as "1" from "app".${table} as __t__ where (__t__."${by}" = __identifiers__."id0")) as __result__;`
}

/** What a plan says of one of its steps. */
export interface PlanStep {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly PlanStep[]
}

const large = ['customer', 'order', 'order_line', 'document']

/** Large tables of the app that a plan goes through whole. */
export function scannedTables(step: PlanStep): readonly string[] {
  const table = step['Relation Name'] ?? ''
  const own = step['Node Type'].includes('Seq Scan') && large.includes(table) ? [table] : []
  return [...own, ...(step.Plans ?? []).flatMap(scannedTables)]
}
