import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allowedToSql,
  allowing,
  audienceRoles,
  conditionToSql,
  deniedToSql,
  denying,
  liveSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  type Scope,
  statementActor,
  tableSql,
} from '#policies'
import { type Entity, isShared, objectName, type Rule, type Transition } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { transitionsOf } from '../histories.ts'
import { rowKeyOf } from '../row-key.ts'
import { privateFunction } from './private-function.ts'
import { brokenNames, missingNames } from './transition-function.ts'
import { callerLine } from './verb-body.ts'

/** Name of the function that says which transitions rows may take. */
export function optionsName(entity: Entity): string {
  return fitIdentifier(`options_${objectName(entity)}`)
}

/** True where rows have transitions. */
export function hasOptions(entity: Entity, index: ModelIndex): boolean {
  return transitionsOf(entity, index) !== null
}

/**
 * `options_<table>(keys)`: of the rows that the caller may read the transitions that lead away from their state, in JSON by key, each with what stands in its way.
 * It says what the transition itself would answer: of a guard nothing is told to whom no rule allows the verb. No row is locked.
 */
export function optionsFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
  const key = rowKeyOf(entity, index)
  const each = (entity.lifecycle?.transitions ?? []).map(
    (transition, place) => sql`\n      (${sql.raw(String(place))}, ${optionSql(transition, scope)})`,
  )
  const options = sql`select coalesce(pg_catalog.jsonb_agg(o.option order by o.place), '[]') from (values ${sql.join(each, ',')}\n    ) o (place, option) where o.option is not null`
  const tests = [
    sql`${key.of(scope.row)} = any ($1)`,
    liveSql(entity, scope.row, index),
    ...(isShared(entity) ? [sql`not ${scope.row.column('is_shared')}`] : []),
    sql`(${mayToSql('read', scope, sql`caller`)})`,
  ]
  const query = sql`select coalesce(pg_catalog.jsonb_object_agg(${key.of(scope.row)}::text, (${options})), '{}')::text from ${tableSql(entity)} t0 where ${sql.join(tests, '\n    and ')}`
  return privateFunction({
    name: optionsName(entity),
    takes: [`${key.type}[]`],
    returns: 'text',
    language: 'plpgsql',
    volatility: 'stable',
    body: ['declare', callerLine, 'begin', `  return (${toText(query)});`, 'end'].join('\n'),
    execute: allowing('read', scope).flatMap(({ audience }) => audienceRoles(audience)),
    comment: `Which transitions rows of ${entity.name} may take.`,
  })
}

/** Null where the transition does not lead away from the state of the row. */
function optionSql(transition: Transition, scope: Scope): Sql {
  const { name, from, to, when } = transition
  const states = from.map((state) => sql.literal(state))
  const caller = sql`caller`
  const denials = denying(name, scope).map(
    (rule) => sql`\n        when ${deniedToSql(rule, scope, caller)} then ${option(name, deniedSql(rule))}`,
  )
  const isAllowed = allowing(name, scope).length === 0 ? sql`false` : allowedToSql(name, scope, caller)
  const guard =
    when === null
      ? sql.empty
      : sql`\n        when (${conditionToSql(when, scope)}) is not true then ${option(name, sql`, 'when', ${sql.raw(brokenNames(when, scope))}`)}`
  const missing = missingNames(scope.entity, to, { row: 't0.', index: scope.index })
  const required =
    missing === null
      ? sql.empty
      : sql`\n        when ${sql.raw(missing.test)} then ${option(name, sql`, 'requires', ${sql.raw(missing.names)}`)}`
  return sql`case
        when ${scope.row.column('status')} <> all (array[${sql.join(states, ', ')}]) then null${sql.join(denials, '')}
        when (${isAllowed}) is not true then ${option(name, sql`, 'allowed', false`)}${guard}${required}
        else ${option(name, sql`, 'allowed', true`)} end`
}

function option(verb: string, more: Sql): Sql {
  return sql`pg_catalog.jsonb_build_object('verb', ${sql.literal(verb)}${more})`
}

function deniedSql({ title, because }: Rule): Sql {
  const of = (text: string | null) => (text === null ? sql`null` : sql.literal(text))
  return sql`, 'title', ${of(title)}, 'because', ${of(because)}`
}
