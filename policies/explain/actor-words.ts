import {
  type ActorValue,
  type Condition,
  conditionParts,
  type Model,
  type Operand,
  type Relation,
  type Rule,
} from '#schema'
import { clausePhrase } from './clause.ts'
import { conditionClause } from './condition-clause.ts'
import { partWords, rowsWords, rowWords } from './names.ts'
import { entityNamed, rowPlace } from './place.ts'

/** A word of the rules and what it means. */
export interface Meaning {
  /** `actor.managed`. */
  readonly word: string
  readonly means: string
}

/** What the values of the caller mean that rules name, in order of declaration. */
export function actorMeanings(rules: readonly Rule[], model: Model): readonly Meaning[] {
  const named = new Set(rules.flatMap(actorNames))
  return (model.actor?.values ?? [])
    .filter(({ name }) => named.has(name))
    .map((value) => ({ word: `actor.${value.name}`, means: valueMeaning(value, model) }))
}

/** Names of the values of the caller in a rule. */
export function actorNames({ where, becoming, unless, sets }: Rule): readonly string[] {
  const conditions = [where, becoming, unless].filter((each) => each !== null && each !== 'anything')
  return [...conditions.flatMap(namesInCondition), ...sets.flatMap(({ to }) => nameOf(to))]
}

function namesInCondition(condition: Condition): readonly string[] {
  const inner = conditionParts(condition).flatMap(({ where }) => namesInCondition(where))
  if (condition.kind === 'fact' && condition.about === 'claim') return [condition.on, ...nameOf(condition.to)]
  return 'to' in condition ? nameOf(condition.to) : inner
}

function nameOf(to: Operand): readonly string[] {
  return to.kind === 'actor' && to.name !== 'id' ? [to.name] : []
}

/** What a value of the caller is, in English. */
function valueMeaning(value: ActorValue, model: Model): string {
  switch (value.kind) {
    case 'reach':
      return reachMeaning(value, model)
    case 'own':
      return `${ownPart(value.field, model)} of the caller's own row, as it is now`
    case 'claim':
      return 'comes with the token and is as old as it. A caller without it is allowed nothing by a rule that names it, and is refused by one that denies'
  }
}

function ownPart(field: string, model: Model): string {
  const person = model.actor === null ? null : entityNamed({ model }, model.actor.entity)
  return person === null ? field : partWords(person, field)
}

function reachMeaning(value: Extract<ActorValue, { readonly kind: 'reach' }>, model: Model): string {
  const target = entityNamed({ model }, value.to)
  const link = entityNamed({ model }, value.via)
  const rows = target === null ? value.to : rowsWords(target)
  if (link === null) return rows
  const as = wayWords(value.as, model, value.via)
  const from = value.toward === 'id' ? `every ${rowWords(link)}` : `the ${rows} of each ${rowWords(link)}`
  const where = value.where === null ? '' : ` and ${clausePhrase(conditionClause(value.where, rowPlace(model, link)))}`
  const onward = target?.relations.find((each) => each.name === value.then)
  const then =
    onward?.kind !== 'lineage' ? '' : `, with all that are ${onward.way === 'up' ? 'above' : 'below'} one of them`
  return `${from} where its ${as} is the caller${where}${then}; looked up anew by every query`
}

function wayWords(way: string, model: Model, from: string): string {
  const words: string[] = []
  let name: string | null = from
  for (const hop of way.split('.')) {
    const entity: ReturnType<typeof entityNamed> = name === null ? null : entityNamed({ model }, name)
    words.push(entity === null ? hop : partWords(entity, hop))
    const relation: Relation | undefined = entity?.relations.find((each) => each.name === hop)
    name = relation !== undefined && 'to' in relation ? relation.to : null
  }
  return words.join("'s ")
}
