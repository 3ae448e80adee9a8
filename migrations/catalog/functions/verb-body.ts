import { type Sql, sql, toText } from '#base'
import {
  allowedToSql,
  audienceRoles,
  callerRole,
  deniedToSql,
  denying,
  type ModelIndex,
  namedRow,
  type RolePlaceholder,
  rowActor,
  allowing as rulesAllowing,
  type Scope,
} from '#policies'
import { builtInField, type Entity, isZoneless, type Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import { rowKeyOf } from '../row-key.ts'
import type { Cascade, Dependant } from './cascade.ts'
import { mayReadName } from './may-read-function.ts'
import { rowArguments } from './private-function.ts'
import { raise, tableName } from './raise.ts'
import { refuseOurs } from './target-tenant.ts'

/** Roles of the rules that allow the verb. */
export function verbAudience(entity: Entity, verb: string, index: ModelIndex): readonly RolePlaceholder[] {
  return rulesAllowing(verb, verbScope(entity, index)).flatMap((rule) => audienceRoles(rule.audience))
}

/** Declares who asks. */
export const callerLine = `  caller text := ${toText(callerRole)};`

/** Variables of the function: `ids_0` are rows of the entity itself, `ids_1` … those that go along. */
export function declarations(cascade: Cascade, index: ModelIndex): readonly string[] {
  const [root] = cascade.entities
  const types = cascade.entities.map((entity) => rowKeyOf(entity, index).type)
  // Batches of one type share a variable.
  const batches = [...new Set(['uuid', ...types.slice(1)])]
  return [
    '#variable_conflict use_variable',
    'declare',
    callerLine,
    `  target ${tableName(root!)};`,
    '  instant timestamp with time zone;',
    ...batches.map((type) => `  ${batchName(type)} ${type}[];`),
    '  more boolean;',
    ...cascade.entities.map(
      (entity, at) =>
        `  ids_${at} ${types[at]}[] := ${at === 0 ? `array[${rootKey(entity, index)}]` : "'{}'"}; -- ${entity.name}`,
    ),
  ]
}

function batchName(type: string): string {
  return type === 'uuid' ? 'batch' : `batch_${type.replaceAll(/[^a-z0-9]+/g, '_')}`
}

/** The row's key from the arguments, as lists hold it. */
function rootKey(entity: Entity, index: ModelIndex): string {
  const names = rowArguments(entity, index).map(({ name }) => name)
  return names.length === 1 ? names[0]! : `pg_catalog.jsonb_build_array(${names.join(', ')})`
}

/** That `t0` is the row that the arguments name. */
export function isRow(entity: Entity, index: ModelIndex): string {
  return rowArguments(entity, index)
    .map(({ column, name }) => `t0.${toText(sql.identifier(column))} = ${name}`)
    .join(' and ')
}

/** The column that tells when a row was removed, quoted. */
export function removedColumn(entity: Entity): string {
  return toText(sql.identifier(builtInField(entity, 'deletedAt')?.column ?? 'deleted_at'))
}

/**
 * Locks the row and leaves with `missing` where the caller may not know of it. Asked before the lock too, so that nobody
 * waits for a row that it may not see.
 */
export function lockRow(entity: Entity, state: Sql, index: ModelIndex): readonly string[] {
  const row = rowArguments(entity, index)
    .map(({ name }) => name)
    .join(', ')
  const hidden = `not rowhouse_private.${toText(sql.identifier(mayReadName(entity)))}(${row})`
  return [
    `  if ${hidden} then return 'missing'; end if;`,
    ...refuseOurs(entity, `${isRow(entity, index)} and ${toText(state)}`),
    `  select t0.* into target from ${tableName(entity)} t0 where ${isRow(entity, index)} and ${toText(state)} for update;`,
    `  if not found or ${hidden} then return 'missing'; end if;`,
  ]
}

/** When the caller says that it read the row: an argument of the function, where rows know when they were changed. */
export function unchangedOption(entity: Entity): {
  readonly option?: { readonly name: string; readonly type: string }
} {
  if (builtInField(entity, 'updatedAt') === null) return {}
  return { option: { name: 'if_updated_at', type: 'timestamp with time zone' } }
}

/** Behind the lock: leaves with `stale` where the row, which the caller may read, was changed since. */
export function refuseStale(entity: Entity): readonly string[] {
  const field = builtInField(entity, 'updatedAt')
  if (field === null) return []
  const updatedAt = `target.${toText(sql.identifier(field.column))}`
  const instant = isZoneless(field) ? `pg_catalog.timezone('utc', ${updatedAt})` : updatedAt
  return [`  if if_updated_at is not null and ${instant} is distinct from if_updated_at then return 'stale'; end if;`]
}

/** Raises 42501 where a deny stands or no rule allows the verb. */
export function decide(entity: Entity, verb: string, index: ModelIndex): readonly string[] {
  const scope = verbScope(entity, index)
  const caller = sql`caller`
  const denials = denying(verb, scope).flatMap((rule) => [
    `  -- ${commentText(rule.title)}`,
    `  if ${toText(deniedToSql(rule, scope, caller))} then`,
    `    ${raiseDenial(rule)}`,
    '  end if;',
  ])
  return [
    ...denials,
    `  if (${toText(allowedToSql(verb, scope, caller))}) is not true then`,
    `    ${raise({ state: '42501', message: 'no rule allows this', facts: {} })}`,
    '  end if;',
  ]
}

/** What is raised where a deny stands; its title comes as detail, its reason as hint. */
export function raiseDenial({ title, because }: Rule): string {
  const facts = { detail: title, ...(because === null ? {} : { hint: because }) }
  return raise({ state: '42501', message: deniedMessage, facts })
}

/** Tells the server that detail and hint beside it are title and reason of a rule. */
export const deniedMessage = 'a rule denies this'

/**
 * Marks the dependants of every marked row, again and again until none is left, so that trees and cycles end too.
 *
 * @param mark `state`: which rows are taken along; `value`: what `deleted_at` becomes
 */
export function spread(
  cascade: Cascade,
  mark: { readonly state: (entity: Entity) => Sql; readonly value: Sql },
  index: ModelIndex,
): readonly string[] {
  if (cascade.edges.length === 0) return []
  const steps = cascade.edges.flatMap(({ entity, relation, target }) => {
    const link = toText(sql.identifier(relation.column))
    const ids = `ids_${cascade.entities.indexOf(entity)}`
    const key = rowKeyOf(entity, index)
    const columns = rowArguments(entity, index).map(({ column }) => toText(sql.identifier(column)))
    const all = (row: string) => columns.map((column) => `${row}.${column}`).join(', ')
    const same = columns.map((column) => `t1.${column} = locked.${column}`).join(' and ')
    const batch = batchName(key.type)
    return [
      `    -- ${entity.name}.${relation.name}`,
      '    with locked as (',
      `      select ${all('t0')} from ${tableName(entity)} t0`,
      `      where t0.${link} = any (ids_${cascade.entities.indexOf(target)}) and ${toText(mark.state(entity))} for update`,
      '    ), marked as (',
      `      update ${tableName(entity)} t1 set ${removedColumn(entity)} = ${toText(mark.value)} from locked where ${same} returning ${all('t1')}`,
      '    )',
      `    select array_agg(${toText(key.of(namedRow('marked')))}) into ${batch} from marked;`,
      `    if ${batch} is not null then ${ids} := ${ids} || ${batch}; more := true; end if;`,
    ]
  })
  return ['  loop', '    more := false;', ...steps, '    exit when not more;', '  end loop;']
}

/** Facts about a relation, for the server's message. */
export function factsOf(dependant: Dependant, table: Entity, constraint: string): Readonly<Record<string, string>> {
  return { schema: table.schema, table: table.table, column: dependant.relation.column, constraint }
}

/** What rules of a verb are compiled for: the row is `target`. */
export function verbScope(entity: Entity, index: ModelIndex): Scope {
  return { index, entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }
}
