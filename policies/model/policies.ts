import {
  type Actor,
  type ConditionContext,
  didYouMeanHint,
  type Entity,
  isPlainObject,
  type Policy,
  type PolicyDeclaration,
  type Problems,
  readCondition,
} from '#schema'
import { readRule } from './rule.ts'

/** What policies are read against. */
export interface PolicyContext {
  readonly entities: ReadonlyMap<string, Entity>
  readonly actor: Actor | null
  /** Names of the app's roles. */
  readonly roles: readonly string[]
  readonly problems: Problems
}

/** One policy for each entity, sorted. A missing one is empty here and reported by its own check. */
export function completePolicies(declared: readonly PolicyDeclaration[], context: PolicyContext): readonly Policy[] {
  const { roles, ...rest } = context
  const conditionsOf = (rule: Entity): ConditionContext => ({
    ...rest,
    isAcrossRows: true,
    callerless: null,
    policy: {
      read: readCondition,
      level: rule,
      rule,
      isTop: true,
      isBecoming: false,
      mayless: null,
      factless: null,
      roles,
    },
  })
  return [...context.entities.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((entity) => {
      const policy = entity.link === null ? declared.find(({ of }) => of === entity.name) : undefined
      const rules = Object.entries(policy?.rules ?? {})
      return {
        entity: entity.name,
        onHidden: readOnHidden(policy?.options, entity, context.problems),
        rules: rules.flatMap(([title, given]) => readRule({ title, given, entity }, conditionsOf(entity)) ?? []),
      }
    })
}

/** What `policy(Order, { … }, { onHidden: 'error' })` says; null without. */
function readOnHidden(given: unknown, entity: Entity, problems: Problems): Policy['onHidden'] {
  if (given === undefined || given === null) return 'null'
  const path = [entity.name, 'policy options']
  if (!isPlainObject(given)) {
    problems.report('OPTION_INVALID', { path }, 'Options of a policy are written as { onHidden: … }.')
    return 'null'
  }
  for (const key of Object.keys(given)) {
    if (key === 'onHidden') continue
    const hint = didYouMeanHint(key, ['onHidden'])
    problems.report('OPTION_INVALID', { path: [...path, key], part: 'key' }, `Policies have no option "${key}".`, {
      hint,
    })
  }
  const { onHidden = 'null' } = given
  if (onHidden === 'null' || onHidden === 'error') return onHidden
  const message = '"onHidden" is "null" or "error".'
  problems.report('OPTION_INVALID', { path: [...path, 'onHidden'] }, message)
  return 'null'
}
