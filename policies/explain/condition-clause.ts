import type { Condition, Entity, ManyPath, Model, Path } from '#schema'
import { type Clause, clausePhrase, says } from './clause.ts'
import { comparisonClause } from './comparison-clause.ts'
import { factClause } from './fact-clause.ts'
import { partWords, rowWords, spaced } from './names.ts'
import { barePlace, entityNamed, type Place } from './place.ts'

/** A condition in English. */
export function conditionClause(condition: Condition, place: Place): Clause {
  switch (condition.kind) {
    case 'and':
      return joined('all', condition.all, place)
    case 'or':
      return joined('any', condition.any, place)
    case 'not':
      return notClause(condition.not, place)
    case 'compare':
      return comparisonClause(condition, place)
    case 'path':
      return conditionClause(condition.where, along(condition, place))
    case 'many':
      return manyClause(condition, place)
    case 'may':
      return says(`the caller may ${spaced(condition.verb)} ${place.itself}${closedBy(place)}`)
    case 'fact':
      return factClause(condition, place, conditionClause)
  }
}

/** A condition in one line, for lists and pictures: `status is "draft" and its customer's region is "eu"`. */
export function conditionWords(condition: Condition, model: Model, entity: Entity): string {
  return clausePhrase(conditionClause(condition, barePlace(model, entity)))
}

/** Parts of the same kind stand beside each other: brackets around them say nothing. */
function joined(kind: 'all' | 'any', conditions: readonly Condition[], place: Place): Clause {
  const parts = conditions
    .map((each) => conditionClause(each, conditions.length === 1 ? place : { ...place, isDenied: false }))
    .flatMap((clause) => (clause.kind === kind ? clause.parts : [clause]))
  const [only] = parts
  if (only === undefined) return says(kind === 'all' ? 'always' : 'never')
  return parts.length === 1 ? only : { kind, parts }
}

/** The exact complement: it holds where something is missing too. */
function notClause(condition: Condition, place: Place): Clause {
  if (condition.kind === 'not') return conditionClause(condition.not, place)
  const clause = conditionClause(condition, { ...place, isDenied: true })
  if (clause.kind === 'says') return says(`it is not so that ${clause.text}`)
  if (clause.kind === 'about') return { kind: 'about', text: 'this is not so', clause }
  // The heading says how many of the parts must hold.
  const text = clause.kind === 'all' ? 'at least one of these does not hold' : 'none of these holds'
  return { kind: 'about', text, clause: { kind: 'list', parts: clause.parts } }
}

/** The row that a to-one leads to. */
export function along({ relation }: Path, place: Place): Place {
  const found = place.entity.relations.find(({ name }) => name === relation)
  const target = found?.kind === 'one' ? entityNamed(place, found.to) : null
  const words = partWords(place.entity, relation)
  const itself = `${place.whose}${words}`
  const isOpen = found?.kind === 'one' && found.optional
  return {
    ...place,
    entity: target ?? place.entity,
    whose: `${itself}'s `,
    itself,
    missing: isOpen ? [...place.missing, words] : place.missing,
  }
}

function manyClause(condition: ManyPath, place: Place): Clause {
  const { text, inner } = manyHeading(condition, place)
  if (condition.where === null || inner === null) return says(text)
  return { kind: 'about', text, clause: conditionClause(condition.where, inner) }
}

/** What is said of several rows. */
interface ManyHeading {
  readonly text: string
  /** Where the condition of each of them is said; null where there is none. */
  readonly inner: Place | null
}

/** What is said of several rows, and where the condition of each of them is said; null where there is none. */
export function manyHeading({ relation, how, where }: ManyPath, place: Place): ManyHeading {
  const found = place.entity.relations.find(({ name }) => name === relation)
  const target = found !== undefined && 'to' in found ? entityNamed(place, found.to) : null
  const words = `${place.whose}${partWords(place.entity, relation)}`
  const isSingle = found?.kind === 'hasOne'
  if (found?.kind === 'lineage') return lineageHeading(where, how, words, place)
  if (where === null || target === null)
    return { text: `${bareMany[how](words, isSingle)}${closedBy(place)}`, inner: null }
  const inner = { ...place, entity: target, whose: '', itself: `the ${rowWords(target)}`, missing: [], isDenied: false }
  return { text: `${isSingle ? singleMany[how](words) : someMany[how](words)}${closedBy(place)}`, inner }
}

/** The row is one of its own line, so that there is always one. */
function lineageHeading(where: Condition | null, how: ManyPath['how'], words: string, place: Place): ManyHeading {
  if (where === null) return { text: how === 'none' ? 'never' : `always${closedBy(place)}`, inner: null }
  const inner = { ...place, whose: '', itself: `the ${rowWords(place.entity)}`, missing: [], isDenied: false }
  return { text: `${lineage[how]} ${words} (itself included)${closedBy(place)}`, inner }
}

const lineage: Readonly<Record<ManyPath['how'], string>> = {
  some: 'for at least one of',
  none: 'for none of',
  every: 'for every one of',
}

type ManyWords<More extends readonly unknown[] = []> = Readonly<
  Record<ManyPath['how'], (words: string, ...more: More) => string>
>

const bareMany: ManyWords<[isSingle: boolean]> = {
  some: (words, isSingle) => (isSingle ? `${words} is there` : `there is at least one of ${words}`),
  none: (words, isSingle) => (isSingle ? `${words} is missing` : `there is none of ${words}`),
  every: (words) => `${words} are anything (also if there are none)`,
}

const someMany: ManyWords = {
  some: (words) => `for at least one of ${words}`,
  none: (words) => `for none of ${words} (also if there are none)`,
  every: (words) => `for every one of ${words} (also if there are none)`,
}

const singleMany: ManyWords = {
  some: (words) => `for ${words}, which must be there`,
  none: (words) => `not for ${words} (also if there is none)`,
  every: (words) => `for ${words} (also if there is none)`,
}

function closedBy({ missing, isDenied }: Place): string {
  if (missing.length === 0) return ''
  const words = missing.join(' or ')
  return isDenied ? ` (so also if ${words} is missing)` : ` (a missing ${words} does not count)`
}
