import { type Sql, sql } from '#base'
import { allOf, columnOf, entityOf, idColumnOf, liveSql, type ModelIndex, namedRow, tableSql, toOneOf } from '#policies'
import type { Entity, Field } from '#schema'
import { mayReadName } from './functions/may-read-function.ts'

/**
 * The value at the end of a path from the new row, as `:PRIVATE` finds it: null where a hop leads nowhere, to a removed row, or to one that the
 * caller may not read. Else a row that may be named would tell what it holds.
 */
export function valueAt(path: readonly string[], entity: Entity, index: ModelIndex): Sql {
  const [first, ...rest] = path.slice(0, -1)
  if (first === undefined) return sql`new.${sql.identifier(columnOf(entity, path[0]!, index).column)}`
  const link = toOneOf(entity, first)
  const start = entityOf(index, link.to)
  const { joins, end } = joined(rest, start, index)
  const value = sql`${alias(rest.length)}.${sql.identifier(columnOf(end, path.at(-1)!, index).column)}`
  const from = sql`${tableSql(start)} ${alias(0)}`
  return sql`(select ${value} from ${sql.join([from, ...joins], ' ')} where ${key(start, 0, index)} = new.${sql.identifier(link.column)} and ${shown(start, 0, index)})`
}

function joined(
  hops: readonly string[],
  start: Entity,
  index: ModelIndex,
): { readonly joins: readonly Sql[]; readonly end: Entity } {
  const joins: Sql[] = []
  let end = start
  hops.forEach((name, at) => {
    const link = toOneOf(end, name)
    const target = entityOf(index, link.to)
    const on = sql`${key(target, at + 1, index)} = ${alias(at)}.${sql.identifier(link.column)} and ${shown(target, at + 1, index)}`
    joins.push(sql`join ${tableSql(target)} ${alias(at + 1)} on ${on}`)
    end = target
  })
  return { joins, end }
}

function alias(at: number): Sql {
  return sql.raw(`t${at}`)
}

function key(entity: Entity, at: number, index: ModelIndex): Sql {
  return sql`${alias(at)}.${sql.identifier(idColumnOf(entity, index).column)}`
}

function shown(entity: Entity, at: number, index: ModelIndex): Sql {
  const mayRead = sql.identifier('rowhouse_private', mayReadName(entity))
  return allOf([liveSql(entity, namedRow(`t${at}`), index), sql`${mayRead}(${key(entity, at, index)})`])
}

/** Currency of a money field of the row at the end of a path, as SQL over the new row; null where it is no money. */
export function currencyAt(path: readonly string[], entity: Entity, index: ModelIndex): Sql | null {
  const { type } = fieldAt(path, entity, index)
  if (type.kind !== 'money') return null
  if (type.currency !== null) return sql.literal(type.currency)
  if (type.in === null) return null
  return valueAt([...path.slice(0, -1), ...type.in.split('.')], entity, index)
}

/** The field at the end of a path from a row. */
export function fieldAt(path: readonly string[], entity: Entity, index: ModelIndex): Field {
  const end = path.slice(0, -1).reduce((each, name) => entityOf(index, toOneOf(each, name).to), entity)
  return end.fields.find(({ name }) => name === path.at(-1))!
}
