import { type Audience, type Entity, type Model, type Rule, toOnesOf, verbsOf } from '#schema'
import { conditionFrom } from './conditions.ts'
import type { Feature } from './features.ts'
import type { Random } from './random.ts'

const roleNames = ['clerk', 'lead', 'boss', 'auditor'] as const

/** Rules of an entity: several allows of each verb, narrowed to fields or not, and a few denials. */
export function rulesFrom(
  random: Random,
  entity: Entity,
  model: Model,
  features: ReadonlySet<Feature>,
): readonly Rule[] {
  const isMain = entity.name === 'Item' || entity.name === 'Line'
  const allows = random.times(isMain ? 6 + random.below(5) : 3 + random.below(3), (at) =>
    allowFrom(random, `allow ${at}`, entity, model, features),
  )
  const denials = random.times(isMain ? random.below(4) : random.below(2), (at) =>
    denyFrom(random, `deny ${at}`, entity, model, features),
  )
  const reserves =
    features.has('reserve') && isMain
      ? random.times(random.below(2), (at) => reserveFrom(random, `reserve ${at}`, entity))
      : []
  // Something is always read, or nothing would ever be decided.
  const reading = { ...noRule, title: 'reading', audience: audienceFrom(random, features), verbs: ['read'] }
  return [reading, ...allows, ...denials, ...reserves]
}

const noRule = {
  effect: 'allow',
  where: null,
  becoming: null,
  unless: null,
  fields: null,
  sets: [],
  because: null,
} as const

function verbsFrom(random: Random, entity: Entity): Rule['verbs'] {
  if (random.chance(12)) return 'anything'
  const verbs = random.some(verbsOf(entity), 0, 22)
  return verbs.length > 0 ? verbs : [random.pick(['read', 'update', 'update', 'create'])]
}

function allowFrom(random: Random, title: string, entity: Entity, model: Model, features: ReadonlySet<Feature>): Rule {
  const isUpdate = features.has('becoming') && random.chance(30)
  const isNarrow = !isUpdate && features.has('only') && random.chance(35)
  const verbs = isUpdate
    ? ['update']
    : isNarrow
      ? random.pick([['update'], ['update'], ['create'], ['create', 'update']])
      : verbsFrom(random, entity)
  const condition = (becoming = false) => conditionFrom(random, { entity, model, features, becoming })
  const alsoNarrow = isUpdate && features.has('only') && random.chance(30)
  return {
    ...noRule,
    title,
    audience: audienceFrom(random, features),
    verbs,
    where: random.chance(70) ? condition() : null,
    becoming: isUpdate ? (random.chance(25) ? 'anything' : condition(true)) : null,
    fields: isNarrow || alsoNarrow ? fieldsFrom(random, entity) : null,
  }
}

function denyFrom(random: Random, title: string, entity: Entity, model: Model, features: ReadonlySet<Feature>): Rule {
  const condition = () => conditionFrom(random, { entity, model, features, becoming: false })
  const hasUnless = features.has('unless') && random.chance(50)
  const except = features.has('except') && random.chance(40)
  return {
    ...noRule,
    title,
    effect: 'deny',
    audience: except ? exceptFrom(random) : { kind: random.pick(['everyone', 'signedIn']) },
    verbs: random.chance(50) ? [random.pick(verbsOf(entity))] : verbsFrom(random, entity),
    where: hasUnless && random.chance(60) ? null : condition(),
    unless: hasUnless ? condition() : null,
    because: random.chance(30) ? 'Not now.' : null,
  }
}

function reserveFrom(random: Random, title: string, entity: Entity): Rule {
  return {
    ...noRule,
    title,
    effect: 'reserve',
    audience: { kind: 'roles', roles: random.some(roleNames, 1) },
    verbs: random.pick([['update'], ['read', 'update'], ['create', 'update']]),
    fields: fieldsFrom(random, entity),
  }
}

function exceptFrom(random: Random): Audience {
  return { kind: 'except', roles: random.some(roleNames, 1, 35) }
}

function audienceFrom(random: Random, features: ReadonlySet<Feature>): Audience {
  const draw = random.below(10)
  if (draw < 1) return { kind: 'everyone' }
  if (draw < 4) return { kind: 'signedIn' }
  if (draw < 5 && features.has('except')) return exceptFrom(random)
  return { kind: 'roles', roles: random.some(roleNames, 1, 40) }
}

function fieldsFrom(random: Random, entity: Entity): readonly string[] {
  const names = [...entity.fields.filter(({ builtIn }) => !builtIn), ...toOnesOf(entity)].map(({ name }) => name)
  return random.some(names, 1, 50)
}
