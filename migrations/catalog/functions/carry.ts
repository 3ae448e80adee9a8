import { sql, toText } from '#base'
import { type CarriedColumn, carriedColumnsOf, entityOf, idColumnOf, type ModelIndex } from '#policies'
import type { Entity } from '#schema'
import { tableName } from './raise.ts'
import type { Fill } from './values-function.ts'

const whose = 'new."tenant_id"::text'

/** What paths lead to, copied into a new row. */
export function carryFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return byHop(entity, index).map((carried) => ({ declarations: [], lines: carryLines(carried, index) }))
}

/** Carried columns of an entity's table that are copied from one row, together. */
export function byHop(entity: Entity, index: ModelIndex): readonly (readonly CarriedColumn[])[] {
  const groups = new Map<string, CarriedColumn[]>()
  for (const carried of carriedColumnsOf(entity, index)) {
    const group = groups.get(carried.hop.column)
    if (group === undefined) groups.set(carried.hop.column, [carried])
    else group.push(carried)
  }
  return [...groups.values()]
}

/**
 * Copies what the hop's row refers to; foreign keys hold the copies equal from then on, and refuse others. The row is locked as the foreign
 * key will lock it, so that it leads nowhere else meanwhile. Whoever loads rows as owner may do so for several tenants: the row's own is looked at.
 */
export function carryLines(carried: readonly CarriedColumn[], index: ModelIndex): readonly string[] {
  const { hop } = carried[0]!
  const holder = entityOf(index, hop.to)
  const name = (each: string) => toText(sql.identifier(each))
  const from = carried.map(({ source }) => `t0.${name(source)}`).join(', ')
  const into = carried.map(({ column }) => `new.${name(column)}`).join(', ')
  const key = name(idColumnOf(holder, index).column)
  return [
    '  declare',
    "    tenant text := current_setting('rowhouse.tenant_id', true);",
    `    is_other boolean := tenant is distinct from ${whose};`,
    '  begin',
    `    if is_other then perform set_config('rowhouse.tenant_id', ${whose}, true); end if;`,
    `    select ${from} into ${into} from ${tableName(holder)} t0 where t0.${key} = new.${name(hop.column)} for key share;`,
    "    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;",
    '  end;',
  ]
}
