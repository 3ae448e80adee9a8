import { canonicalHash, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowsToSql,
  bareRow,
  becomingToSql,
  gateOf,
  liveSql,
  type ModelIndex,
  ownReachSets,
  passesToSql,
  privateRole,
  type RulePart,
  reachViewsOf,
  readsBefore,
  rulePartsOf,
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
  const scope = policyScope(entity, index)
  const fromRules = rulePartsIn(scope).map(({ part, command }) => rulePolicy(part, command, scope))
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

/** What policies are compiled for. */
export function policyScope(entity: Entity, index: ModelIndex): Scope {
  return {
    index,
    entity,
    row: bareRow,
    actor: statementActor,
    related: 'set',
    depth: 0,
    carries: true,
    reachViews: reachViewsOf(entity, index),
  }
}

/** The parts of an entity's rules, each with the command that it is a policy for. */
export function rulePartsIn(scope: Scope): readonly { readonly part: RulePart; readonly command: Command }[] {
  const { entity, index } = scope
  const rules = rulesOf(index, entity).filter(({ effect }) => effect !== 'reserve')
  return rules.flatMap((rule) =>
    (Object.keys(commandOf) as (keyof typeof commandOf)[])
      .filter((verb) => ruleCovers(entity, rule, verb))
      .flatMap((verb) => rulePartsOf(rule, scope).map((part) => ({ part, command: commandOf[verb] }))),
  )
}

/** The policy that a part of a rule is for a command. */
export function rulePolicy(part: RulePart, command: Command, scope: Scope): Policy {
  const { rule } = part
  const allows = rule.effect === 'allow'
  const { using, check } = allows ? allowClauses(part, command, scope) : denyClauses(rule, command, scope)
  return {
    name: partName(scope.entity, part, command),
    permissive: allows,
    command,
    roles: [...part.roles],
    using: using === null ? null : toText(using),
    check: check === null ? null : toText(check),
    comment: rule.title,
  }
}

/** Titles of the rules that give the right which a policy's rule asks for, where it is written out for them; none otherwise. */
export function rightsBehind(name: string, entity: Entity, index: ModelIndex): readonly string[] {
  const found = rulePartsIn(policyScope(entity, index)).find(
    ({ part, command }) => partName(entity, part, command) === name,
  )
  return found?.part.by ?? []
}

/** Name of the policy that a rule is for a command: Postgres would cut its title at 63 bytes. */
export function policyName(entity: Pick<Entity, 'name'>, rule: Rule, command: Command): string {
  return partName(entity, { rule, by: [], among: null }, command)
}

/** A rule that is written out for other rules has a policy for each; whoever they are asked for besides tells two apart. */
function partName(
  entity: Pick<Entity, 'name'>,
  { rule, by, among }: Pick<RulePart, 'rule' | 'by' | 'among'>,
  command: Command,
): string {
  const part = by.length === 0 ? {} : { by, asked: among !== null }
  const hash = canonicalHash({ entity: entity.name, title: rule.title, command, ...part }).slice(0, 12)
  return `${rule.effect === 'allow' ? 'r' : 'd'}_${hash}`
}

interface Clauses {
  readonly using: Sql | null
  readonly check: Sql | null
}

function allowClauses({ rule, among }: RulePart, command: Command, scope: Scope): Clauses {
  const isMeant = among === null ? [] : [scope.actor.isAmong(among)]
  if (command === 'insert') return { using: null, check: allOf([...isMeant, allowsToSql(rule, scope)]) }
  const gate = gateOf(scope.entity, scope.index, hasOthers(command, scope))
  const guess = command === 'select' ? ({ guess: isBesideSet(scope) ? 'all' : 'sets' } as const) : {}
  const matches = allowsToSql(rule, { ...scope, stored: true, gate, ...guess })
  // Plain, so that indexes over live rows serve.
  // Who is not meant is spared the rows: a filter would be asked of each, beside the policies of others.
  const isLet = isMeant.map((answer) => gate.alone(answer))
  const using = allOf([liveSql(scope.entity, bareRow, scope.index, 'set'), ...isLet, matches])
  return { using, check: command === 'update' ? allOf([...isMeant, becomingClause(rule, scope)]) : null }
}

/** What a change from one value to another is, only the guard can tell: it is there then. */
function becomingClause(rule: Rule, scope: Scope): Sql {
  const { becoming } = rule
  const needsGuard = becoming !== null && becoming !== 'anything' && readsBefore(becoming)
  return becomingToSql(needsGuard ? { ...rule, becoming: 'anything' } : rule, scope)
}

/** Whether a caller may see rows by a reach set too, whose rows the planner thinks few. */
function isBesideSet({ entity, index }: Scope): boolean {
  const isSet = (name: string) => index.actorValues.get(name)?.kind === 'reach'
  return rulesOf(index, entity).some(
    (rule) =>
      rule.effect === 'allow' &&
      rule.where !== null &&
      ruleCovers(entity, rule, 'read') &&
      [...ownReachSets(rule.where, entity, index)].some(isSet),
  )
}

/** Whether a caller may see rows by more than one policy. */
function hasOthers(command: Command, { entity, index }: Scope): boolean {
  const verb = (Object.keys(commandOf) as (keyof typeof commandOf)[]).find((each) => commandOf[each] === command)!
  const allows = rulesOf(index, entity).filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, verb))
  return allows.length > 1
}

function denyClauses(rule: Rule, command: Command, scope: Scope): Clauses {
  if (command === 'insert') return { using: null, check: passesToSql(rule, scope) }
  const passes = passesToSql(rule, { ...scope, stored: true, gate: gateOf(scope.entity, scope.index, false) })
  // A deny judges the row as it is; without a check of its own Postgres would apply `using` to the new row as well.
  return { using: passes, check: command === 'update' ? sql`true` : null }
}
