import { sql, toText } from '#base'
import { tableSql } from '#policies'
import type { Entity } from '#schema'

/** A raise of the function: the SQLSTATE and what the server tells of it. */
export interface Refusal {
  readonly state: string
  readonly message: string
  readonly facts: Readonly<Record<string, string>>
}

/** A `raise` statement; words are literals. */
export function raise({ state, message, facts }: Refusal): string {
  const options = Object.entries({ errcode: state, ...facts, message }).map(
    ([option, value]) => `${option} = ${toText(sql.literal(value))}`,
  )
  return `raise exception using ${options.join(', ')};`
}

/** The entity's table, quoted. */
export function tableName(entity: Entity): string {
  return toText(tableSql(entity))
}
