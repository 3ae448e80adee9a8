import { canonicalHash, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowsToSql,
  audienceRoles,
  bareRow,
  becomingToSql,
  liveSql,
  type ModelIndex,
  passesToSql,
  privateRole,
  rulesOf,
  type Scope,
  statementActor,
} from '#policies'
import { type Entity, isHistory, isShared, ours, type Rule, ruleCovers, tenantColumnOf } from '#schema'
import type { Policy } from './catalog.ts'
import { historyPolicies } from './histories.ts'
import { linkPolicies } from './links.ts'

type Command = Exclude<Policy['command'], 'all'>

/** The verbs that Postgres itself decides, with the command that each of them is. */
export const commandOf = { read: 'select', create: 'insert', update: 'update', delete: 'delete' } as const

/** Row policies of an entity's table, by name. */
export function policiesOf(entity: Entity, index: ModelIndex): readonly Policy[] {
  const scope: Scope = { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 }
  const fromRules = rulesOf(index, entity).flatMap((rule) =>
    (Object.keys(commandOf) as (keyof typeof commandOf)[])
      .filter((verb) => ruleCovers(entity, rule, verb))
      .map((verb) => rulePolicy(rule, commandOf[verb], scope)),
  )
  const fromEnds = entity.link === null ? [] : linkPolicies(entity, index)
  const fromRow = isHistory(entity) ? historyPolicies(entity, index) : []
  const tenant = tenantColumnOf(entity)
  const all = [
    ...(isShared(entity) ? sharedTenantPolicies : tenant === null ? [] : [tenantPolicy(tenant)]),
    privatePolicy,
    ...fromRules,
    ...fromEnds,
    ...fromRow,
  ]
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Restrictive, for everybody: no rule can cross tenants. */
export function tenantPolicy(column: string): Policy {
  const pinned = toText(sql`${sql.identifier(column)} = (select rowhouse.tenant_id())`)
  return {
    name: 'tenant',
    permissive: false,
    command: 'all',
    roles: ['public'],
    using: pinned,
    check: pinned,
    comment: 'Nobody sees or writes rows of another tenant.',
  }
}

const isOwn = `"tenant_id" = (select rowhouse.tenant_id())`
const nil = toText(sql`${sql.literal(ours)}::uuid`)

/**
 * Our rows are read beside the own ones: one list of two, which indexes that lead with the tenant serve, and no `or`. Nobody writes
 * them, not even who claims to be nobody's tenant.
 */
const sharedTenantPolicies: readonly Policy[] = [
  {
    ...tenantPolicy('tenant_id'),
    using: `"tenant_id" = any (array[${nil}, (select rowhouse.tenant_id())])`,
    check: `${isOwn} and "tenant_id" <> ${nil}`,
    comment: 'Everybody sees rows of all and of their own tenant, nobody those of another.',
  },
  ...(['update', 'delete'] as const).map(
    (command): Policy => ({
      ...tenantPolicy('tenant_id'),
      name: `tenant_${command}`,
      command,
      using: `${isOwn} and "tenant_id" <> ${nil}`,
      check: command === 'update' ? `${isOwn} and "tenant_id" <> ${nil}` : null,
      comment: 'Nobody writes rows of all.',
    }),
  ),
]

/** Lets functions of `:PRIVATE` in, within the tenant. */
export const privatePolicy: Policy = {
  name: 'private',
  permissive: true,
  command: 'all',
  roles: [privateRole],
  using: 'true',
  check: 'true',
  comment: 'Functions that decide rules see every row of the tenant.',
}

function rulePolicy(rule: Rule, command: Command, scope: Scope): Policy {
  const allows = rule.effect === 'allow'
  const { using, check } = allows ? allowClauses(rule, command, scope) : denyClauses(rule, command, scope)
  return {
    name: policyName(scope.entity, rule, command),
    permissive: allows,
    command,
    roles: audienceRoles(rule.audience),
    using: using === null ? null : toText(using),
    check: check === null ? null : toText(check),
    comment: rule.title,
  }
}

/** Name of the policy that a rule is for a command: Postgres would cut its title at 63 bytes. */
export function policyName(entity: Pick<Entity, 'name'>, { effect, title }: Rule, command: Command): string {
  const hash = canonicalHash({ entity: entity.name, title, command }).slice(0, 12)
  return `${effect === 'allow' ? 'r' : 'd'}_${hash}`
}

interface Clauses {
  readonly using: Sql | null
  readonly check: Sql | null
}

function allowClauses(rule: Rule, command: Command, scope: Scope): Clauses {
  const matches = allowsToSql(rule, scope)
  if (command === 'insert') return { using: null, check: matches }
  // Plain, so that indexes over live rows serve.
  const using = allOf([liveSql(scope.entity, bareRow, scope.index, 'set'), matches])
  return { using, check: command === 'update' ? becomingToSql(rule, scope) : null }
}

function denyClauses(rule: Rule, command: Command, scope: Scope): Clauses {
  const passes = passesToSql(rule, scope)
  if (command === 'insert') return { using: null, check: passes }
  // A deny judges the row as it is; without a check of its own Postgres would apply `using` to the new row as well.
  return { using: passes, check: command === 'update' ? sql`true` : null }
}
