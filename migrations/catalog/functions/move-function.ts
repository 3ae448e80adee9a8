import { fitIdentifier, sql, toText } from '#base'
import {
  allOf,
  allowing,
  allowsToSql,
  audienceRoles,
  becomingToSql,
  callerRole,
  deniedToSql,
  denying,
  entityOf,
  inAudienceToSql,
  liveSql,
  type ModelIndex,
  namedRow,
  rowActor,
  type Scope,
} from '#policies'
import { type Entity, objectName, type Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import type { DatabaseFunction } from '../catalog.ts'
import { mayReadName } from './may-read-function.ts'
import { lockWhole, type OrderedPart, orderedParts } from './place.ts'
import { privateFunction } from './private-function.ts'
import { raise, tableName } from './raise.ts'
import { refuseOurs } from './target-tenant.ts'
import { raiseDenial } from './verb-body.ts'

/** The part whose order callers change, or null: where no rule allows updates that cover it. With several the first. */
export function movable(entity: Entity, index: ModelIndex): OrderedPart | null {
  const [relation] = orderedParts(entity)
  return relation !== undefined && !entity.immutable && moveRules(entity, relation, index).length > 0 ? relation : null
}

/** Name of the function that moves a row among its siblings. */
export function moveName(entity: Entity): string {
  return fitIdentifier(`move_${objectName(entity)}`)
}

/**
 * `move_<table>(row_id, before_id, after_id, place)`: gives a row another place among its siblings. One of the last three is
 * given; `place` counts live siblings from 1. The whole is locked first, as whoever adds a part locks it.
 */
export function moveFunction(entity: Entity, relation: OrderedPart, index: ModelIndex): DatabaseFunction {
  const body = [
    '#variable_conflict use_variable',
    'declare',
    `  caller text := ${toText(callerRole)};`,
    `  target ${tableName(entity)};`,
    '  whole uuid;',
    '  anchor uuid;',
    '  anchor_place integer;',
    '  side integer;',
    'begin',
    ...lockLines(entity, relation, index),
    ...decideLines(entity, relation, index),
    ...anchorLines(entity, relation, index),
    ...renumberLines(entity, relation),
    "  return 'moved';",
    'end',
  ].join('\n')
  const made = privateFunction({
    name: moveName(entity),
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: moveRules(entity, relation, index).flatMap((rule) => audienceRoles(rule.audience)),
    comment: `Moves a row of ${entity.name} among its siblings: moved, missing or refused.`,
  })
  return {
    ...made,
    arguments: 'row_id uuid, before_id uuid, after_id uuid, place integer',
    identity: 'uuid, uuid, uuid, integer',
  }
}

/** To move a row is to update it: by rules that speak of the whole row, or of the relation to its whole. */
function moveRules(entity: Entity, relation: OrderedPart, index: ModelIndex): readonly Rule[] {
  const rules = allowing('update', scopeOf(entity, index))
  return rules.filter(({ fields }) => fields === null || fields.includes(relation.name))
}

function scopeOf(entity: Entity, index: ModelIndex): Scope {
  return { index, entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }
}

function lockLines(entity: Entity, relation: OrderedPart, index: ModelIndex): readonly string[] {
  const hidden = `not rowhouse_private.${toText(sql.identifier(mayReadName(entity)))}(row_id)`
  const link = toText(sql.identifier(relation.column))
  const live = `t0."id" = row_id and t0."deleted_at" is null`
  return [
    `  if ${hidden} then return 'missing'; end if;`,
    ...refuseOurs(entity, live),
    `  select t0.${link} into whole from ${tableName(entity)} t0 where ${live};`,
    `  ${lockWhole(entityOf(index, relation.to), 'whole')}`,
    `  select t0.* into target from ${tableName(entity)} t0 where ${live} and t0.${link} = whole for update;`,
    `  if not found or ${hidden} then return 'missing'; end if;`,
  ]
}

function decideLines(entity: Entity, relation: OrderedPart, index: ModelIndex): readonly string[] {
  const scope = scopeOf(entity, index)
  const caller = sql`caller`
  const denials = denying('update', scope).flatMap((rule) => [
    `  -- ${commentText(rule.title)}`,
    `  if ${toText(deniedToSql(rule, scope, caller))} then ${raiseDenial(rule)} end if;`,
  ])
  const allows = moveRules(entity, relation, index).map((rule) =>
    toText(
      allOf([
        inAudienceToSql(rule.audience, caller),
        allowsToSql(rule, scope),
        becomingToSql(rule, { ...scope, before: scope.row }),
      ]),
    ),
  )
  const allowed = allows.map((each) => `(${each})`).join(' or ')
  return [...denials, `  if (${allowed}) is not true then return 'refused'; end if;`]
}

/** The sibling beside which the row goes, and on which side. A hidden sibling is none. */
function anchorLines(entity: Entity, relation: OrderedPart, index: ModelIndex): readonly string[] {
  const [link, position] = [relation.column, relation.position].map((name) => toText(sql.identifier(name)))
  const mayRead = `rowhouse_private.${toText(sql.identifier(mayReadName(entity)))}`
  const siblings = `${tableName(entity)} t0 where t0.${link} = whole and ${toText(liveSql(entity, namedRow('t0'), index))}`
  const facts = { schema: entity.schema, table: entity.table }
  return [
    '  if before_id is not null or after_id is not null then',
    '    anchor := coalesce(before_id, after_id);',
    '    side := case when before_id is null then 1 else -1 end;',
    `    select t0.${position} into anchor_place from ${siblings} and t0."id" = anchor;`,
    `    if not found or not ${mayRead}(anchor) then`,
    `      ${raise({ state: 'RH404', message: 'there is no such row', facts })}`,
    '    end if;',
    '  else',
    `    select t0.${position} into anchor_place from ${siblings} and t0."id" <> row_id`,
    `      order by t0.${position} offset greatest(place - 1, 0) limit 1;`,
    '    side := -1;',
    '    if not found then',
    `      select max(t0.${position}) into anchor_place from ${siblings} and t0."id" <> row_id;`,
    '      side := 1;',
    '    end if;',
    '  end if;',
    "  if anchor = row_id or anchor_place is null then return 'moved'; end if;",
  ]
}

/** Counts the siblings anew, removed ones too; the key is checked when the statement ends. */
function renumberLines(entity: Entity, relation: OrderedPart): readonly string[] {
  const [link, position] = [relation.column, relation.position].map((name) => toText(sql.identifier(name)))
  const touched = entity.fields.some((field) => field.builtIn && field.name === 'updatedAt')
    ? `, "updated_at" = case when t1."id" = row_id then pg_catalog.now() else t1."updated_at" end`
    : ''
  return [
    `  update ${tableName(entity)} t1 set ${position} = placed.place${touched}`,
    '  from (',
    '    select t0."id", (row_number() over (order by',
    `      case when t0."id" = row_id then anchor_place else t0.${position} end,`,
    '      case when t0."id" = row_id then side else 0 end))::integer as place',
    `    from ${tableName(entity)} t0 where t0.${link} = whole`,
    '  ) placed',
    `  where t1."id" = placed."id" and t1.${position} <> placed.place;`,
  ]
}
