import {
  type Actor,
  type ActorDeclaration,
  type ActorValue,
  type Audience,
  aboutEntity,
  type Condition,
  declare,
  type Entity,
  isPlainObject,
  kindOf,
  onesTo,
  type Policy,
  type PolicyDeclaration,
  type Role,
  type RolesDeclaration,
  type Rule,
  sharedTypes,
  withoutBlanks,
  writtenCondition,
  writtenType,
} from '#schema'

/** What policies are written against. */
export interface PolicyWriting {
  readonly entities: ReadonlyMap<string, Entity>
  /** Entity of the caller; null where the app knows none. */
  readonly caller: string | null
}

/** The call of `policy` that gives these rules when it is read. */
export function writtenPolicy({ entity, rules, onHidden }: Policy, writing: PolicyWriting): PolicyDeclaration {
  const about = aboutEntity(entity, writing.entities)
  const written = rules.map((rule) => [rule.title, writtenRule(rule, (each) => writtenCondition(each, about, writing))])
  return declare('policy', {
    of: entity,
    rules: Object.fromEntries(written),
    ...(onHidden === 'null' ? {} : { options: { onHidden } }),
    at: null,
  })
}

function writtenRule(rule: Rule, where: (condition: Condition) => unknown): unknown {
  const { effect, audience, verbs, becoming } = rule
  return withoutBlanks({
    ...(effect === 'reserve'
      ? { reserve: rule.fields, for: writtenAudience(audience) }
      : { [effect]: writtenAudience(audience) }),
    to: verbs === 'anything' ? declare('word', { word: 'anything' }) : verbs.length === 1 ? verbs[0] : verbs,
    where: rule.where === null ? null : where(rule.where),
    becoming: becoming === null || becoming === 'anything' ? becoming : where(becoming),
    unless: rule.unless === null ? null : where(rule.unless),
    only: effect === 'reserve' ? null : rule.fields,
    sets: rule.sets.length === 0 ? null : writtenPresets(rule, where),
    because: rule.because,
  })
}

/** A value is written as it would be compared with. */
function writtenPresets({ sets }: Rule, where: (condition: Condition) => unknown): unknown {
  const written = sets.map(({ name, to }) => {
    const compared = (where({ kind: 'compare', on: name, op: 'is', to }) as Readonly<Record<string, unknown>>)[name]
    const isTest = isPlainObject(compared) && kindOf(compared) === null && Object.hasOwn(compared, 'is')
    return [name, isTest ? compared.is : compared]
  })
  return Object.fromEntries(written)
}

/** Whom a rule or an action of the app names. */
export function writtenAudience(audience: Audience): unknown {
  if (audience.kind === 'except') return declare('except', { roles: audience.roles })
  if (audience.kind !== 'roles') return declare('word', { word: audience.kind })
  return audience.roles.length === 1 ? audience.roles[0] : audience.roles
}

/** What `defineRoles` is given. */
export function writtenRoles(roles: readonly Role[]): RolesDeclaration {
  const entries = roles.map(({ name, note, includes, publishesScripts, managesJobs }) => [
    name,
    includes.length === 0 && note !== null && publishesScripts !== true && managesJobs !== true
      ? note
      : withoutBlanks({ note, includes, publishesScripts, managesJobs }),
  ])
  return declare('roles', { roles: Object.fromEntries(entries), at: null })
}

/** What `defineActor` gives back. */
export function writtenActor(actor: Actor, writing: PolicyWriting): ActorDeclaration {
  const values = actor.values.map((value) => [value.name, writtenActorValue(value, writing)])
  return declare('actor', { of: actor.entity, values: Object.fromEntries(values), at: null })
}

function writtenActorValue(value: ActorValue, writing: PolicyWriting): unknown {
  if (value.kind === 'claim') {
    return declare('claim', { field: writtenType(value.name, value.type, { owner: 'Claim', shared: sharedTypes() }) })
  }
  if (value.kind === 'own') return declare('own', { field: value.field })
  const via = aboutEntity(value.via, writing.entities)
  const where = value.where === null ? null : writtenCondition(value.where, via, { ...writing, isFurtherIn: true })
  const onward = onesTo(writing.entities.get(value.via), value.to).filter((name) => name !== value.as)
  const isOnly = onward.length === 1 && onward[0] === value.toward
  const to = isOnly ? null : value.toward
  return declare('reach', {
    to: value.to,
    options: withoutBlanks({ via: value.via, as: value.as, to, where, then: value.then }),
  })
}
