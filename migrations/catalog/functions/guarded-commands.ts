import { type Sql, sql, toText } from '#base'
import {
  allowing,
  allowsToSql,
  callerRole,
  guardedNames,
  inAudienceToSql,
  type ModelIndex,
  reservesOf,
} from '#policies'
import type { Entity, Rule } from '#schema'
import { updatable, type WritableColumn } from '../writable-columns.ts'
import { givesSomething } from './guard-presets.ts'
import { rowScope } from './guard-scope.ts'
import { changesOf, judgedColumns } from './judged-columns.ts'

/** What the guard of an entity must look at, because policies and grants cannot be exact there. */
export function guardedCommands(entity: Entity, index: ModelIndex): readonly ('insert' | 'update')[] {
  const scope = rowScope(entity, index, 'new')
  const creates = allowing('create', scope)
  const updates = allowing('update', scope)
  const narrowed = (rule: Rule): boolean => rule.fields !== null
  const isReserved = (verb: 'create' | 'update') => reservesOf(entity, verb, index).size > 0
  const isExact = updates.length === 0 || judgedColumns(entity, index)?.length === 0
  return [
    ...(creates.some(narrowed) || givesSomething(creates) || (creates.length > 0 && isReserved('create'))
      ? (['insert'] as const)
      : []),
    ...(updates.length > 0 && (!isExact || isReserved('update')) ? (['update'] as const) : []),
  ]
}

/** SQL that is true where an update must be judged, of the rows `old` and `new`; null where each one must. */
export function judgedUpdates(entity: Entity, index: ModelIndex): Sql | null {
  const columns = judgedColumns(entity, index)
  // Their owner changes types of columns as ever, which Postgres refuses of those that a trigger's condition names.
  if (columns === null || entity.source.kind !== 'table') return null
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  const isNamed = named.size === 0 ? [] : [sql`current_setting('rowhouse.named', true) <> ''`]
  return sql`(${sql.join([...changesOf(columns), ...isNamed], ' or ')})`
}

/**
 * Columns that count as changed when an update names them, whatever it says of them: those that are hidden from somebody, or an
 * update that succeeds would tell their value; and those that are reserved, so that the refusal can name them. Without those that every
 * rule of updates covers: whoever may write the row may name them.
 */
export function namedColumns(entity: Entity, index: ModelIndex): readonly WritableColumn[] {
  if (!guardedCommands(entity, index).includes('update')) return []
  const names = new Set([...guardedNames(entity, index), ...reservesOf(entity, 'update', index).keys()])
  return updatable(entity, index).filter(
    (column) =>
      names.has(column.name) && (isLeftOut(column, entity, index) || reservesFor(column, entity, index).length > 0),
  )
}

function isLeftOut({ name }: WritableColumn, entity: Entity, index: ModelIndex): boolean {
  const rules = allowing('update', rowScope(entity, index, 'new'))
  return rules.some(
    ({ fields, sets }) => fields?.includes(name) === false || sets.some((preset) => preset.name === name),
  )
}

function reservesFor({ name }: WritableColumn, entity: Entity, index: ModelIndex): readonly Rule[] {
  return reservesOf(entity, 'update', index).get(name) ?? []
}

/** SQL that is true where it matters to the guard that an update names the column; null where it always does. */
export function namingMatters(column: WritableColumn, entity: Entity, index: ModelIndex): Sql | null {
  if (isLeftOut(column, entity, index)) return null
  const scope = rowScope(entity, index, 'old')
  // Whoever has the role may write the column in every row.
  const free = reservesFor(column, entity, index).filter((rule) => toText(allowsToSql(rule, scope)) === 'true')
  if (free.length === 0) return null
  const held = free.map(({ audience }) => inAudienceToSql(audience, callerRole))
  return sql`(${sql.join(held, ' or ')}) is not true`
}
