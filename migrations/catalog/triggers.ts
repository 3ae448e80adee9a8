import { fitIdentifier, sql, toText } from '#base'
import { carriedColumnsOf, type ModelIndex, owner, privateRole, tableSql } from '#policies'
import { builtInField, type Entity, hasId, isHistory, isZoneless, keyColumnsOf, toOnesOf } from '#schema'
import type { Trigger } from './catalog.ts'
import { checksName, hasChecks } from './functions/adopted-functions.ts'
import { eventTriggers } from './functions/event-function.ts'
import { frozenTriggers } from './functions/frozen-function.ts'
import { guardName } from './functions/guard-function.ts'
import { guardedCommands, judgedUpdates, namedColumns, namingMatters } from './functions/guarded-commands.ts'
import { historyTriggers } from './functions/history-function.ts'
import { linkName } from './functions/link-function.ts'
import { orderedParts } from './functions/place.ts'
import { refillName, refillsOf } from './functions/refill-function.ts'
import { dropSecretsTriggers, keepSecretsTriggers } from './functions/secret-functions.ts'
import { treeName, treeOf } from './functions/tree-function.ts'
import { fillsOf, valuesName } from './functions/values-function.ts'
import { commitTriggers } from './stored/commit-rules.ts'
import { ownValuesTriggers, touchesStored } from './stored/own-values.ts'
import { spreadTriggers } from './stored/spread.ts'
import type { WritableColumn } from './writable-columns.ts'

/**
 * Triggers of an entity's table, in the order in which Postgres runs them. Link comes before guard: a rule that looks at the
 * target would answer otherwise for an absent one than for a hidden one. Guard and link stand aside for the table owner,
 * as which foreign keys cascade and loads run, and for the verb functions, which have decided already. The condition is
 * judged outside the definer function, where `current_user` is still whoever writes.
 */
export function triggersOf(entity: Entity, index: ModelIndex): readonly Trigger[] {
  // Nobody but the trigger of the changed row writes there.
  if (isHistory(entity)) return []
  const links = toOnesOf(entity).map((relation) => toText(sql.identifier(relation.column)))
  const link =
    links.length === 0 ? [] : [checked('rowhouse_1_link', `insert or update of ${links.join(', ')}`, linkName(entity))]
  const checks = hasChecks(entity) ? [checked('rowhouse_2_checks', 'insert or update', checksName(entity))] : []
  const values =
    fillsOf(entity, index).length === 0 ? [] : [{ name: 'rowhouse_1_values', definition: valuesCall(entity) }]
  const keep = entity.immutable
    ? [{ name: 'rowhouse_0_keep', definition: definition(entity, 'update', 'rowhouse.keep()') }]
    : []
  return [
    ...keep,
    ...keepSecretsTriggers(entity),
    ...link.map((make) => make(entity)),
    ...refillTriggers(entity, index),
    ...treeTriggers(entity),
    ...values,
    ...ownValuesTriggers(entity, index),
    ...checks.map((make) => make(entity)),
    ...namedColumns(entity, index).map((column) => namedTrigger(column, entity, index)),
    ...guardTriggers(entity, index),
    ...frozenTriggers(entity),
    ...touch(entity, index),
    { name: 'rowhouse_4_created', definition: definition(entity, 'insert', noteCreated(entity, index)) },
    ...eventTriggers(entity, index),
    ...historyTriggers(entity, index),
    ...dropSecretsTriggers(entity),
    ...spreadTriggers(entity, index),
    ...commitTriggers(entity, index),
  ]
}

/** Where the column has another name, or no zone, the trigger is told. */
function touch(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const field = builtInField(entity, 'updatedAt')
  if (field === null) return []
  const hasZone = !isZoneless(field)
  const told = [field.column, ...(hasZone ? [] : ['utc'])].map((each) => toText(sql.literal(each)))
  const isUsual = field.column === 'updated_at' && hasZone
  const call = `rowhouse.touch(${isUsual ? '' : told.join(', ')})`
  return [{ name: 'rowhouse_3_touch', definition: definition(entity, 'update', call, touchCondition(entity, index)) }]
}

function noteCreated(entity: Entity, index: ModelIndex): string {
  const columns = keyColumnsOf(entity, index.entities).map(({ column }) => column)
  const isUsual = hasId(entity) && columns[0] === 'id'
  const told = columns.map((column) => toText(sql.literal(column))).join(', ')
  return `rowhouse.note_created(${isUsual ? '' : told})`
}

const isCaller = `current_user not in ('${owner}', '${privateRole}')`
const byCaller = `when (${isCaller}) `

/** Updates that need no judging are told by a condition, which spares them the call; new rows have no old one to compare with. */
function guardTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const commands = guardedCommands(entity, index)
  if (commands.length === 0) return []
  const judged = commands.includes('update') ? judgedUpdates(entity, index) : null
  if (judged === null) return [checked('rowhouse_2_guard', commands.join(' or '), guardName(entity))(entity)]
  const call = `${toText(sql.identifier('rowhouse_private', guardName(entity)))}()`
  const when = `when (${isCaller} and ${toText(judged)}) `
  return [
    { name: 'rowhouse_2_guard', definition: definition(entity, 'update', call, when) },
    ...(commands.includes('insert') ? [checked('rowhouse_2_guard_new', 'insert', guardName(entity))(entity)] : []),
  ]
}

function checked(name: string, events: string, functionName: string): (entity: Entity) => Trigger {
  const call = `${toText(sql.identifier('rowhouse_private', functionName))}()`
  return (entity) => ({ name, definition: definition(entity, events, call, byCaller) })
}

/** Runs where an update names the column, also where it changes nothing; by its name before the guard. */
function namedTrigger(column: WritableColumn, entity: Entity, index: ModelIndex): Trigger {
  const events = `update of ${toText(sql.identifier(column.column))}`
  const call = `rowhouse.name_field(${toText(sql.literal(column.column))})`
  const matters = namingMatters(column, entity, index)
  const when = matters === null ? byCaller : `when (${isCaller} and ${toText(matters)}) `
  return {
    name: fitIdentifier(`rowhouse_2_field_${column.column}`),
    definition: definition(entity, events, call, when),
  }
}

/** After the link trigger: a copy is taken from targets that the caller may read. Before guard: rules judge the filled row. */
function valuesCall(entity: Entity): string {
  const call = `${toText(sql.identifier('rowhouse_private', valuesName(entity)))}()`
  return definition(entity, 'insert', call)
}

/** What hangs on to-one relations, when they change. */
function refillTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const columns = [...new Set(refillsOf(entity, index).map(({ column }) => toText(sql.identifier(column))))]
  if (columns.length === 0) return []
  const call = `${toText(sql.identifier('rowhouse_private', refillName(entity)))}()`
  return [{ name: 'rowhouse_1_refill', definition: definition(entity, `update of ${columns.join(', ')}`, call) }]
}

/** For everybody: loads as owner are held to it as well. */
function treeTriggers(entity: Entity): readonly Trigger[] {
  const relation = treeOf(entity)
  if (relation === null) return []
  const call = `${toText(sql.identifier('rowhouse_private', treeName(entity)))}()`
  const events = `insert or update of ${toText(sql.identifier(relation.column))}`
  return [{ name: 'rowhouse_1_tree', definition: definition(entity, events, call) }]
}

/** A change of nothing but what the database keeps by itself (another place, a copy that follows its original) is no change. */
function touchCondition(entity: Entity, index: ModelIndex): string {
  const same = (column: string) => {
    const name = toText(sql.identifier(column))
    return `old.${name} is not distinct from new.${name}`
  }
  const places = orderedParts(entity).map(({ position, column }) => ({ kept: position, link: column }))
  const copies = carriedColumnsOf(entity, index).map(({ column, hop }) => ({ kept: column, link: hop.column }))
  const stored = touchesStored(entity, index)
  const kept = [...[...places, ...copies].map((each) => each.kept), ...stored.kept]
  if (kept.length === 0) return ''
  const causes = [...new Set([...[...places, ...copies].map(({ link }) => link), ...stored.sources])]
  const changes = causes.map((column) => ` or not (${same(column)})`).join('')
  return `when ((${kept.map(same).join(' and ')})${changes}) `
}

function definition(entity: Entity, events: string, call: string, when = ''): string {
  const table = toText(tableSql(entity))
  return `before ${events} on ${table} for each row ${when}execute function ${call}`
}
