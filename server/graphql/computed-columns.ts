import { type SQL, sql } from 'pg-sql2'
import { snakeCase, toText } from '#base'
import {
  computedValue,
  conditionToSql,
  flagsOfComputed,
  guardedGroups,
  indexModel,
  namedRow,
  shownSql,
  statementActor,
} from '#policies'
import { type Entity, leavesOf, type Model, toOnesOf } from '#schema'
import { shownFields } from './api-names.ts'

/** Name of the column under which a computed field is read. */
export function computedColumn(name: string): string {
  return snakeCase(name)
}

/** SQL that this repository's own compiler wrote: quoted and without parameters. */
function fragment(text: string): SQL {
  return sql(Object.assign([text], { raw: [text] }))
}

/**
 * What rows of an entity are read from: its table, or its table with a column for each computed field. Filters, orders and
 * aggregates then find the formula wherever they look for the column. Postgres pulls the sub-select up: what nobody asks for is
 * not computed, and indexes serve as before.
 */
export function rowSource(model: Model, entity: Entity): SQL {
  const index = indexModel(model)
  const table = fragment(toText(shownSql(entity, index)))
  if (entity.computed.length === 0) return table
  const scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'set', depth: 0 } as const
  const places = toOnesOf(entity).flatMap(({ position }) => position ?? [])
  const held = [...shownFields(entity).flatMap(leavesOf), ...toOnesOf(entity)].map(({ column }) => column)
  const columns = [...new Set([...held, ...places])].map((column) => sql`t0.${sql.identifier(column)}`)
  const computed = entity.computed.map((each) => {
    const value = fragment(toText(computedValue(each, scope, conditionToSql)))
    const flags = flagsOfComputed(each, entity, index).map((flag) => sql`t0.${sql.identifier(flag)}`)
    // A result follows from what it is made of: it is hidden with it.
    const seen = flags.length === 0 ? value : sql`case when ${sql.join(flags, ' and ')} then ${value} end`
    return sql`${seen} as ${sql.identifier(computedColumn(each.name))}`
  })
  const flags = guardedGroups(entity, index).map(({ flag }) => sql`t0.${sql.identifier(flag)}`)
  return sql`(select ${sql.join([...columns, ...flags, ...computed], ', ')} from ${table} t0)`
}
