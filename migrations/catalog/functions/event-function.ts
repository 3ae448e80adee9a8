import { fitIdentifier, type Sql, snakeCase, sql, toText } from '#base'
import { type ModelIndex, owner, tableSql } from '#policies'
import { builtInField, type Entity, isShared, isStateEvent, objectName, subscribersTo, tenantColumnOf } from '#schema'
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
export function eventTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  const events = writtenEvents(entity, index)
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

/** The trigger function of an entity with events: it says what happened, writes it down as the row's tenant and adds the jobs of subscribers. */
export function eventFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const tenant = tenantColumnOf(entity)
  const events = writtenEvents(entity, index)
  const deliveries = deliver(entity, index)
  const body = [
    'declare',
    `  row_now ${toText(tableSql(entity))};`,
    `  tenant text := nullif(current_setting('rowhouse.tenant_id', true), '');`,
    '  kind text;',
    `  changed text[] := '{}';`,
    `  told jsonb := '{}';`,
    `  more jsonb := '{}';`,
    ...(deliveries.length === 0 ? [] : ['  written rowhouse.event;']),
    'begin',
    `  if tg_op = 'DELETE' then row_now := old; else row_now := new; end if;`,
    ...kindOfChange(entity).map((line) => `  ${line}`),
    `  if kind not in (${events.map((event) => toText(sql.literal(event))).join(', ')}) then return null; end if;`,
    ...ofChange(entity).map((line) => `  ${line}`),
    ...(tenant === null ? [] : [`  ${setTenant(ownTenant(tenant))}`]),
    ...insertion(entity, index, deliveries.length > 0).map((line) => `  ${line}`),
    ...deliveries.map((line) => `  ${line}`),
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

/** Whoever is somebody in one tenant is nobody in another, where keys cascade: without name, role and claims. */
function insertion(entity: Entity, index: ModelIndex, isDelivered: boolean): readonly string[] {
  const tenant = tenantColumnOf(entity)
  const own = (value: string, otherwise = 'null') =>
    tenant === null ? value : `case when tenant = ${ownTenant(tenant)} then ${value} else ${otherwise} end`
  const claims = claimNames(index)
  const values: readonly (readonly [string, string])[] = [
    ['tenant_id', tenant === null ? 'tenant::uuid' : `row_now.${toText(sql.identifier(tenant))}`],
    ['entity', toText(sql.literal(entity.name))],
    ['type', 'kind'],
    ['key', toText(keyText(entity, 'row_now', index.entities))],
    ['actor_id', own('rowhouse.actor_id()')],
    ['as_role', own(`nullif(current_setting('role', true), 'none')`)],
    ...(claims.length === 0 ? [] : [['claims', own(claimsOf(claims), `'{}'`)] as const]),
    ['data', `jsonb_build_object('changed', to_jsonb(changed), 'values', told) || more`],
  ]
  return [
    `insert into rowhouse.event (${values.map(([name]) => name).join(', ')})`,
    `values (${values.map(([, value]) => value).join(', ')})${isDelivered ? ' returning * into written' : ''};`,
  ]
}

/** Names of claims in snake case, as settings call them. */
function claimNames({ model }: ModelIndex): readonly string[] {
  return (model.actor?.values ?? []).filter(({ kind }) => kind === 'claim').map(({ name }) => snakeCase(name))
}

function claimsOf(names: readonly string[]): string {
  const each = names.map((name) => `${toText(sql.literal(name))}, rowhouse.claim(${toText(sql.literal(name))})`)
  return `jsonb_strip_nulls(jsonb_build_object(${each.join(', ')}))`
}

/** Adds the jobs of who listens to the event. */
function deliver(entity: Entity, index: ModelIndex): readonly string[] {
  const whens = writtenEvents(entity, index).flatMap((event) => {
    const listening = subscribersTo(index.model, entity, event)
    if (listening.length === 0) return []
    const names = Object.fromEntries(listening.map(({ name, attempts }) => [name, attempts]))
    return [`when ${toText(sql.literal(event))} then ${toText(sql.literal(JSON.stringify(names)))}::jsonb`]
  })
  if (whens.length === 0) return []
  return [`perform rowhouse_queue.deliver(written, case kind ${whens.join(' ')} else '{}' end);`]
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

/** A new row is told with its values, a deleted one with its last; of a change what it changed, and only that is put into JSON. */
function ofChange(entity: Entity): readonly string[] {
  const state = builtInField(entity, 'status')?.column ?? null
  const ends = (row: string) => `${row}.${toText(sql.identifier(state!))}`
  const parts = changingParts(entity).flatMap(({ name, columns, value }) => {
    const json = value('row_now')
    const word = toText(sql.literal(name))
    return [
      `  if ${columns.map(differs).join(' or ')} then`,
      `    changed := changed || ${word}::text;`,
      ...(json === null ? [] : [`    told := told || jsonb_build_object(${word}, ${toText(json)});`]),
      '  end if;',
    ]
  })
  return [
    `if tg_op = 'UPDATE' then`,
    ...parts,
    ...(state === null
      ? []
      : [
          `  if ${differs(state)} then`,
          `    more := coalesce(nullif(current_setting('rowhouse.transition', true), '')::jsonb, '{}')`,
          `      || jsonb_build_object('from', ${ends('old')}, 'to', ${ends('new')});`,
          '  end if;',
        ]),
    'else',
    `  told := ${toText(valuesOf(toldParts(entity)))};`,
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
