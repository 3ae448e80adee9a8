import {
  type Audience,
  columnFields,
  type Entity,
  type Field,
  type Model,
  type Preset,
  type Rule,
  toOnesOf,
  verbsOf,
} from '#schema'
import { conditionFrom } from './conditions.ts'
import type { Feature } from './features.ts'
import { isCounted } from './ids.ts'
import type { Random } from './random.ts'
import { valueFrom } from './values.ts'

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
      ? random.times(random.below(3), (at) => reserveFrom(random, `reserve ${at}`, entity, model, features))
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
  const reads = features.has('readFields') && canHide(entity) && random.chance(35)
  const verbs = isUpdate
    ? ['update']
    : isNarrow
      ? reads
        ? random.pick([['read'], ['read'], ['read', 'update']])
        : random.pick([['update'], ['update'], ['create'], ['create', 'update']])
      : verbsFrom(random, entity)
  const chosen = isNarrow || (isUpdate && features.has('only') && random.chance(30)) ? fieldsFrom(random, entity) : []
  const fields = chosen.length > 0 ? chosen : null
  const gives =
    features.has('sets') && verbs !== 'anything' && verbs.every((verb) => verb === 'create' || verb === 'update')
  const given = gives && random.chance(50) ? presetsFrom(random, entity, features) : []
  const isGiven = (name: string) => given.some((each) => each.name === name)
  // A rule speaks of a field at least.
  const sets = fields?.every(isGiven) === true ? [] : given
  // Whoever asks whether a row may be deleted is not asked by that.
  const asksItself = verbs !== 'anything' && !verbs.includes('delete')
  const condition = (becoming = false) => conditionFrom(random, { entity, model, features, becoming, asksItself })
  return {
    ...noRule,
    title,
    audience: audienceFrom(random, features),
    verbs,
    where: random.chance(70) ? condition() : null,
    becoming: isUpdate ? (random.chance(25) ? 'anything' : condition(true)) : null,
    fields: fields === null ? null : fields.filter((name) => sets.length === 0 || !isGiven(name)),
    sets,
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

function reserveFrom(
  random: Random,
  title: string,
  entity: Entity,
  model: Model,
  features: ReadonlySet<Feature>,
): Rule {
  const reads = features.has('readFields') && canHide(entity)
  return {
    ...noRule,
    title,
    effect: 'reserve',
    audience: { kind: 'roles', roles: random.some(roleNames, 1) },
    verbs: random.pick([
      ['update'],
      reads ? ['read', 'update'] : ['update'],
      ['create', 'update'],
      reads ? ['read'] : ['create'],
    ]),
    where: random.chance(40) ? conditionFrom(random, { entity, model, features, becoming: false }) : null,
    fields: fieldsFrom(random, entity),
  }
}

/** Rows have no faces where the database counts the ids. */
function canHide(entity: Entity): boolean {
  return ['Item', 'Line', 'Team', 'Label'].includes(entity.name) && !isCounted(entity)
}

/** What rules give rows: values, what is known of the caller, the instant. */
function presetsFrom(random: Random, entity: Entity, features: ReadonlySet<Feature>): readonly Preset[] {
  const fields = columnFields(entity).filter(
    (field) => !field.builtIn && field.name !== 'until' && !entity.key.includes(field.name) && isSingle(field),
  )
  const people = toOnesOf(entity).filter(({ to, part }) => to === 'Person' && !part)
  const made = [
    ...random.some(fields, 0, 25).map((field): Preset => ({ name: field.name, to: givenTo(random, field, features) })),
    ...random.some(people, 0, 40).map(({ name }): Preset => ({ name, to: { kind: 'actor', name: 'id' } })),
  ]
  return made.slice(0, 2)
}

function isSingle({ type: { kind } }: Field): boolean {
  return !['list', 'period', 'embed', 'shape', 'dict', 'base64'].includes(kind)
}

function givenTo(random: Random, field: Field, features: ReadonlySet<Feature>): Preset['to'] {
  const { kind } = field.type
  if (kind === 'int' && random.chance(50))
    return { kind: 'actor', name: features.has('own') && random.chance(50) ? 'rank' : 'grade' }
  if ((kind === 'date' || kind === 'datetime') && random.chance(50)) return { kind: 'now', by: null }
  return { kind: 'value', value: valueFrom(random, field) as string | number | boolean | null }
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
  // A sum of items is made of quantities; a value object is seen whole or not at all.
  const isFree = ({ builtIn, name }: Field) => !builtIn && name !== 'quantity' && name !== 'until'
  // What identifies a row shows with it.
  const parts = [...entity.fields.filter(isFree), ...toOnesOf(entity)].filter(({ name }) => !entity.key.includes(name))
  const chosen = new Set(random.some(parts, 1, 50).map(({ name }) => name))
  return [...columnFields(entity), ...toOnesOf(entity)]
    .map(({ name }) => name)
    .filter((name) => chosen.has(name.split('.')[0]!))
}
