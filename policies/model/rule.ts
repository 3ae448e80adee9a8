import {
  type Condition,
  type ConditionContext,
  type ConditionPlace,
  didYouMeanHint,
  type Entity,
  embedsOf,
  isPlainObject,
  kindOf,
  type ModelPath,
  type Problems,
  type Rule,
  readCondition,
  readText,
  spelledOut,
  type WordDeclaration,
} from '#schema'
import { readAudience } from './audience.ts'
import { coverableNames, linkRelationNames, withParts } from './coverable.ts'
import { readPresets, withoutPresets } from './presets.ts'

/** A rule of an entity as it was written under its title. */
export interface WrittenRule {
  readonly title: string
  readonly given: unknown
  readonly entity: Entity
}

const keys = [
  ...['allow', 'deny', 'reserve', 'for', 'to', 'where', 'becoming', 'unless', 'because', 'only', 'except', 'sets'],
]
const later = new Set(['input', 'limit'])

/** Reads one rule. Null when it says too little to be one; then there is a report. */
export function readRule({ title, given, entity }: WrittenRule, context: ConditionContext): Rule | null {
  const { problems } = context
  const path: ModelPath = [entity.name, 'policy', title]
  if (!isPlainObject(given)) {
    problems.report('OPTION_INVALID', { path }, 'A rule is written as { allow: …, to: … }.')
    return null
  }
  readText(title, path, problems, 'key')
  reportUnknownKeys(given, path, problems)
  const effect = readEffect(given, path, problems)
  const verbs = readVerbs(given.to, [...path, 'to'], problems)
  const whom = effect === 'reserve' ? 'for' : effect
  const audience = whom === null ? null : readAudience(given[whom], [...path, whom], problems)
  const condition = (key: 'where' | 'unless' | 'becoming'): Condition | null =>
    Object.hasOwn(given, key) ? readCondition(given[key], { entity, path: [...path, key] }, at(context, key)) : null
  const sets = readPresets(given.sets, { entity, path: [...path, 'sets'] }, context)
  const rest = {
    where: condition('where'),
    becoming: given.becoming === 'anything' ? ('anything' as const) : condition('becoming'),
    unless: condition('unless'),
    sets,
    fields: withoutPresets(given, readFields(given, { entity, path }, context), sets),
    because: readBecause(given.because, [...path, 'because'], problems),
  }
  return effect === null || audience === null || verbs === null ? null : { title, effect, audience, verbs, ...rest }
}

/** What a condition may say by the key that it stands under. */
function at(context: ConditionContext, key: string): ConditionContext {
  const { policy } = context
  return policy === undefined ? context : { ...context, policy: { ...policy, isBecoming: key === 'becoming' } }
}

function reportUnknownKeys(given: Readonly<Record<string, unknown>>, path: ModelPath, problems: Problems): void {
  for (const key of Object.keys(given)) {
    if (keys.includes(key)) continue
    const hint = later.has(key) ? 'Not supported yet.' : didYouMeanHint(key, keys)
    const message = `Rules have no "${key}".`
    problems.report('RULE_KEY_UNKNOWN', { path: [...path, key], part: 'key' }, message, { hint })
  }
}

function readEffect(given: Readonly<Record<string, unknown>>, path: ModelPath, problems: Problems) {
  const said = (['allow', 'deny', 'reserve'] as const).filter((effect) => Object.hasOwn(given, effect))
  const [effect, other] = said
  if (effect !== undefined && other === undefined) return effect
  const message =
    effect === undefined ? 'A rule says whom it allows or denies.' : `A rule cannot ${effect} and ${other} at once.`
  problems.report('RULE_AUDIENCE_INVALID', { path, part: 'key' }, message)
  return null
}

/** One verb, a list of them, or `anything`. */
function readVerbs(given: unknown, path: ModelPath, problems: Problems): Rule['verbs'] | null {
  if (kindOf(given) === 'word' && (given as WordDeclaration).word === 'anything') return 'anything'
  const verbs: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (verbs.length > 0 && verbs.every((verb) => typeof verb === 'string')) return [...new Set(verbs)]
  const hint = 'Write a verb, a list of verbs, or the word anything.'
  problems.report('RULE_VERB_UNKNOWN', { path }, '"to" does not say what the rule is about.', { hint })
  return null
}

/** `only` and `reserve` as they are; `except` as everything else that can be covered. */
function readFields(
  given: Readonly<Record<string, unknown>>,
  { entity, path }: ConditionPlace,
  context: ConditionContext,
) {
  const { problems, entities } = context
  const key = (['reserve', 'only'] as const).find((each) => Object.hasOwn(given, each)) ?? 'except'
  if (!Object.hasOwn(given, key)) return null
  const written: unknown = given[key]
  const names: readonly unknown[] = Array.isArray(written) ? written : []
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
    problems.report('RULE_FIELDS_UNKNOWN', { path: [...path, key] }, `"${key}" must be a list of at least one field.`)
    return null
  }
  const links = key === 'reserve' ? [] : linkRelationNames(entity, entities.values())
  const coverable = [...coverableNames(entity), ...links]
  const sayable = [...coverable, ...embedsOf(entity).map((embed) => embed.name)]
  for (const name of names)
    reportUnknownField(String(name), sayable, { entity, path: [...path, key, String(name)] }, problems)
  const meant = spelledOut(entity, names)
  const covered = coverable.filter((name) => meant.includes(name) === (key !== 'except'))
  if (key === 'reserve' || covered.length > 0 || meant.some((name) => !coverable.includes(name)))
    return withParts(covered, entity)
  problems.report('RULE_FIELDS_MISPLACED', { path: [...path, key] }, 'This rule covers no field at all.')
  return null
}

function reportUnknownField(name: string, known: readonly string[], place: ConditionPlace, problems: Problems): void {
  const { entity, path } = place
  if (known.includes(name)) return
  const isBuiltIn = entity.fields.some((field) => field.name === name)
  const message = isBuiltIn ? `"${name}" is written by Rowhouse alone.` : `"${entity.name}" has no "${name}".`
  problems.report('RULE_FIELDS_UNKNOWN', { path }, message, { hint: didYouMeanHint(name.replace(/Id$/, ''), known) })
}

function readBecause(given: unknown, path: ModelPath, problems: Problems): string | null {
  if (given === undefined) return null
  if (typeof given === 'string') return readText(given, path, problems)
  problems.report('OPTION_INVALID', { path }, '"because" must be a text.')
  return null
}
