import { sql, toText } from '#base'
import { type ModelIndex, owner, privateRole, toOnesOf } from '#policies'
import type { Entity } from '#schema'
import type { Trigger } from './catalog.ts'
import { guardedCommands, guardName } from './functions/guard-function.ts'
import { linkName } from './functions/link-function.ts'
import { fillsOf, valuesName } from './functions/values-function.ts'

/**
 * Triggers of an entity's table, in the order in which Postgres runs them. Link comes before guard: a rule that looks at the
 * target would answer otherwise for an absent one than for a hidden one. Guard and link stand aside for the table owner,
 * as which foreign keys cascade and loads run, and for the verb functions, which have decided already. The condition is
 * judged outside the definer function, where `current_user` is still whoever writes.
 */
export function triggersOf(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const guarded = guardedCommands(entity, index)
  const links = toOnesOf(entity).map((relation) => toText(sql.identifier(relation.column)))
  const guard = guarded.length === 0 ? [] : [checked('rowhouse_2_guard', guarded.join(' or '), guardName(entity))]
  const link =
    links.length === 0 ? [] : [checked('rowhouse_1_link', `insert or update of ${links.join(', ')}`, linkName(entity))]
  const values =
    fillsOf(entity, index).length === 0 ? [] : [{ name: 'rowhouse_1_values', definition: valuesCall(entity) }]
  const keep = entity.immutable
    ? [{ name: 'rowhouse_0_keep', definition: definition(entity, 'update', 'rowhouse.keep()') }]
    : []
  return [
    ...keep,
    ...link.map((make) => make(entity)),
    ...values,
    ...guard.map((make) => make(entity)),
    { name: 'rowhouse_3_touch', definition: definition(entity, 'update', 'rowhouse.touch()') },
    { name: 'rowhouse_4_created', definition: definition(entity, 'insert', 'rowhouse.note_created()') },
  ]
}

const byCaller = `when (current_user not in ('${owner}', '${privateRole}')) `

function checked(name: string, events: string, functionName: string): (entity: Entity) => Trigger {
  const call = `${toText(sql.identifier('rowhouse_private', functionName))}()`
  return (entity) => ({ name, definition: definition(entity, events, call, byCaller) })
}

/** After the link trigger: a copy is taken from targets that the caller may read. Before guard: rules judge the filled row. */
function valuesCall(entity: Entity): string {
  const call = `${toText(sql.identifier('rowhouse_private', valuesName(entity)))}()`
  return definition(entity, 'insert', call)
}

function definition(entity: Entity, events: string, call: string, when = ''): string {
  const table = toText(sql.identifier('app', entity.table))
  return `before ${events} on ${table} for each row ${when}execute function ${call}`
}
