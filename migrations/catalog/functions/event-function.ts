import { fitIdentifier, type Sql, sql, toText } from '#base'
import { type ModelIndex, owner, tableSql } from '#policies'
import { builtInField, type Entity, hasTenant, isShared, isStateEvent, objectName, tenantColumnOf } from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { changingParts, keyText, type ToldPart, toldParts, writtenEvents } from '../events.ts'
import { privateFunction } from './private-function.ts'

/** Name of the trigger function that writes events down. */
export function eventName(entity: Entity): string {
  return fitIdentifier(`event_${objectName(entity)}`)
}

/**
 * After a change, whoever makes it. Rows that the owner makes are told nobody: those are loads. Rows of all tenants belong to no tenant,
 * and so do their events. For each row and not for each statement: statements that name a face of the table would not be told, and keys
 * cascade into rows of several tenants at once.
 */
export function eventTriggers(entity: Entity): readonly Trigger[] {
  const events = writtenEvents(entity)
  const call = `execute function ${toText(sql.identifier('rowhouse_private', eventName(entity)))}()`
  const own = (row: 'old' | 'new') => (isShared(entity) ? [`not ${row}."is_shared"`] : [])
  const trigger = (name: string, command: string, tests: readonly string[]): Trigger => {
    const when = tests.length === 0 ? '' : `when (${tests.join(' and ')}) `
    return { name, definition: `after ${command} on ${toText(tableSql(entity))} for each row ${when}${call}` }
  }
  const changed = changingColumns(entity, events)
  return [
    ...(events.includes('created')
      ? [trigger('rowhouse_5_event', 'insert', [...own('new'), `current_user <> '${owner}'`])]
      : []),
    ...(changed.length === 0
      ? []
      : [trigger('rowhouse_6_event', 'update', [...own('new'), `(${changed.map(differs).join(' or ')})`])]),
    ...(events.includes('deleted') ? [trigger('rowhouse_7_event', 'delete', own('old'))] : []),
  ]
}

/** Columns whose change may be an event that is asked for. */
function changingColumns(entity: Entity, events: readonly string[]): readonly string[] {
  const removed = builtInField(entity, 'deletedAt')?.column ?? null
  const state = builtInField(entity, 'status')?.column ?? null
  const asksState = events.some((event) => isStateEvent(entity, event))
  const asksRemoval = events.includes('removed') || events.includes('restored')
  return [
    ...(events.includes('updated') ? changingParts(entity).flatMap(({ columns }) => columns) : []),
    ...(asksState && !events.includes('updated') && state !== null ? [state] : []),
    ...(asksRemoval && removed !== null ? [removed] : []),
  ]
}

function differs(column: string): string {
  return `old.${toText(sql.identifier(column))} is distinct from new.${toText(sql.identifier(column))}`
}

/** The trigger function of an entity with events: it says what happened, as the row's tenant, and `write_event` writes it. */
export function eventFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const tenant = tenantColumnOf(entity)
  const events = writtenEvents(entity)
  const body = [
    'declare',
    `  row_now ${toText(tableSql(entity))};`,
    `  tenant text := nullif(current_setting('rowhouse.tenant_id', true), '');`,
    '  kind text;',
    `  changed text[] := '{}';`,
    '  told jsonb;',
    '  more jsonb;',
    'begin',
    `  if tg_op = 'DELETE' then row_now := old; else row_now := new; end if;`,
    ...kindOfChange(entity).map((line) => `  ${line}`),
    `  if kind not in (${events.map((event) => toText(sql.literal(event))).join(', ')}) then return null; end if;`,
    `  told := ${toText(valuesOf(toldParts(entity)))};`,
    ...ofChange(entity).map((line) => `  ${line}`),
    ...(tenant === null ? [] : [`  ${setTenant(ownTenant(tenant))}`]),
    `  perform rowhouse_private.write_event(${[
      hasTenant(entity) && tenant !== null ? `row_now.${toText(sql.identifier(tenant))}` : 'tenant::uuid',
      toText(sql.literal(entity.name)),
      'kind',
      toText(keyText(entity, 'row_now', index.entities)),
      `jsonb_build_object('changed', to_jsonb(changed), 'values', told) || more`,
    ].join(', ')});`,
    ...(tenant === null ? [] : [`  ${setTenant(`coalesce(tenant, '')`, ownTenant(tenant))}`]),
    '  return null;',
    'end',
  ].join('\n')
  return privateFunction({
    name: eventName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `Writes down what happens to rows of ${entity.name}, in the transaction in which it happens.`,
  })
}

function ownTenant(column: string): string {
  return `row_now.${toText(sql.identifier(column))}::text`
}

/** Foreign keys cascade into rows of any tenant; the pin of the tenant holds for this function too. */
function setTenant(value: string, own = value): string {
  return `if tenant is distinct from ${own} then perform set_config('rowhouse.tenant_id', ${value}, true); end if;`
}

/** A row that reaches a state is told by that state; it may have other values as well. */
function kindOfChange(entity: Entity): readonly string[] {
  const removed = builtInField(entity, 'deletedAt')?.column ?? null
  const state = builtInField(entity, 'status')?.column ?? null
  const of = (row: string, column: string) => `${row}.${toText(sql.identifier(column))}`
  const whens = [
    ...(removed === null
      ? []
      : [
          `when ${of('old', removed)} is null and ${of('new', removed)} is not null then 'removed'`,
          `when ${of('old', removed)} is not null and ${of('new', removed)} is null then 'restored'`,
        ]),
    ...(state === null ? [] : [`when ${differs(state)} then ${of('new', state)}`]),
  ]
  const change = whens.length === 0 ? `'updated'` : `case ${whens.join(' ')} else 'updated' end`
  return [
    `if tg_op = 'INSERT' then kind := 'created';`,
    `elsif tg_op = 'DELETE' then kind := 'deleted';`,
    `else kind := ${change};`,
    'end if;',
  ]
}

/** A new row is told with its values, a deleted one with its last; of a change what it changed. */
function ofChange(entity: Entity): readonly string[] {
  const state = builtInField(entity, 'status')?.column ?? null
  const names = changingParts(entity).map(({ name, columns }) => {
    return `case when ${columns.map(differs).join(' or ')} then ${toText(sql.literal(name))} end`
  })
  const all = names.length === 0 ? `'{}'` : `array_remove(array[${names.join(', ')}], null)`
  const ends = (row: string) => `${row}.${toText(sql.identifier(state!))}`
  return [
    `more := '{}';`,
    `if tg_op = 'UPDATE' then`,
    `  changed := ${all};`,
    `  told := coalesce((select jsonb_object_agg(name, told -> name) from unnest(changed) as name where told ? name), '{}');`,
    ...(state === null
      ? []
      : [
          `  if ${differs(state)} then`,
          `    more := jsonb_build_object('from', ${ends('old')}, 'to', ${ends('new')})`,
          `      || coalesce(nullif(current_setting('rowhouse.transition', true), '')::jsonb, '{}');`,
          '  end if;',
        ]),
    'end if;',
  ]
}

// Postgres takes no more than 100 arguments.
const partsAtOnce = 50

function valuesOf(parts: readonly ToldPart[]): Sql {
  const pairs = parts.flatMap(({ name, value }) => {
    const text = value('row_now')
    return text === null ? [] : [sql`${sql.literal(name)}, ${text}`]
  })
  const objects: Sql[] = []
  for (let at = 0; at < pairs.length; at += partsAtOnce)
    objects.push(sql`jsonb_build_object(${sql.join(pairs.slice(at, at + partsAtOnce), ', ')})`)
  return objects.length === 0 ? sql`'{}'::jsonb` : sql.join(objects, ' || ')
}
