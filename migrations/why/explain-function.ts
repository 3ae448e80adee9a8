import { fitIdentifier } from '#base'
import { ownName, reachGuessName, reachName, rulesOf, setName } from '#policies'
import { type Entity, type ModelPath, objectName, type Rule, ruleCovers, secretsOf, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog/catalog.ts'
import { appActionName } from '../catalog/functions/app-action-function.ts'
import { becauseName } from '../catalog/functions/because-function.ts'
import { eventName } from '../catalog/functions/event-function.ts'
import { purgeName } from '../catalog/functions/expiry.ts'
import { guardName } from '../catalog/functions/guard-function.ts'
import { historyName } from '../catalog/functions/history-function.ts'
import { linkName } from '../catalog/functions/link-function.ts'
import { addLinksName, dropLinksName, linkingRules } from '../catalog/functions/link-row-functions.ts'
import { mayReadName } from '../catalog/functions/may-read-function.ts'
import { optionsName } from '../catalog/functions/options-function.ts'
import { permits } from '../catalog/functions/permit-functions.ts'
import { findName, searchName } from '../catalog/functions/search-functions.ts'
import { dropSecretsName, keepSecretsName } from '../catalog/functions/secret-functions.ts'
import { setsOfRule } from '../catalog/functions/set-functions.ts'
import { transitionName } from '../catalog/functions/transition-function.ts'
import { valuesName } from '../catalog/functions/values-function.ts'
import { refreshName } from '../catalog/kept-reports.ts'
import { policyScope } from '../catalog/policies.ts'
import { commitFunctionName } from '../catalog/stored/commit-rules.ts'
import { eventPaths } from './event-paths.ts'
import { rulePath } from './explain-fence.ts'
import { because, type Explaining, type Explanation, entityPath, quoted } from './explanation.ts'
import { pathOfName } from './part-of-column.ts'

/** Why the database has a function. What it does is its comment, one sentence already. */
export function explainFunction(definition: DatabaseFunction, explaining: Explaining): Explanation {
  const { entities } = explaining.index.model
  const found =
    explainPermit(definition, explaining) ??
    explainAppAction(definition, explaining) ??
    explainReach(definition, explaining) ??
    explainSet(definition, explaining) ??
    entities.map((entity) => explainOf(entity, definition, explaining)).find((each) => each !== null) ??
    explainByWords(definition, explaining)
  return because([does(definition), ...found.sentences], found.paths)
}

function does({ name, comment }: DatabaseFunction): string {
  return `"${name}": ${comment ?? 'a function of Rowhouse.'}`
}

function explainPermit({ name }: DatabaseFunction, { index }: Explaining): Explanation | null {
  const permit = permits.find((each) => each.name === name)
  if (permit === undefined) return null
  const holders = index.model.roles.filter((role) => role[permit.option] === true)
  return because(
    permit.askedBy,
    holders.map((role) => ['roles', role.name]),
  )
}

function explainAppAction({ name }: DatabaseFunction, { index }: Explaining): Explanation | null {
  const action = index.model.actions?.find((each) => appActionName(each.name) === name)
  if (action === undefined) return null
  return because('The server asks it before it does the action.', [['actions', action.name]])
}

function explainReach({ name }: DatabaseFunction, { index }: Explaining): Explanation | null {
  const value = index.model.actor?.values.find(
    (each) =>
      (each.kind === 'reach' && reachName(each.name) === name) || (each.kind === 'own' && ownName(each.name) === name),
  )
  const guessed = index.model.actor?.values.find((each) => each.kind === 'reach' && reachGuessName(each.name) === name)
  if (guessed !== undefined)
    return because(`The planner asks it for policies with actor.${guessed.name}.`, [['actor', guessed.name]])
  if (value === undefined) return null
  return because(`Rules compare with it as actor.${value.name}.`, [['actor', value.name]])
}

function explainSet({ name }: DatabaseFunction, { index }: Explaining): Explanation | null {
  const users = index.model.policies.flatMap(({ entity: of }) => {
    const entity = index.entities.get(of)!
    const asks = (rule: Rule): boolean =>
      setsOfRule(rule, policyScope(entity, index)).some((set) => setName(set) === name)
    return rulesOf(index, entity)
      .filter(asks)
      .map((rule) => ({ entity, rule }))
  })
  if (users.length === 0) return null
  const titles = quoted([...new Set(users.map(({ rule }) => rule.title))])
  return because(
    `Policies ask it once per statement: ${titles}.`,
    users.map((each) => rulePath(each.entity, each.rule)),
  )
}

/** The functions that an entity has of its own. */
function explainOf(entity: Entity, { name }: DatabaseFunction, explaining: Explaining): Explanation | null {
  const { index } = explaining
  const rules = (...verbs: readonly string[]): readonly ModelPath[] =>
    rulesOf(index, entity)
      .filter((rule) => ruleCovers(entity, rule, ...verbs))
      .map((rule) => rulePath(entity, rule))
  const or = (paths: readonly ModelPath[]): readonly ModelPath[] => (paths.length === 0 ? [entityPath(entity)] : paths)
  switch (name) {
    case mayReadName(entity):
      return because(
        `Links to ${entity.name}, remove and restore ask it: what the caller may not read answers like what is not there.`,
        or(rules('read')),
      )
    case becauseName(entity):
      return because('The server asks it when an update or a delete was refused.', or(rules('update', 'delete')))
    case guardName(entity):
      return because(`Trigger "rowhouse_2_guard" runs it.`, or(rules('create', 'update')))
    case linkName(entity): {
      const links = toOnesOf(entity).map((relation) => pathOfName(entity, relation.name))
      return because(`Trigger "rowhouse_1_link" runs it.`, or(links))
    }
    case valuesName(entity):
      return because(`Trigger "rowhouse_1_values" runs it.`, [entityPath(entity)])
    case refreshName(entity):
      return because('"rowhouse refresh" runs it, for one tenant at a time.', [entityPath(entity)])
    case purgeName(entity):
      return because('Whoever keeps the database calls it now and then.', [[entity.name, 'expires']])
    case keepSecretsName(entity):
    case dropSecretsName(entity):
      return because(
        'What is made of a secret stands in "rowhouse.secret", which no request may touch.',
        secretsOf(entity).map(({ name: field }) => [entity.name, 'fields', field]),
      )
    case searchName(entity):
      return because('Lists that are asked for words call it; it finds what row security shows, and nothing else.', [
        [entity.name, 'search'],
        ...rules('read'),
      ])
    case findName(entity):
      return because(
        'No request may call it; what it finds, the function that requests call asks the read rules about.',
        [[entity.name, 'search']],
      )
    case eventName(entity):
      return because('Nobody writes events by other means.', eventPaths(entity, index.model))
    case optionsName(entity):
      return because('Buttons ask it: which transitions are open, and why others are not.', [
        [entity.name, 'lifecycle'],
      ])
    case historyName(entity):
      return because('Nobody writes changes by other means.', [[entity.name, 'history']])
    case addLinksName(entity):
    case dropLinksName(entity): {
      const owner = index.entities.get(entity.link?.entity ?? '')
      const deciding = owner === undefined ? [] : linkingRules(entity, index).map((rule) => rulePath(owner, rule))
      return because('Nobody writes links by other means.', [entityPath(entity), ...deciding])
    }
    default:
      return explainVerb(entity, name, rules)
  }
}

/** `remove_<table>`, `restore_<table>`, and the functions of transitions and of rules. */
function explainVerb(
  entity: Entity,
  name: string,
  rules: (...verbs: readonly string[]) => readonly ModelPath[],
): Explanation | null {
  const rule = entity.rules.find((each) => commitFunctionName(entity, each) === name)
  if (rule !== undefined) return because('Its trigger runs it.', [[entity.name, 'rules', rule.title]])
  const acts = entity.lifecycle?.transitions ?? []
  const act = acts.find((each) => name === transitionName(entity, each.name))
  if (act !== undefined) {
    const path: ModelPath = [entity.name, 'lifecycle', 'transitions', act.name]
    return because(`The mutation ${act.name}${entity.name} calls it; nobody changes the state by other means.`, [
      path,
      ...rules(act.name),
    ])
  }
  const verb = (['remove', 'restore'] as const).find((each) => name === fitIdentifier(`${each}_${objectName(entity)}`))
  if (verb === undefined) return null
  const paths = rules(verb)
  return because(`The mutation ${verb}${entity.name} calls it.`, paths.length === 0 ? [entityPath(entity)] : paths)
}

/** Functions that are not known here are told by the names in their comment. */
function explainByWords(definition: DatabaseFunction, { index }: Explaining): Explanation {
  const words: readonly string[] = (definition.comment ?? '').match(/[A-Za-z][A-Za-z0-9]*/g) ?? []
  const entity = words.map((word) => index.entities.get(word)).find((each) => each !== undefined)
  if (entity === undefined) return because([], [[]])
  const part = entity.computed.find(({ name }) => words.includes(name))
  if (part !== undefined) {
    return because(`It computes ${part.name} when it is read.`, [[entity.name, 'computed', part.name]])
  }
  return because([], [entityPath(entity)])
}
