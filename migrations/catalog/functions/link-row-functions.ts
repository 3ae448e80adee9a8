import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowing,
  allowsToSql,
  audienceRoles,
  becomingToSql,
  callerRole,
  deniedToSql,
  denying,
  idColumnOf,
  inAudienceToSql,
  liveSql,
  type ModelIndex,
  namedRow,
  rowActor,
  type Scope,
} from '#policies'
import { type Entity, hasDeletedAt, objectName, type Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import type { DatabaseFunction } from '../catalog.ts'
import { keyColumns } from '../constraints.ts'
import { type LinkEnd, linkEndsOf } from '../links.ts'
import { rowKeyOf } from '../row-key.ts'
import { mayReadName } from './may-read-function.ts'
import { privateFunction } from './private-function.ts'
import { raise, tableName } from './raise.ts'
import { refuseOurs } from './target-tenant.ts'
import { raiseDenial } from './verb-body.ts'

/** Name of the function that makes links: `add_order__tag__link`. */
export function addLinksName(entity: Entity): string {
  return fitIdentifier(`add_${objectName(entity)}`)
}

/** Name of the function that takes links away: `drop_order__tag__link`. */
export function dropLinksName(entity: Entity): string {
  return fitIdentifier(`drop_${objectName(entity)}`)
}

/** Rules that let somebody change the links of a row: those for its update that cover the relation. */
export function linkingRules(entity: Entity, index: ModelIndex): readonly Rule[] {
  const relation = entity.link?.relation
  return allowing('update', ownerScope(entity, index)).filter(
    ({ fields }) => fields === null || fields.includes(String(relation)),
  )
}

/**
 * `add_<table>(row_id, other_ids)` and `drop_<table>(row_id, other_ids)`: nobody else writes to the table. Both are decided by
 * the update rules of the side that says `link: true`, do all or nothing, and may be repeated.
 */
export function linkRowFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  const rules = linkingRules(entity, index)
  if (rules.length === 0) return []
  const [owner, other] = linkEndsOf(entity, index).map((end) => rowKeyOf(end.entity, index).type)
  const make = (name: string, body: readonly string[], comment: string): DatabaseFunction => ({
    ...privateFunction({
      name,
      returns: 'text',
      language: 'plpgsql',
      volatility: 'volatile',
      body: [...head(entity, index), ...body, "  return 'done';", 'end'].join('\n'),
      execute: rules.flatMap((rule) => audienceRoles(rule.audience)),
      comment,
    }),
    arguments: `row_id ${owner}, other_ids ${other}[]`,
    identity: `${owner}, ${other}[]`,
  })
  const answers = 'done, missing (the row) or unreachable (one of the others)'
  return [
    make(
      addLinksName(entity),
      insertion(entity, index),
      `Links a row of ${entity.link?.entity} to others: ${answers}.`,
    ),
    make(
      dropLinksName(entity),
      deletion(entity, index),
      `Takes links of a row of ${entity.link?.entity} away: ${answers}.`,
    ),
  ]
}

/** Finds and locks the row, decides, and finds the others. */
function head(entity: Entity, index: ModelIndex): readonly string[] {
  const [owner, other] = linkEndsOf(entity, index)
  const isOwner = sql`${namedRow('t0').column(idColumnOf(owner.entity, index).column)} = row_id`
  const isHidden = `not rowhouse_private.${toText(sql.identifier(mayReadName(owner.entity)))}(row_id)`
  return [
    '#variable_conflict use_variable',
    'declare',
    `  caller text := ${toText(callerRole)};`,
    `  target ${tableName(owner.entity)};`,
    `  wanted ${rowKeyOf(other.entity, index).type}[] := array(select distinct given from unnest(other_ids) given order by given);`,
    'begin',
    // Asked before the lock too, so that nobody waits for a row that it may not see.
    `  if row_id is null or ${isHidden} then return 'missing'; end if;`,
    ...refuseOurs(owner.entity, toText(allOf([isOwner, liveSql(owner.entity, namedRow('t0'), index)]))),
    `  select t0.* into target from ${tableName(owner.entity)} t0 where ${toText(allOf([isOwner, liveSql(owner.entity, namedRow('t0'), index)]))} for no key update;`,
    `  if not found or ${isHidden} then return 'missing'; end if;`,
    ...decide(entity, index),
    ...findOthers(other, index),
  ]
}

/** One single update rule must hold for the row as it is, and as it stays; 42501 otherwise, or where a deny stands. */
function decide(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = ownerScope(entity, index)
  const caller = sql`caller`
  const denials = denying('update', scope).flatMap((rule) => [
    `  -- ${commentText(rule.title)}`,
    `  if ${toText(deniedToSql(rule, scope, caller))} then`,
    `    ${raiseDenial(rule)}`,
    '  end if;',
  ])
  const rules = linkingRules(entity, index).map(
    (rule): Sql =>
      sql`(${allOf([inAudienceToSql(rule.audience, caller), allowsToSql(rule, scope), becomingToSql(rule, { ...scope, before: scope.row })])})`,
  )
  return [
    ...denials,
    `  if (${toText(sql.join(rules, ' or '))}) is not true then`,
    `    ${raise({ state: '42501', message: 'no rule allows this', facts: {} })}`,
    '  end if;',
  ]
}

/** Hidden, removed and absent ones are alike; the caller itself may always be named. Locked, so that none is removed meanwhile. */
function findOthers({ entity }: LinkEnd, index: ModelIndex): readonly string[] {
  const row = namedRow('t0')
  const id = toText(row.column(idColumnOf(entity, index).column))
  const own = entity.name === index.model.actor?.entity ? ` or ${id} = rowhouse.actor_id()` : ''
  const mayRead = `rowhouse_private.${toText(sql.identifier(mayReadName(entity)))}(${id})`
  const tests = toText(
    allOf([sql.raw(`${id} = any (wanted)`), liveSql(entity, row, index), sql.raw(`(${mayRead}${own})`)]),
  )
  const rows = `${tableName(entity)} t0 where ${tests}`
  // Rows that are never removed need no lock but the foreign key's own.
  const lock = hasDeletedAt(entity) ? [`  perform from ${rows} order by ${id} for key share;`] : []
  return [...lock, `  if (select count(*) from ${rows}) <> cardinality(wanted) then return 'unreachable'; end if;`]
}

function insertion(entity: Entity, index: ModelIndex): readonly string[] {
  const [owner, other] = linkEndsOf(entity, index)
  const columns = [owner, other].map((end) => end.relation.column)
  const pair = columns.map((column) => toText(sql.identifier(column))).join(', ')
  const unique = keyColumns(entity, ...columns).map((column) => toText(sql.identifier(column)))
  return [
    `  insert into ${tableName(entity)} (${pair}) select row_id, given from unnest(wanted) given`,
    `    on conflict (${unique.join(', ')}) where "deleted_at" is null do nothing;`,
  ]
}

function deletion(entity: Entity, index: ModelIndex): readonly string[] {
  const [owner, other] = linkEndsOf(entity, index).map((end) => `t1.${toText(sql.identifier(end.relation.column))}`)
  return [`  delete from ${tableName(entity)} t1 where ${owner} = row_id and ${other} = any (wanted);`]
}

function ownerScope(entity: Entity, index: ModelIndex): Scope {
  const [owner] = linkEndsOf(entity, index)
  return { index, entity: owner.entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }
}
