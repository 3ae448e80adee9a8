import { type Entity, isHistory, keepsTransitions, type Model, type Rule, ruleCovers, rulesFor, verbsOf } from '#schema'
import { verdictOf } from '../matrix/verdict.ts'
import { actorMeanings, type Meaning } from './actor-words.ts'
import { type CallerKind, callerWith, isInAudience, signedInCaller, visitor } from './caller-kind.ts'
import type { Line } from './line.ts'
import { rowWords } from './names.ts'
import { ruleLines, verbWords } from './rule-lines.ts'

/** Who may do what with rows of an entity, in English. */
export interface Explanation {
  /** `Order`. */
  readonly entity: string
  readonly note: string | null
  /** Whose rules these are; null: everybody's. */
  readonly as: string | null
  /** Where rules are made elsewhere: what they follow from. */
  readonly follows: string | null
  readonly sections: readonly Section[]
  /** Verbs that nobody may do, or the caller whose rules these are. */
  readonly nobody: readonly string[]
  /** Words of the rules that need one. */
  readonly words: readonly Meaning[]
}

/** Verbs of which the same rules speak. */
export interface Section {
  readonly verbs: readonly string[]
  /** What allows first. */
  readonly rules: readonly ExplainedRule[]
}

/** A rule in English. */
export interface ExplainedRule {
  readonly title: string
  readonly effect: Rule['effect']
  readonly because: string | null
  readonly lines: readonly Line[]
}

/**
 * Explains the rules of an entity.
 *
 * @param as leaves out what does not concern this caller
 */
export function explainEntity(model: Model, entity: Entity, as: CallerKind | null = null): Explanation {
  const rules = rulesFor(model, entity).filter(({ audience }) => as === null || isInAudience(audience, as))
  const verbs = verbsOf(entity)
  const callers = as === null ? everybody(model) : [as]
  const isOpen = (verb: string) => callers.some((caller) => verdictOf(model, entity, verb, caller).answer !== 'never')
  const wouldBe = (verb: string) =>
    as === null || rules.some((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, verb))
  const told = verbs.filter(
    (verb) => isOpen(verb) || (wouldBe(verb) && rules.some((rule) => isTold(rule, entity, verb))),
  )
  const follows = followsFrom(entity)
  return {
    entity: entity.name,
    note: entity.note,
    as: as?.name ?? null,
    follows,
    sections: grouped(told, (verb) => rules.filter((rule) => isSaid(rule, entity, verb, isOpen(verb)))).map((group) =>
      sectionOf(group, entity, model),
    ),
    nobody: follows === null ? verbs.filter((verb) => !isOpen(verb)) : [],
    words: actorMeanings(rules, model),
  }
}

/** Everyone whom rules tell apart. */
function everybody(model: Model): readonly CallerKind[] {
  return [visitor, signedInCaller, ...model.roles.map(({ name }) => callerWith([name], model))]
}

/** A denial in so many words is told, also where nothing allows what it denies. */
function isTold(rule: Rule, entity: Entity, verb: string): boolean {
  return rule.effect === 'deny' && rule.verbs !== 'anything' && ruleCovers(entity, rule, verb)
}

/** What a denial takes from everyone is not said to be allowed. */
function isSaid(rule: Rule, entity: Entity, verb: string, isOpen: boolean): boolean {
  return ruleCovers(entity, rule, verb) && (isOpen || rule.effect === 'deny')
}

function followsFrom(entity: Entity): string | null {
  if (entity.link !== null)
    return `Who may see and change these links follows from the rules of the two rows: "${entity.link.entity}" has "${entity.link.relation}".`
  if (keepsTransitions(entity))
    return `A change of state is seen by whoever may read the row: of ${entity.historyOf}. Transitions alone write it.`
  if (isHistory(entity))
    return `A change is seen by whoever may read the row that was changed: a ${entity.historyOf}. Nobody writes it.`
  return null
}

interface Group {
  readonly verbs: readonly string[]
  readonly rules: readonly Rule[]
}

/** Verbs of which the same rules speak, in the order of the first of them. */
function grouped(verbs: readonly string[], rulesOf: (verb: string) => readonly Rule[]): readonly Group[] {
  const groups = new Map<string, { verbs: string[]; rules: readonly Rule[] }>()
  for (const verb of verbs) {
    const rules = rulesOf(verb)
    const key = JSON.stringify(rules.map(({ title }) => title))
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { verbs: [verb], rules })
    else known.verbs.push(verb)
  }
  return [...groups.values()]
}

const order: readonly Rule['effect'][] = ['allow', 'reserve', 'deny']

function sectionOf({ verbs, rules }: Group, entity: Entity, model: Model): Section {
  const sorted = rules.toSorted((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect))
  return {
    verbs,
    rules: sorted.map((rule) => ({
      title: rule.title,
      effect: rule.effect,
      because: rule.because,
      // The verbs that this part is about.
      lines: ruleLines({ ...rule, verbs }, entity, model),
    })),
  }
}

/** The heading of a part: `Read`, `Place, cancel`. */
export function sectionHeading({ verbs }: Section): string {
  const words = verbs.map(verbWords).join(', ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** What rows of the entity are called, for headings. */
export function entityHeading({ entity, as }: Explanation, model: Model): string {
  const found = model.entities.find(({ name }) => name === entity)
  const words = found?.label == null ? entity : `${entity} (${rowWords(found)})`
  return as === null ? words : `${words}, for ${as}`
}
