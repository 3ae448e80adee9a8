import { sql, toText } from '#base'
import { entityOf, type ModelIndex } from '#policies'
import { type Entity, ours, type ToOne, targetTenantColumn, toOnesOf } from '#schema'
import { raise, tableName } from './raise.ts'
import type { Refill } from './refill-function.ts'
import type { Fill } from './values-function.ts'

/** Whose the rows are that a new row leads to, where they may be ours. */
export function targetTenantFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return targetsOf(entity, index).map(({ relation, column }) => {
    const [whose, link] = [column, relation.column].map((name) => `new.${toText(sql.identifier(name))}`)
    const lines = lookUp(relation, column, index).map((line) => `  ${line}`)
    return { declarations: [], lines: [`  if ${whose} is null and ${link} is not null then`, ...lines, '  end if;'] }
  })
}

/** The same when a row comes to lead elsewhere. */
export function targetTenantRefills(entity: Entity, index: ModelIndex): readonly Refill[] {
  return targetsOf(entity, index).map(({ relation, column }) => {
    const whose = `new.${toText(sql.identifier(column))}`
    return { column: relation.column, lines: [`  ${whose} := null;`, ...lookUp(relation, column, index)] }
  })
}

/** Raises 42501 where the row that the arguments name is ours: it may be read, and nobody changes it. */
export function refuseOurs(entity: Entity, isRow: string): readonly string[] {
  if (entity.tenancy !== 'shared') return []
  return [
    `  if exists (select from ${tableName(entity)} t0 where ${isRow} and t0."is_shared") then`,
    `    ${raise({ state: '42501', message: 'rows of all tenants are changed by none', facts: {} })}`,
    '  end if;',
  ]
}

function targetsOf(entity: Entity, index: ModelIndex) {
  return toOnesOf(entity).flatMap((relation) => {
    const column = targetTenantColumn(relation, index.entities)
    return column === null ? [] : [{ relation, column }]
  })
}

/** As `:PRIVATE` sees it: rows of the own tenant and ours. The tenant is said too, for loads by somebody who sees more. */
function lookUp(relation: ToOne, column: string, index: ModelIndex): readonly string[] {
  const [whose, link] = [column, relation.column].map((name) => `new.${toText(sql.identifier(name))}`)
  const among = `t0."tenant_id" in (new."tenant_id", ${toText(sql.literal(ours))})`
  const from = tableName(entityOf(index, relation.to))
  return [`  select t0."tenant_id" into ${whose} from ${from} t0 where t0."id" = ${link} and ${among};`]
}
