import { fitIdentifier, sql, toText } from '#base'
import { idColumnOf, type ModelIndex, namedRow } from '#policies'
import { type Computed, type Entity, objectName, storedColumn, storedOf, storedReads, tenantColumnOf } from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { privateFunction } from '../functions/private-function.ts'
import { tableName } from '../functions/raise.ts'
import { type LedBy, ledBy, ownReads, ownSources, pathsTo } from './stored-paths.ts'
import { storedInOrder, storedValueSql } from './stored-value.ts'

/** Name of the trigger function that gives a row its stored formulas. */
export function ownValuesName(entity: Entity): string {
  return fitIdentifier(`stored_${objectName(entity)}`)
}

/** Runs behind whatever else fills a row, and before what judges it: its name says so. */
export function ownValuesTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const fields = storedOf(entity)
  if (fields.length === 0) return []
  const call = `execute function ${toText(sql.identifier('rowhouse_private', ownValuesName(entity)))}()`
  const read = [...new Set([...fields.flatMap((field) => ownReads(field, entity, index))])].sort()
  const differs = read.map((column) => `old.${quoted(column)} is distinct from new.${quoted(column)}`).join(' or ')
  const table = tableName(entity)
  return [
    { name: 'rowhouse_1_worked', definition: `before insert on ${table} for each row ${call}` },
    ...(differs === ''
      ? []
      : [
          {
            name: 'rowhouse_1_worked_again',
            definition: `before update on ${table} for each row when (${differs}) ${call}`,
          },
        ]),
  ]
}

/**
 * Gives a new row its stored formulas, and a changed one those that read what has changed. The row is locked by then, and so is
 * whatever it newly leads to: who changes that waits, and finds this row. Each value is read by a statement of its own, which sees what was
 * committed meanwhile.
 */
export function ownValuesFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const inOrder = storedInOrder(index).flatMap((each) => (each.entity === entity ? [each.field] : []))
  const tenant = tenantColumnOf(entity)
  const isFar = inOrder.some((field) => leaves(field, entity, index))
  const isPinned = isFar && tenant !== null
  const body = [
    ...(isPinned ? ['declare', "  pin text := current_setting('rowhouse.tenant_id', true);"] : []),
    'begin',
    ...(isPinned ? pinned(quoted(tenant)) : []),
    ...heldTargets(entity, index),
    ...inOrder.flatMap((field) => assignment(field, entity, index)),
    ...(isPinned ? unpinned(quoted(tenant)) : []),
    '  return new;',
    'end',
  ].join('\n')
  return privateFunction({
    name: ownValuesName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    ...(isFar ? { isPlannedOnce: true as const } : {}),
    body,
    execute: [':OWNER'],
    comment: `Stored formulas of ${entity.name}.`,
  })
}

function leaves(field: Computed, entity: Entity, index: ModelIndex): boolean {
  return storedReads(field, entity, index.entities).reads.some(({ hops }) => hops.length > 0)
}

/** Loads run, and foreign keys cascade, for rows of any tenant. */
function pinned(tenant: string): readonly string[] {
  const whose = `new.${tenant}::text`
  return [`  if pin is distinct from ${whose} then perform set_config('rowhouse.tenant_id', ${whose}, true); end if;`]
}

function unpinned(tenant: string): readonly string[] {
  return [
    `  if pin is distinct from new.${tenant}::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;`,
  ]
}

/**
 * Where the target's own formulas follow from this row, the trigger behind the statement will change it: it is held for that at once,
 * for two that share it would each wait for the other to let go. So is the one that the row led to before, in the same order.
 */
function heldTargets(entity: Entity, index: ModelIndex): readonly string[] {
  return ownLinks(entity, index).flatMap(({ column, to }) => {
    const name = quoted(column)
    const isChanged = pathsTo(entity, index).some(({ hops }) => isBack(hops.at(-1)!, column))
    const key = quoted(idColumnOf(to, index).column)
    const found = isChanged ? `in (old.${name}, new.${name})` : `= new.${name}`
    const lock = isChanged ? 'no key update' : 'share'
    return [
      `  if new.${name} is not null and (tg_op = 'INSERT' or new.${name} is distinct from old.${name}) then`,
      `    perform 1 from ${tableName(to)} t where t.${key} ${found} order by t.${key} for ${lock};`,
      '  end if;',
    ]
  })
}

function isBack({ kind, column }: { readonly kind: string; readonly column: string }, link: string): boolean {
  return kind === 'children' && column === link
}

/** To-ones by which formulas of the row itself look further. */
export function ownLinks(entity: Entity, index: ModelIndex): readonly LedBy[] {
  const first = storedOf(entity).flatMap((field) =>
    storedReads(field, entity, index.entities).reads.flatMap(({ hops }) => (hops.length === 1 ? hops : [])),
  )
  const columns = new Set(first.filter(({ kind }) => kind === 'parent').map(({ column }) => column))
  return ledBy(entity, index).filter(({ column }) => columns.has(column))
}

function assignment(field: Computed, entity: Entity, index: ModelIndex): readonly string[] {
  const value = toText(storedValueSql(field, { entity, index, row: namedRow('new') }))
  const read = ownReads(field, entity, index).map(
    (column) => `new.${quoted(column)} is distinct from old.${quoted(column)}`,
  )
  const isNeeded = ["tg_op = 'INSERT'", ...read].join(' or ')
  return [`  if ${isNeeded} then`, `    new.${quoted(storedColumn(field))} := ${value};`, '  end if;']
}

/** A change of stored formulas alone is no change: SQL that is true where something else has changed, or nothing at all has. */
export function touchesStored(entity: Entity, index: ModelIndex) {
  return { kept: storedOf(entity).map(storedColumn), sources: ownSourcesOf(entity, index) }
}

/** Columns of the row that callers change and stored formulas follow from. */
function ownSourcesOf(entity: Entity, index: ModelIndex): readonly string[] {
  const stored = new Set(storedOf(entity).map(storedColumn))
  return ownSources(entity, index).filter((column) => !stored.has(column))
}

function quoted(name: string): string {
  return toText(sql.identifier(name))
}
