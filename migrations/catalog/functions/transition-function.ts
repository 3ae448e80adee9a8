import { fitIdentifier, snakeCase, sql, toText } from '#base'
import {
  allowing,
  audienceRoles,
  conditionToSql,
  flagsOfComputed,
  guardedNames,
  idColumnOf,
  liveSql,
  type ModelIndex,
  namedRow,
  type Scope,
  tableSql,
} from '#policies'
import {
  type Condition,
  doneBy,
  type Entity,
  namesIn,
  objectName,
  type ToOne,
  type Transition,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { writtenEvents } from '../events.ts'
import { rowOf, transitionsOf } from '../histories.ts'
import { isGiven } from './frozen-function.ts'
import { findPerson } from './history-function.ts'
import { numbersOn, transitionNumberFills } from './number-fill.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { tableName } from './raise.ts'
import { callerLine, decide, isRow, lockRow, refuseStale, unchangedOption, verbScope } from './verb-body.ts'

/** Characters that the note of a transition may have. */
export const maxTransitionNote = 2_000

/** Name of the function that carries out a transition. Two underscores: no entity and verb come to the name of another two. */
export function transitionName(entity: Entity, verb: string): string {
  return fitIdentifier(`act_${snakeCase(verb)}__${objectName(entity)}`)
}

/** Transitions that some rule allows to somebody; nobody could use the others. */
export function grantedTransitions(entity: Entity, index: ModelIndex): readonly Transition[] {
  if (transitionsOf(entity, index) === null) return []
  return (entity.lifecycle?.transitions ?? []).filter(({ name }) => allowing(name, verbScope(entity, index)).length > 0)
}

/** Columns that transitions write. */
export function transitionColumns(entity: Entity, index: ModelIndex): readonly string[] {
  const all = grantedTransitions(entity, index)
  const numbers = all.flatMap(({ name }) => numbersOn(entity, name).map(({ column }) => column))
  return all.length === 0 ? [] : [...new Set(['status', ...numbers])]
}

/** The functions of an entity's transitions, one for each verb. */
export function transitionFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  return grantedTransitions(entity, index).map((transition) => transitionFunction(entity, transition, index))
}

/**
 * `act_<verb>__<table>(row_id, note, if_updated_at)`: brings a row to another state and keeps who did it. Answers `updated`, `missing`, `stale`, or in JSON what of
 * the row stands in the way: its `state`, or `when` with the fields that the guard looked at, `requires` with those that the new state wants. Whether the caller may do it at all is decided before the guard is
 * looked at: only whom a rule allows the verb learns anything of it.
 */
function transitionFunction(entity: Entity, transition: Transition, index: ModelIndex): DatabaseFunction {
  const { name } = transition
  const fills = transitionNumberFills(entity, name)
  const body = [
    '#variable_conflict use_variable',
    'declare',
    callerLine,
    `  target ${tableName(entity)};`,
    ...(fills.length === 0 ? [] : [`  new ${tableName(entity)};`]),
    ...[...new Set(fills.flatMap(({ declarations }) => declarations))].map((line) => `  ${line}`),
    '  who uuid;',
    'begin',
    ...transitionChecks(entity, transition, index),
    `  if pg_catalog.length(note) > ${maxTransitionNote} then return 'long'; end if;`,
    ...(fills.length === 0 ? [] : ['  new := target;', ...fills.flatMap(({ lines }) => lines)]),
    ...changeLines(entity, transition, index),
    "  return 'updated';",
    'end',
  ].join('\n')
  return privateFunction({
    name: transitionName(entity, name),
    row: rowArguments(entity, index),
    options: [{ name: 'note', type: 'text' }, ...Object.values(unchangedOption(entity))],
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: allowing(name, verbScope(entity, index)).flatMap((rule) => audienceRoles(rule.audience)),
    comment: `Brings a row of ${entity.name} to another state: updated, or what stands in the way.`,
  })
}

/** Locks the row as `target`, and leaves with whatever stands in the way of the transition. */
export function transitionChecks(entity: Entity, transition: Transition, index: ModelIndex): readonly string[] {
  const state = `pg_catalog.json_build_object('state', target."status")::text`
  const states = transition.from.map((each) => toText(sql.literal(each))).join(', ')
  return [
    ...lockRow(entity, liveSql(entity, namedRow('t0'), index), index),
    ...refuseStale(entity),
    `  if target."status" <> all (array[${states}]) then return ${state}; end if;`,
    ...decide(entity, transition.name, index),
    ...guardLines(entity, transition, index),
    ...requiredLines(entity, transition, index),
  ]
}

/** Leaves with what of the row the guard does not let pass. */
function guardLines(entity: Entity, { when }: Transition, index: ModelIndex): readonly string[] {
  if (when === null) return []
  const test = (condition: Condition) => `(${toText(conditionToSql(condition, verbScope(entity, index)))}) is not true`
  const answer = `pg_catalog.json_build_object('when', ${brokenNames(when, verbScope(entity, index))})::text`
  return [`  if ${test(when)} then`, `    return ${answer};`, '  end if;']
}

/** Leaves with what the new state requires and the row does not have. */
function requiredLines(entity: Entity, { to }: Transition, index: ModelIndex): readonly string[] {
  const missing = missingNames(entity, to, { row: 'target.', index })
  if (missing === null) return []
  return [
    `  if ${missing.test} then`,
    `    return pg_catalog.json_build_object('requires', ${missing.names})::text;`,
    '  end if;',
  ]
}

/** SQL that is true where a row lacks what a state requires, and of the names; null where it requires nothing. */
export function missingNames(
  entity: Entity,
  state: string,
  { row, index }: { readonly row: string; readonly index: ModelIndex },
): { readonly test: string; readonly names: string } | null {
  const requires = entity.lifecycle?.states.find(({ value }) => value === state)?.requires ?? []
  if (requires.length === 0) return null
  const isMissing = (name: string) => `not (${isGiven(entity, name, row)})`
  const named = requires.filter(toldNames(entity, index))
  const each = named.map((name) => `case when ${isMissing(name)} then ${toText(sql.literal(name))} end`)
  const names = each.length === 0 ? `'{}'::text[]` : `array_remove(array[${each.join(', ')}]::text[], null)`
  return { test: requires.map(isMissing).join(' or '), names }
}

/** SQL of the names of fields that a guard fails by. Of a field that not every reader of the row sees nothing is told. */
export function brokenNames(when: Condition, scope: Scope): string {
  const told = toldNames(scope.entity, scope.index)
  const parts = when.kind === 'and' ? when.all : [when]
  const each = parts.flatMap((part) => {
    const names = [...namesIn(part)].filter(told)
    const list = names.map((name) => toText(sql.literal(name))).join(', ')
    const broken = `(${toText(conditionToSql(part, scope))}) is not true`
    return names.length === 0 ? [] : [`case when ${broken} then array[${list}] else '{}'::text[] end`]
  })
  return each.length === 0 ? `'{}'::text[]` : each.join(' || ')
}

/** True for names of what every reader of a row sees. */
export function toldNames(entity: Entity, index: ModelIndex): (name: string) => boolean {
  const guarded = guardedNames(entity, index)
  const computed = entity.computed.filter((each) => flagsOfComputed(each, entity, index).length > 0)
  const hidden = new Set([...guarded, ...computed.map(({ name }) => name)])
  return (name) => !hidden.has(name)
}

/** Writes the state and the numbers that it gives, and who did it. */
function changeLines(entity: Entity, { name, to }: Transition, index: ModelIndex): readonly string[] {
  const numbers = numbersOn(entity, name).map(({ column }) => toText(sql.identifier(column)))
  const sets = [`"status" = ${toText(sql.literal(to))}`, ...numbers.map((column) => `${column} = new.${column}`)]
  const log = transitionsOf(entity, index)!
  const person = toOnesOf(log).find((each) => each.name === doneBy) ?? null
  // The trigger of events is told what it cannot see in the row.
  const isTold = writtenEvents(entity, index).includes(to)
  const told = `pg_catalog.json_build_object('verb', ${toText(sql.literal(name))}, 'note', note)::text`
  const tell = (value: string) => (isTold ? [`  perform set_config('rowhouse.transition', ${value}, true);`] : [])
  return [
    ...tell(told),
    `  update ${tableName(entity)} t0 set ${sets.join(', ')} where ${isRow(entity, index)};`,
    ...tell("''"),
    ...(person === null ? [] : [findPerson(person, index)]),
    ...keepLines({ entity, log, person, index }, [
      ['verb', toText(sql.literal(name))],
      ['from', 'target."status"'],
      ['to', toText(sql.literal(to))],
      ['at', 'pg_catalog.clock_timestamp()'],
      ['note', 'note'],
    ]),
  ]
}

interface Keeping {
  readonly entity: Entity
  readonly log: Entity
  readonly person: ToOne | null
  readonly index: ModelIndex
}

/** One entry more; they are counted under the lock of the row. */
function keepLines(
  { entity, log, person, index }: Keeping,
  said: readonly (readonly [string, string])[],
): readonly string[] {
  const row = rowOf(log)
  const key = `target.${toText(sql.identifier(idColumnOf(entity, index).column))}`
  const tenant = tenantColumnOf(entity)
  const whose = targetTenantColumn(row, index.entities)
  const ofTenant = tenant === null ? null : `target.${toText(sql.identifier(tenant))}`
  const link = toText(sql.identifier(row.column))
  const same = [...(ofTenant === null ? [] : [`t0."tenant_id" = ${ofTenant}`]), `t0.${link} = ${key}`].join(' and ')
  const values: readonly (readonly [string, string])[] = [
    ...(ofTenant === null ? [] : [['tenant_id', ofTenant] as const]),
    [row.column, key],
    ...(whose === null ? [] : [[whose, 'target."tenant_id"'] as const]),
    ['step', `coalesce((select max(t0."step") from ${toText(tableSql(log))} t0 where ${same}), 0) + 1`],
    ...(person === null ? [] : [[person.column, 'who'] as const]),
    ...said,
  ]
  const columns = values.map(([column]) => toText(sql.identifier(column))).join(', ')
  return [
    `  insert into ${toText(tableSql(log))} (${columns})`,
    `    values (${values.map(([, value]) => value).join(', ')});`,
  ]
}
