import { fitIdentifier, type Sql, sql, toText } from '#base'
import { idColumnOf, lastingSql, type ModelIndex, namedRow, owner, privateRole, tableSql } from '#policies'
import {
  builtInField,
  changedBy,
  type Entity,
  isShared,
  keyColumnsOf,
  objectName,
  type ToOne,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { historyOf, keepingHistory, keptColumns, keptTenantColumns, rowOf, trackedColumns } from '../histories.ts'
import { privateFunction } from './private-function.ts'

/** Name of the trigger function that keeps the changes of rows. */
export function historyName(entity: Entity): string {
  return fitIdentifier(`history_${objectName(entity)}`)
}

/** Trigger functions of all entities with `history: true`. */
export function historyFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  return keepingHistory(index).map((entity) => historyFunction(entity, historyOf(entity, index)!, index))
}

/**
 * After a change: rows that callers make, and every change of a row, whoever makes it. Loads by the owner are not told; the first change
 * that follows finds the row as they left it. Rows of all tenants belong to no tenant's history.
 */
export function historyTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  if (historyOf(entity, index) === null) return []
  const call = `execute function ${toText(sql.identifier('rowhouse_private', historyName(entity)))}()`
  const table = toText(tableSql(entity))
  const own = isShared(entity) ? 'not new."is_shared" and ' : ''
  const removed = builtInField(entity, 'deletedAt')
  const columns = [...trackedColumns(entity), ...(removed === null ? [] : [removed])].map(({ column }) => column)
  const differs = columns.map((column) => toText(isChanged(column))).join(' or ')
  return [
    {
      name: 'rowhouse_5_history',
      definition: `after insert on ${table} for each row when (${own}current_user not in ('${owner}', '${privateRole}')) ${call}`,
    },
    {
      name: 'rowhouse_6_history',
      definition: `after update on ${table} for each row when (${own}(${differs === '' ? 'false' : differs})) ${call}`,
    },
  ]
}

function isChanged(column: string): Sql {
  const name = sql.identifier(column)
  return sql`old.${name} is distinct from new.${name}`
}

interface Keeping {
  readonly entity: Entity
  readonly history: Entity
  readonly index: ModelIndex
}

function historyFunction(entity: Entity, history: Entity, index: ModelIndex): DatabaseFunction {
  const keeping = { entity, history, index }
  const people = personRelation(history)
  const body = [
    'declare',
    '  last record;',
    ...(people === null ? [] : ['  who uuid;']),
    '  kind text;',
    ...(tenantColumnOf(entity) === null ? [] : [`  tenant text := current_setting('rowhouse.tenant_id', true);`]),
    'begin',
    ...asTenantOfRow(entity),
    ...(people === null ? [] : [findPerson(people, index)]),
    "  if tg_op = 'INSERT' then",
    `    ${insertion(keeping, 'new', { revision: '1', change: `'create'`, changed: `'{}'` })}`,
    '  else',
    ...laterChange(keeping).map((line) => `    ${line}`),
    '  end if;',
    ...asBefore(entity),
    '  return null;',
    'end',
  ].join('\n')
  return privateFunction({
    name: historyName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `Keeps what rows of ${entity.name} become, with who changed them and when.`,
  })
}

/** Foreign keys cascade, and loads run, for rows of any tenant; the pin of the tenant holds for this function too. */
function asTenantOfRow(entity: Entity): readonly string[] {
  const tenant = tenantColumnOf(entity)
  if (tenant === null) return []
  const whose = `new.${toText(sql.identifier(tenant))}::text`
  return [
    `  if tenant is distinct from ${whose} then perform set_config('rowhouse.tenant_id', ${whose}, true); end if;`,
  ]
}

function asBefore(entity: Entity): readonly string[] {
  const tenant = tenantColumnOf(entity)
  if (tenant === null) return []
  const whose = `new.${toText(sql.identifier(tenant))}::text`
  return [
    `  if tenant is distinct from ${whose} then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;`,
  ]
}

function personRelation(history: Entity): ToOne | null {
  return toOnesOf(history).find(({ name }) => name === changedBy) ?? null
}

/** A token may speak of somebody who is not there, or not here; that keeps nobody from writing. */
export function findPerson(relation: ToOne, index: ModelIndex): string {
  const people = index.entities.get(relation.to)!
  const key = sql`t0.${sql.identifier(idColumnOf(people, index).column)}`
  const text = sql`select ${key} into who from ${tableSql(people)} t0 where ${key} = rowhouse.actor_id();`
  return `  ${toText(text)}`
}

/** What the last entry does not know of the row is told first: it was there before, or was changed behind the triggers' back. */
function laterChange(keeping: Keeping): readonly string[] {
  const { entity, history, index } = keeping
  const kept = keptColumns(history, index)
  const unlike = kept.map(({ column }) => {
    const name = toText(sql.identifier(column))
    return `last.${name} is distinct from old.${name}`
  })
  const differing = (before: 'last' | 'old', now: 'old' | 'new', columns: typeof kept) => {
    const names = columns.map(({ name, column }) => {
      const quoted = toText(sql.identifier(column))
      return `case when ${before}.${quoted} is distinct from ${now}.${quoted} then ${toText(sql.literal(name))} end`
    })
    return names.length === 0 ? `'{}'` : `array_remove(array[${names.join(', ')}], null)`
  }
  const removed = builtInField(entity, 'deletedAt')
  return [
    `select t0.* into last from ${toText(tableSql(history))} t0 where ${toText(isOfRow(keeping))} order by t0."revision" desc limit 1;`,
    `if last."revision" is null${unlike.map((test) => ` or ${test}`).join('')} then`,
    `  ${insertion(keeping, 'old', {
      revision: 'coalesce(last."revision", 0) + 1',
      change: `'found'`,
      changed: `case when last."revision" is null then '{}' else ${differing('last', 'old', kept)} end`,
      nobody: true,
    })}`,
    '  last."revision" := coalesce(last."revision", 0) + 1;',
    'end if;',
    `kind := ${changeOf(removed?.column ?? null)};`,
    ...ofExpired(keeping),
    insertion(keeping, 'new', {
      revision: 'last."revision" + 1',
      change: 'kind',
      changed: differing('old', 'new', trackedColumns(entity)),
    }),
  ]
}

/** Nobody removes what has expired: it makes room for whoever comes, who may not even know of it. */
function ofExpired({ entity, history, index }: Keeping): readonly string[] {
  const lasts = lastingSql(entity, namedRow('old'), index)
  if (lasts === null || builtInField(entity, 'deletedAt') === null || personRelation(history) === null) return []
  return [`if kind = 'remove' and (${toText(lasts)}) is not true then who := null; end if;`]
}

function changeOf(removed: string | null): string {
  if (removed === null) return `'update'`
  const column = toText(sql.identifier(removed))
  return `case when old.${column} is null and new.${column} is not null then 'remove' when old.${column} is not null and new.${column} is null then 'restore' else 'update' end`
}

function isOfRow({ entity, history, index }: Keeping): Sql {
  const tenant = tenantColumnOf(entity)
  const key = sql`t0.${sql.identifier(rowOf(history).column)} = new.${sql.identifier(idColumnOf(entity, index).column)}`
  return tenant === null ? key : sql`t0."tenant_id" = new.${sql.identifier(tenant)} and ${key}`
}

interface Entry {
  readonly revision: string
  readonly change: string
  readonly changed: string
  /** Who did it is not known. */
  readonly nobody?: true
}

function insertion({ entity, history, index }: Keeping, row: 'old' | 'new', entry: Entry): string {
  const of = (column: string) => `${row}.${toText(sql.identifier(column))}`
  const tenant = tenantColumnOf(entity)
  const link = rowOf(history)
  const whose = targetTenantColumn(link, index.entities)
  const person = personRelation(history)
  const values: readonly (readonly [string, string])[] = [
    ...(tenant === null ? [] : [['tenant_id', of(tenant)] as const]),
    [link.column, of(keyColumnsOf(entity, index.entities)[0]!.column)],
    ...(whose === null ? [] : [[whose, of('tenant_id')] as const]),
    ['revision', entry.revision],
    ['change', entry.change],
    ['changed_at', 'clock_timestamp()'],
    ['changed', entry.changed],
    ...(person === null || entry.nobody === true ? [] : [[person.column, 'who'] as const]),
    ...keptColumns(history, index).map(({ column }) => [column, of(column)] as const),
    ...keptTenantColumns(history, index).map((column) => [column, of(column)] as const),
  ]
  const columns = values.map(([column]) => toText(sql.identifier(column))).join(', ')
  return `insert into ${toText(tableSql(history))} (${columns}) values (${values.map(([, value]) => value).join(', ')});`
}
