import { quoteIdentifier } from '#base'
import {
  audienceRoles,
  entityRuleName,
  isFaced,
  privateRole,
  reportsRole,
  rowsFaceName,
  rulesOf,
  searchRole,
} from '#policies'
import {
  type Entity,
  keepsTransitions,
  type ModelPath,
  type Rule,
  ruleCovers,
  secretsOf,
  storedOf,
  toOnesOf,
} from '#schema'
import type { Grant, Policy, Table, Trigger } from '../catalog/catalog.ts'
import { changedEntity } from '../catalog/histories.ts'
import { linkEndsOf } from '../catalog/links.ts'
import { commandOf, rightsBehind } from '../catalog/policies.ts'
import { eventPaths } from './event-paths.ts'
import { because, type Explaining, type Explanation, entityPath, listed, quoted } from './explanation.ts'
import { partsIn, pathOfName } from './part-of-column.ts'
import { roleWords } from './role-words.ts'

/** Why a table has a policy. */
export function explainPolicy(entity: Entity, table: Table, policy: Policy, explaining: Explaining): Explanation {
  const of = calledOf(entity, table)
  const { ruling, rows } = rulingOf(entity, explaining)
  if (isOfFace(entity, table, policy, explaining)) return explainFacePolicy(entity, policy, explaining)
  const rule = rulesOf(explaining.index, ruling).find(({ title }) => title === policy.comment)
  if (rule !== undefined && /^[rd]_/.test(policy.name)) {
    const who = roleWords(policy.roles, explaining)
    const does = `${verbOf(policy.command)} ${rows ?? of}`
    const sentence =
      rule.effect === 'allow'
        ? `"${policy.name}" lets ${who} ${does}: "${rule.title}"${rightsWords(policy, entity, explaining)}.`
        : `"${policy.name}" refuses to let ${who} ${does}: "${rule.title}".`
    return because(sentence, [rulePath(ruling, rule)])
  }
  if (policy.name === 'link') {
    const ends = linkEndsOf(entity, explaining.index).map((end) => end.entity.name)
    return because(`"link" shows a link to whoever may read both ends, the ${listed(ends)}.`, [entityPath(entity)])
  }
  const sentence = fixedPolicies[policy.name] ?? policy.comment ?? `"${policy.name}" guards ${of}.`
  return because(`"${policy.name}" of ${of}: ${lowerStart(sentence)}`, [entityPath(entity)])
}

/** A rule that asks for a right on another row has a policy for each rule that gives it. */
function rightsWords({ name }: Policy, entity: Entity, { index }: Explaining): string {
  const titles = rightsBehind(name, entity, index)
  return titles.length === 0 ? '' : `, where the right comes from ${quoted(titles)}`
}

/** Policies of single rules stand on the first face alone. */
function isOfFace(entity: Entity, table: Table, { name, command }: Policy, { index }: Explaining): boolean {
  if (!/^[rd]_/.test(name) || command !== 'select' || !isFaced(entity, index)) return false
  return table.name !== rowsFaceName(entity)
}

/** What rules of reading and reserves say together. */
function explainFacePolicy(entity: Entity, policy: Policy, explaining: Explaining): Explanation {
  const said = policy.comment?.split('; ') ?? []
  const rules = rulesOf(explaining.index, entity).filter(({ title }) => said.includes(title))
  const who = roleWords(policy.roles, explaining)
  const titles = quoted(rules.map(({ title }) => title))
  const sentence = policy.permissive
    ? `"${policy.name}" shows ${who} rows of ${entity.name} of which they see what this face shows: ${titles}.`
    : `"${policy.name}" leaves out rows of ${entity.name} of which ${who} see more than this face shows: ${titles}.`
  return because(sentence, rules.length === 0 ? [entityPath(entity)] : rules.map((rule) => rulePath(entity, rule)))
}

/** The entity whose rules decide, and what they decide about where that is not its rows. */
function rulingOf(entity: Entity, { index }: Explaining): { readonly ruling: Entity; readonly rows: string | null } {
  if (entity.historyOf === null) return { ruling: entity, rows: null }
  const rows = keepsTransitions(entity)
    ? `the changes of state of each ${entity.historyOf} that they read`
    : `the changes of each ${entity.historyOf} that they read, where the rule shows it as it was then`
  return { ruling: changedEntity(entity, index), rows }
}

const fixedPolicies: Readonly<Record<string, string>> = {
  tenant: 'Nobody sees or writes rows of another tenant, whatever the rules say.',
  reports:
    'Selects of reports see live rows of the tenant, whoever asks; what is shown of them, the rules of the report decide.',
  shown: 'The view of the report looks at its rows; who sees which of them, the rules in the view decide.',
  search:
    'Words are found by the index only where they come first: for the functions that look for them, they are row security.',
  searched:
    'The functions that find rows by words see those of the tenant; which of them callers get, the read rules decide.',
  private: 'The functions that decide rules see every row of the tenant, whoever asks.',
}

/** Why a role has a right. */
export function explainGrant(entity: Entity, table: Table, grant: Grant, explaining: Explaining): Explanation {
  const of = calledOf(entity, table)
  if (grant.to === privateRole && table.face === undefined && table.computed === true)
    return because(keptWords(grant, of), [entityPath(entity)])
  if (grant.to === privateRole) return because(`${privateWords(grant, of, entity)}`, [entityPath(entity)])
  if (grant.to === reportsRole)
    return because(`The grant of ${grant.privilege} lets the selects of reports look at ${of}.`, [entityPath(entity)])
  if (grant.to === searchRole)
    return because(`The grant of ${grant.privilege} lets rows of ${of} be found by words.`, [[entity.name, 'search']])
  const verb = Object.entries(commandOf).find(([, command]) => command === grant.privilege)?.[0] ?? grant.privilege
  const who = roleWords([grant.to], explaining)
  const rules = grantingRules(entity, verb, grant, explaining)
  const columns = grant.columns === null ? '' : ` (${grant.columns.length} of ${table.columns.length} columns)`
  const start = `The grant of ${grant.privilege} lets ${who} ${verb} rows of ${of}${columns}`
  if (rules.length > 0) {
    const titles = quoted(rules.map(({ rule }) => rule.title))
    return because(
      `${start}; which rows, policies decide: ${titles}.`,
      rules.map((each) => rulePath(each.entity, each.rule)),
    )
  }
  return because(`${start}.`, [entityPath(entity)])
}

interface RuleOf {
  readonly entity: Entity
  readonly rule: Rule
}

/** The rules that a grant is there for; links are read by those who read an end, changes by those who read the row. */
function grantingRules(entity: Entity, verb: string, grant: Grant, { index }: Explaining): readonly RuleOf[] {
  const entities =
    entity.historyOf !== null
      ? [changedEntity(entity, index)]
      : entity.link === null
        ? [entity]
        : linkEndsOf(entity, index).map((end) => end.entity)
  return entities.flatMap((each) =>
    rulesOf(index, each)
      .filter((rule) => rule.effect === 'allow' && ruleCovers(each, rule, verb))
      .filter((rule) => audienceRoles(rule.audience).some((role) => role === grant.to))
      .map((rule) => ({ entity: each, rule })),
  )
}

function keptWords({ privilege }: Grant, of: string): string {
  return `The grant of ${privilege} lets the function that computes the rows ${privilege} those of ${of}; nobody else may.`
}

function privateWords({ privilege, columns }: Grant, of: string, entity: Entity): string {
  const start = `The grant of ${privilege} lets the functions that decide rules`
  if (privilege === 'select') return `${start} look at ${of}.`
  if (privilege === 'update' && storedOf(entity).length > 0)
    return `${start} write what the database keeps of rows of ${of} (${listed(columns ?? [])}).`
  if (privilege === 'update') return `${start} mark rows of ${of} as removed or restored (${listed(columns ?? [])}).`
  return `${start} ${privilege} ${of}; nobody else may.`
}

/** Why a table has a trigger. */
export function explainTrigger(entity: Entity, table: Table, trigger: Trigger, explaining: Explaining): Explanation {
  const says = triggerSays(entity, trigger.name, explaining)
  if (says === null) return explainByFunction(entity, table, trigger, explaining)
  const paths = says.paths.length === 0 ? [entityPath(entity)] : says.paths
  return because(`"${trigger.name}" ${says.words(calledOf(entity, table))}.`, paths)
}

/** Triggers that are not known here are told by the comment of the function that they run. */
function explainByFunction(entity: Entity, table: Table, trigger: Trigger, { catalog }: Explaining): Explanation {
  const own = catalog.functions.find(({ name }) => trigger.definition.includes(`${quoteIdentifier(name)}(`))
  const does = own?.comment ?? `It looks after rows of ${calledOf(entity, table)}.`
  const columns = /^before (.*?) on /.exec(trigger.definition)?.[1] ?? ''
  const paths = partsIn(entity, table, columns).map(({ path }) => path)
  return because(`"${trigger.name}" of ${calledOf(entity, table)}: ${does}`, [...paths, entityPath(entity)])
}

interface TriggerSays {
  readonly words: (of: string) => string
  readonly paths: readonly ModelPath[]
}

function triggerSays(entity: Entity, name: string, { index }: Explaining): TriggerSays | null {
  switch (name) {
    case 'rowhouse_0_keep':
      return { words: (of) => `refuses every change to rows of ${of}`, paths: [[entity.name, 'immutable']] }
    case 'rowhouse_0_secrets':
    case 'rowhouse_7_secrets': {
      const verb = name === 'rowhouse_0_secrets' ? 'takes' : 'forgets'
      const words = (of: string) =>
        verb === 'takes' ? `takes secrets out of rows of ${of}` : `forgets secrets that rows of ${of} let go of`
      return { words, paths: secretsOf(entity).map(({ name: field }) => pathOfName(entity, field)) }
    }
    case 'rowhouse_1_link': {
      const links = toOnesOf(entity).map((relation) => relation.name)
      const words = (of: string) => `lets ${listed(links)} of ${of} lead only to live rows that the caller may read`
      return { words, paths: links.map((link) => pathOfName(entity, link)) }
    }
    case 'rowhouse_1_values': {
      const filled = entity.fields.filter((field) => !field.builtIn && (field.default !== null || field.from !== null))
      const words = (of: string) => `gives new rows of ${of} the values that the database decides`
      return { words, paths: filled.map((field) => pathOfName(entity, field.name)) }
    }
    case 'rowhouse_2_guard':
    case 'rowhouse_2_guard_new': {
      const rules = rulesOf(index, entity).filter(
        (rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'create', 'update'),
      )
      const words = (of: string) => `holds each change of ${of} to one single rule, which policies alone cannot`
      return { words, paths: rules.map((rule) => rulePath(entity, rule)) }
    }
    case 'rowhouse_3_touch':
      return { words: (of) => `keeps updatedAt of ${of}`, paths: [] }
    case 'rowhouse_5_event':
    case 'rowhouse_6_event':
    case 'rowhouse_7_event':
      return { words: (of) => `writes down what happens to rows of ${of}`, paths: eventPaths(entity, index.model) }
    case 'rowhouse_5_history':
      return { words: (of) => `keeps what each new ${of} is, and who made it`, paths: [[entity.name, 'history']] }
    case 'rowhouse_6_history':
      return { words: (of) => `keeps what each ${of} becomes, and who changed it`, paths: [[entity.name, 'history']] }
    case 'rowhouse_4_created':
      return { words: (of) => `tells the server the id of each new ${of}`, paths: [] }
    default:
      return heldRule(entity, name)
  }
}

/** The trigger of a rule that looks at other rows. */
function heldRule(entity: Entity, name: string): TriggerSays | null {
  const rule = entity.rules.find((each) => entityRuleName(entity, each) === name)
  if (rule === undefined) return null
  const words = (of: string) => `holds every ${of} to "${rule.title}" when a transaction commits`
  return { words, paths: [[entity.name, 'rules', rule.title]] }
}

/** Where a rule was written. */
export function rulePath({ name }: Entity, { title }: Rule): ModelPath {
  return [name, 'policy', title]
}

function verbOf(command: Policy['command']): string {
  return Object.entries(commandOf).find(([, each]) => each === command)?.[0] ?? 'do anything with'
}

function calledOf(entity: Entity, table: Table): string {
  return entity.link === null ? entity.name : table.name
}

function lowerStart(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
