import { type Sql, sql, toText } from '#base'
import { allOf, allowsToSql, inAudienceToSql, type ModelIndex, reservesOf, type Scope } from '#policies'
import type { Entity, Rule } from '#schema'
import { creatable, defaultSql, updatable, type WritableColumn } from '../writable-columns.ts'
import { defaultIn, isNamed } from './guard-rule.ts'
import { rowScope } from './guard-scope.ts'
import { raise } from './raise.ts'

/** Fields that some rules reserve: refused by name, whatever is said of them. */
export function reservedUpdates(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'old')
  return reserved(entity, 'update', index).flatMap(({ column, reserves }) => [
    `    if ${toText(isNamed(column))} then`,
    `      if (${toText(heldBySome(reserves, scope))}) is not true then`,
    `        ${refuseField(entity, column, reserves)}`,
    '      end if;',
    '    end if;',
  ])
}

/** What nobody else gives a new row is as if it were not given. */
export function reservedInserts(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  return reserved(entity, 'create', index).flatMap(({ column, reserves }) => {
    const value = scope.row.column(column.column)
    const given = sql`${value} is distinct from ${defaultIn(column, entity, index)}`
    return [
      `    if (${toText(heldBySome(reserves, scope))}) is not true then`,
      ...(column.isRandom
        ? [`      ${toText(sql`${value} := ${defaultSql(column)};`)}`]
        : [`      if ${toText(given)} then`, `        ${refuseField(entity, column, reserves)}`, '      end if;']),
      '    end if;',
    ]
  })
}

function reserved(entity: Entity, verb: 'create' | 'update', index: ModelIndex) {
  const columns = verb === 'create' ? creatable(entity, index) : updatable(entity, index)
  const reserves = reservesOf(entity, verb, index)
  return columns.flatMap((column) => {
    const own = reserves.get(column.name)
    return own === undefined ? [] : [{ column, reserves: own }]
  })
}

function heldBySome(reserves: readonly Rule[], scope: Scope): Sql {
  const each = reserves.map(
    (rule) => sql`(${allOf([inAudienceToSql(rule.audience, sql`caller`), allowsToSql(rule, scope)])})`,
  )
  return sql.join(each, ' or ')
}

/** The field, and the first of its rules that gives a reason. */
function refuseField(entity: Entity, { column }: WritableColumn, reserves: readonly Rule[]): string {
  const { title, because } = reserves.find((rule) => rule.because !== null) ?? reserves[0]!
  const place = { schema: entity.schema, table: entity.table, column }
  const facts = { ...place, detail: title, ...(because === null ? {} : { hint: because }) }
  return raise({ state: '42501', message: reservedMessage, facts })
}

/** Tells the server that detail and hint beside it are title and reason of the rule that keeps the column for others. */
export const reservedMessage = 'the field is reserved'
