import { fitIdentifier, snakeCase, sql, toText } from '#base'
import { type ModelIndex, owner, tableSql } from '#policies'
import { type Entity, objectName, stateColumns } from '#schema'
import type { Constraint, DatabaseFunction, Trigger } from '../catalog.ts'
import { privateFunction } from './private-function.ts'
import { raise } from './raise.ts'

/** Tells the server that the detail beside it is a state, which keeps the column as it is. */
export const frozenMessage = 'a state freezes this'

interface FrozenColumn {
  readonly column: string
  readonly state: string
}

function frozenColumns(entity: Entity): readonly FrozenColumn[] {
  return (entity.lifecycle?.states ?? []).flatMap(({ value, freezes = [] }) =>
    freezes.flatMap((name) => stateColumns(entity, name).map((column) => ({ column, state: value }))),
  )
}

function isChanged({ column, state }: FrozenColumn): string {
  const name = toText(sql.identifier(column))
  return `old."status" = ${toText(sql.literal(state))} and old.${name} is distinct from new.${name}`
}

function frozenName(entity: Entity): string {
  return fitIdentifier(`frozen_${objectName(entity)}`)
}

/** Trigger functions that keep what states freeze. */
export function frozenFunctions(entity: Entity, _index: ModelIndex): readonly DatabaseFunction[] {
  const columns = frozenColumns(entity)
  if (columns.length === 0) return []
  const body = [
    'begin',
    ...columns.flatMap((each) => [
      `  if ${isChanged(each)} then`,
      `    ${raise({
        state: '23514',
        message: frozenMessage,
        facts: { schema: entity.schema, table: entity.table, column: each.column, detail: each.state },
      })}`,
      '  end if;',
    ]),
    '  return new;',
    'end',
  ].join('\n')
  return [
    privateFunction({
      name: frozenName(entity),
      returns: 'trigger',
      language: 'plpgsql',
      volatility: 'volatile',
      body,
      execute: [':OWNER'],
      comment: `What states of ${entity.name} freeze stays as it is.`,
    }),
  ]
}

/**
 * Behind the guard, so that whom no rule allows the change is told that first. Foreign keys cascade and loads run as the owner; a transition may give numbers
 * to what its old state froze.
 */
export function frozenTriggers(entity: Entity): readonly Trigger[] {
  const columns = frozenColumns(entity)
  if (columns.length === 0) return []
  const call = `${toText(sql.identifier('rowhouse_private', frozenName(entity)))}()`
  const changed = columns.map((each) => `(${isChanged(each)})`).join(' or ')
  const when = `current_user <> '${owner}' and old."status" = new."status" and (${changed})`
  const definition = `before update on ${toText(tableSql(entity))} for each row when (${when}) execute function ${call}`
  return [{ name: 'rowhouse_3_frozen', definition }]
}

/** Name of the check behind what a state requires. Two underscores, so that it is no field's. */
export function requiredCheckName(entity: Entity, state: string): string {
  return fitIdentifier(`${entity.table}__${snakeCase(state).replaceAll(/\W/g, '_')}_state_check`)
}

/** In a state that requires something it is there, whoever writes. */
export function requiredChecks(entity: Entity): readonly Constraint[] {
  return (entity.lifecycle?.states ?? []).flatMap(({ value, requires = [] }) => {
    if (requires.length === 0) return []
    const tests = requires.map((name) => isGiven(entity, name, '')).join(' and ')
    const definition = `check ("status" <> ${toText(sql.literal(value))} or ${requires.length === 1 ? tests : `(${tests})`})`
    return [{ name: requiredCheckName(entity, value), kind: 'check' as const, definition }]
  })
}

/** SQL that is true where a row has a value. @param row how its columns are named: `target.` */
export function isGiven(entity: Entity, name: string, row: string): string {
  const columns = stateColumns(entity, name).map((column) => `${row}${toText(sql.identifier(column))}`)
  return columns.length === 1 ? `${columns[0]} is not null` : `num_nonnulls(${columns.join(', ')}) > 0`
}
