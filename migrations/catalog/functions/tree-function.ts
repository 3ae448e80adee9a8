import { fitIdentifier, sql, toText } from '#base'

import { type Entity, hasTenant, objectName, type ToOne, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'
import { raise, tableName } from './raise.ts'

/** The relation that makes an entity's rows a tree, or null. */
export function treeOf(entity: Entity): ToOne | null {
  return toOnesOf(entity).find((relation) => relation.name === entity.tree) ?? null
}

/** Name of the trigger function that keeps trees trees. */
export function treeName(entity: Entity): string {
  return fitIdentifier(`tree_${objectName(entity)}`)
}

/**
 * Trigger function: no row is below itself. Moves within a table wait for each other, because each of two may be sound and
 * both together a circle. Where later statements see the rows as they were (isolation above `read committed`) that is not
 * enough: there the way up is locked, and fails with 40001 if somebody has changed it.
 */
export function treeFunction(entity: Entity, relation: ToOne): DatabaseFunction {
  const up = toText(sql.identifier(relation.column))
  const facts = { schema: entity.schema, table: entity.table, column: relation.column }
  const key = hasTenant(entity) ? `coalesce(new."tenant_id"::text, '')` : "''"
  const lock = toText(sql.literal(`rowhouse.tree ${entity.name} `))
  const body = [
    'declare',
    `  above ${tableName(entity)}.${up}%type := new.${up};`,
    "  met text[] := '{}';",
    'begin',
    ...(hasTenant(entity) ? tenantLines(facts) : []),
    "  if tg_op = 'UPDATE' then",
    `    if new.${up} is not distinct from old.${up} then return new; end if;`,
    `    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${lock} || ${key}, 0));`,
    '  end if;',
    // A circle that is there already ends as well.
    '  while above is not null and above::text <> all (met) loop',
    '    if above = new."id" then',
    `      ${raise({ state: 'RH422', message: 'a row cannot be below itself', facts })}`,
    '    end if;',
    '    met := met || above::text;',
    "    if tg_op = 'UPDATE' and pg_catalog.current_setting('transaction_isolation') <> 'read committed' then",
    `      select t0.${up} into above from ${tableName(entity)} t0 where t0."id" = above for share;`,
    '    else',
    `      select t0.${up} into above from ${tableName(entity)} t0 where t0."id" = above;`,
    '    end if;',
    '  end loop;',
    '  return new;',
    'end',
  ].join('\n')
  return privateFunction({
    name: treeName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `No row of ${entity.name} is below itself.`,
  })
}

/** Rows of another tenant are out of sight here: a load that names no tenant would be believed anything. */
function tenantLines(facts: Readonly<Record<string, string>>): readonly string[] {
  return [
    '  if above is not null and new."tenant_id" is distinct from rowhouse.tenant_id() then',
    `    ${raise({ state: '42501', message: 'set rowhouse.tenant_id to the tenant of the row', facts })}`,
    '  end if;',
  ]
}
