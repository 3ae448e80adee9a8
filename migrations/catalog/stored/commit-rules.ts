import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  bareRow,
  entityRuleName,
  entityRuleToSql,
  keptSql,
  type ModelIndex,
  namedRow,
  type RowReference,
} from '#policies'
import { type Entity, type EntityRule, keyColumnsOf, rulesAtCommit, tenantColumnOf } from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { privateFunction } from '../functions/private-function.ts'
import { raise, tableName } from '../functions/raise.ts'

/** Name of the function that looks at a rule when the transaction commits. */
export function commitFunctionName(entity: Entity, rule: EntityRule): string {
  return fitIdentifier(`holds_${entityRuleName(entity, rule)}`)
}

/**
 * A trigger for each rule that looks at other rows by stored formulas. All that the rule reads is in the row: who changes other rows has written the
 * values there, and holds the row until the end. So only rows that break the rule when they are written are looked at again.
 */
export function commitTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  return rulesAtCommit(entity, index.entities).map((rule) => {
    const call = `${toText(sql.identifier('rowhouse_private', commitFunctionName(entity, rule)))}()`
    const broken = toText(brokenSql(entity, rule, index, namedRow('new')))
    return {
      name: entityRuleName(entity, rule),
      definition: `constraint after insert or update on ${tableName(entity)} deferrable initially deferred for each row when (${broken}) execute function ${call}`,
      holds: { title: rule.title, entity: entity.name, broken: toText(brokenSql(entity, rule, index, bareRow)) },
    }
  })
}

/** True of live rows that definitely break the rule. What removed rows follow from is removed as well. */
export function brokenSql(entity: Entity, rule: EntityRule, index: ModelIndex, row: RowReference): Sql {
  const broken = sql`(${entityRuleToSql(entity, rule, index, row)}) is false`
  const kept = keptSql(entity, row)
  return toText(kept) === 'true' ? broken : sql`${kept} and ${broken}`
}

/** Functions of {@link commitTriggers}. */
export function commitFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  return rulesAtCommit(entity, index.entities).map((rule) => commitFunction(entity, rule, index))
}

function commitFunction(entity: Entity, rule: EntityRule, index: ModelIndex): DatabaseFunction {
  const tenant = tenantColumnOf(entity)
  const row = namedRow('t')
  const keys = [
    ...(tenant === null ? [] : [tenant]),
    ...keyColumnsOf(entity, index.entities).map(({ column }) => column),
  ]
  const isIt = keys.map((column) => `t.${quoted(column)} = new.${quoted(column)}`).join(' and ')
  const broken = toText(brokenSql(entity, rule, index, row))
  const refusal = raise({
    state: '23514',
    message: `A row of "${entity.name}" breaks the rule "${rule.title}".`,
    facts: { schema: entity.schema, table: entity.table, constraint: entityRuleName(entity, rule) },
  })
  return privateFunction({
    name: commitFunctionName(entity, rule),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    isPlannedOnce: true,
    body: [
      ...(tenant === null ? [] : ['declare', "  pin text := current_setting('rowhouse.tenant_id', true);"]),
      'begin',
      ...pinned(tenant, `new.${quoted(tenant ?? '')}::text`, `new.${quoted(tenant ?? '')}::text`),
      // As it is by now: what was written behind it may have mended it.
      `  perform 1 from ${tableName(entity)} t where ${isIt} and ${broken};`,
      `  if found then ${refusal} end if;`,
      ...pinned(tenant, `new.${quoted(tenant ?? '')}::text`, "coalesce(pin, '')"),
      '  return null;',
      'end',
    ].join('\n'),
    execute: [':OWNER'],
    comment: `Looks at "${rule.title}" when a transaction commits.`,
  })
}

/** Loads write, and foreign keys cascade to, rows of any tenant. */
function pinned(tenant: string | null, whose: string, to: string): readonly string[] {
  if (tenant === null) return []
  return [`  if pin is distinct from ${whose} then perform set_config('rowhouse.tenant_id', ${to}, true); end if;`]
}

function quoted(name: string): string {
  return toText(sql.identifier(name))
}
