import { kindOf } from '../dsl/declaration.ts'
import type { Condition } from '../model/condition.ts'
import type { ActorValue, Entity } from '../model/model.ts'
import { all, type ConditionContext, type ConditionPlace, type PolicyWords, readInner } from './condition-context.ts'
import { claimTests } from './condition-fact-tests.ts'
import { readRequest } from './condition-request.ts'
import { didYouMeanHint } from './hint.ts'
import { isPlainObject } from './options.ts'

type FactKey = 'actor' | 'request' | 'tenant'

/** True for the keys under which a condition speaks of the caller, the request and the tenant. */
export function isFactKey(key: string): key is FactKey {
  return key === 'actor' || key === 'request' || key === 'tenant'
}

/** Reads `actor: { … }`, `request: { … }` and `tenant: { … }`: what is the same for every row. */
export function readFacts(
  key: FactKey,
  given: unknown,
  { path }: ConditionPlace,
  context: ConditionContext,
): Condition | null {
  const { policy, problems } = context
  const factless = policy === undefined ? 'Facts are asked for in policies alone.' : policy.factless
  if (policy === undefined || factless !== null) {
    const hint = 'Put it into the rule that this is for.'
    problems.report('CONDITION_FACT_MISPLACED', { path, part: 'key' }, factless!, { hint })
    return null
  }
  const isNamed = key !== 'request' && kindOf(given) === 'condition'
  if (!isNamed && !isPlainObject(given)) {
    const message = `"${key}" is written as { name: value }.`
    problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: hints[key] })
    return null
  }
  if (!isNamed && Object.keys(given as object).length === 0) {
    problems.report('CONDITION_EMPTY', { path }, `This says nothing about the ${nouns[key]}.`, { hint: hints[key] })
    return null
  }
  const inner = { ...context, policy: { ...policy, ...ofFact } }
  if (key === 'request') return readRequest(given as Given, { path }, inner)
  return key === 'tenant' ? readTenant(given, path, inner) : readCaller(given, path, inner)
}

const nouns = { actor: 'caller', request: 'request', tenant: 'tenant' } as const
const hints = {
  actor: "Write actor: { role: 'sales' }, a claim, or a field of the caller's own row.",
  request: 'Write request: { mfa: true }; it also knows ip, hour, weekday and signedInFor.',
  tenant: "Write tenant: { plan: 'pro' }.",
} as const

/** What a condition inside of a fact cannot say. */
const ofFact: Pick<PolicyWords, 'rule' | 'isTop' | 'isBecoming' | 'mayless' | 'factless'> = {
  rule: 'A fact is the same for every row: it cannot look at the row of the rule.',
  isTop: false,
  isBecoming: false,
  mayless: 'A fact is the same for every row: rights are asked of a row.',
  factless: 'A fact stands beside another one, not inside of it.',
}

type Given = Readonly<Record<string, unknown>>
type Path = ConditionPlace['path']

function readTenant(given: unknown, path: Path, context: ConditionContext): Condition | null {
  const entity = [...context.entities.values()].find(({ tenancy }) => tenancy === 'self')
  if (entity === undefined) {
    const message = 'No row is the tenant: the app has no entity that says so.'
    const hint = "Give the entity of your tenants `tenant: 'self'`."
    context.problems.report('CONDITION_TENANT_MISSING', { path, part: 'key' }, message, { hint })
    return null
  }
  const where = readInner(given, { entity, path }, context)
  return where === null ? null : { kind: 'fact', about: 'tenant', where }
}

function readCaller(given: unknown, path: Path, context: ConditionContext): Condition | null {
  const { actor, problems } = context
  const entity = actor === null ? undefined : context.entities.get(actor.entity)
  if (actor === null || entity === undefined) {
    // An actor of an unknown entity is reported by its own check.
    if (actor !== null) return null
    const hint = 'Export `actor = defineActor(…)` from a file in policies/.'
    const message = 'This needs the caller, but the app defines no actor.'
    problems.report('ACTOR_MISSING', { path, part: 'key' }, message, { hint })
    return null
  }
  return readCallerTests(given, { entity, path, values: actor.values }, context)
}

interface Caller extends ConditionPlace {
  readonly values: readonly ActorValue[]
}

/** Whatever speaks of the caller's own row alone is one condition on that row. */
function readCallerTests(given: unknown, caller: Caller, context: ConditionContext): Condition | null {
  const { entity, path, values } = caller
  if (!isPlainObject(given) || kindOf(given) !== null || !speaksOfToken(given, values)) {
    const where = readInner(given, { entity, path }, context)
    return where === null ? null : { kind: 'fact', about: 'caller', where }
  }
  const keys = Object.keys(given)
  const own = keys.filter((key) => !isCombining(key) && !isTokenName(key, values))
  const rest = keys.filter((key) => !own.includes(key))
  const row = Object.fromEntries(own.map((key) => [key, given[key]]))
  return all([
    ...(own.length === 0 ? [] : [readCallerTests(row, caller, context)]),
    ...rest.map((key) => readTokenKey(key, given[key], { ...caller, path: [...path, key] }, context)),
  ])
}

function isCombining(key: string): boolean {
  return key === 'anyOf' || key === 'allOf' || key === 'not'
}

/** `own('rank')` under the name `rank` is the field of the caller's row that is called so: nothing else is meant. */
function isTokenName(key: string, values: readonly ActorValue[]): boolean {
  return key === 'role' || values.some((value) => value.name === key && !(value.kind === 'own' && value.field === key))
}

/** Whether roles or values of the actor are named, at whatever depth of combining. */
function speaksOfToken(given: unknown, values: readonly ActorValue[]): boolean {
  if (Array.isArray(given)) return given.some((each) => speaksOfToken(each, values))
  if (!isPlainObject(given) || kindOf(given) !== null) return false
  return Object.entries(given).some(
    ([key, inner]) => isTokenName(key, values) || (isCombining(key) && speaksOfToken(inner, values)),
  )
}

function readTokenKey(key: string, given: unknown, caller: Caller, context: ConditionContext): Condition | null {
  const { path, values } = caller
  const { problems } = context
  if (key === 'not') {
    const not = readCallerTests(given, caller, context)
    return not === null ? null : { kind: 'not', not }
  }
  if (isCombining(key)) {
    const list: readonly unknown[] = Array.isArray(given) ? given : []
    if (list.length === 0) {
      const message = `The list of "${key}" is empty.`
      problems.report('CONDITION_EMPTY', { path }, message, { hint: 'Leave it out.' })
      return null
    }
    const read = list.map((each, index) => readCallerTests(each, { ...caller, path: [...path, index] }, context))
    const sound = read.filter((each) => each !== null)
    if (sound.length !== read.length) return null
    return key === 'allOf' || sound.length === 1 ? all(sound) : { kind: 'or', any: sound }
  }
  if (isAmbiguous(key, caller.entity)) {
    const other = key === 'role' ? 'the roles of the caller' : 'a value of the actor'
    const message = `"${key}" is ${other}, and a name of "${caller.entity.name}" too.`
    const hint = 'Rename one of them: nothing tells which is meant.'
    problems.report('CONDITION_FACT_AMBIGUOUS', { path, part: 'key' }, message, { hint })
    return null
  }
  if (key === 'role') return readRole(given, path, context)
  return claimTests(values.find(({ name }) => name === key)!, given, path, context)
}

function isAmbiguous(key: string, { fields, computed, relations }: Entity): boolean {
  return [...fields, ...computed, ...relations].some(({ name }) => name === key)
}

/** `'sales'`, `{ in: ['sales', 'lead'] }` or `{ notIn: […] }` */
function readRole(given: unknown, path: Path, context: ConditionContext): Condition | null {
  if (typeof given === 'string') return knownRoles([given], path, context)
  const [key, ...more] = isPlainObject(given) ? Object.keys(given) : []
  const list = key === undefined ? null : (given as Given)[key]
  if ((key === 'in' || key === 'notIn') && more.length === 0 && Array.isArray(list) && list.length > 0) {
    const is = knownRoles(list, [...path, key], context)
    return is === null || key === 'in' ? is : { kind: 'not', not: is }
  }
  const hint = "Write role: 'sales', { in: ['sales', 'lead'] } or { notIn: ['guest'] }."
  context.problems.report('CONDITION_VALUE_INVALID', { path }, 'This does not say which role.', { hint })
  return null
}

function knownRoles(roles: readonly unknown[], path: Path, { policy, problems }: ConditionContext): Condition | null {
  const known = policy?.roles ?? []
  const unknown = roles.filter((role) => typeof role !== 'string' || !known.includes(role))
  for (const role of unknown) {
    const hint = didYouMeanHint(String(role), known)
    problems.report('RULE_ROLE_UNKNOWN', { path: [...path, String(role)] }, `There is no role "${String(role)}".`, {
      hint,
    })
  }
  return unknown.length > 0 ? null : { kind: 'fact', about: 'role', roles: [...new Set(roles as readonly string[])] }
}
