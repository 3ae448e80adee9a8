import { type Condition, type Entity, type Rule, type Verification, verbsOf } from '#schema'
import { neverHolds } from './implies.ts'
import { speaksOfNone } from './rule-reach.ts'

/** Rules that no row can meet: their condition contradicts itself, or the states that a verb leads away from. */
export function warnOfRulesThatNeverHold({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    for (const rule of policy.rules) {
      const found = whyNever(rule, { entity, entities })
      if (found === null) continue
      const path = [entity.name, 'policy', rule.title, ...found.at]
      problems.warn('RULE_NEVER_HOLDS', { path, part: 'key' }, found.message, { hint: found.hint })
    }
  }
}

interface Found {
  readonly at: readonly string[]
  readonly message: string
  readonly hint: string
}

function whyNever(rule: Rule, of: { entity: Entity; entities: Verification['entities'] }): Found | null {
  const hint = 'Mend the condition, or leave the rule out.'
  const what = rule.effect === 'deny' ? 'denies' : 'allows'
  if (speaksOfNone(rule, of)) {
    const at = rule.where !== null && neverHolds(rule.where, of) ? 'where' : 'unless'
    return { at: [at], message: `No row meets this: the rule ${what} nothing.`, hint }
  }
  if (rule.becoming !== null && rule.becoming !== 'anything' && neverHolds(rule.becoming, of))
    return { at: ['becoming'], message: 'No row can become this: the rule allows no update.', hint }
  return whyNeverNew(rule, of) ?? whyNeverForVerb(rule, of)
}

/** Nothing refers to a row while it is made: rows inside of it come after. */
function whyNeverNew({ where, effect, verbs }: Rule, { entity }: { entity: Entity }): Found | null {
  if (where === null || effect !== 'allow' || verbs === 'anything' || !verbs.includes('create')) return null
  const needed = neededRows(where, entity)
  if (needed === null) return null
  return {
    at: ['where'],
    message: `No new row meets this: "${needed}" are made after the row that they belong to, also where they come with it.`,
    hint: 'Leave "create" out of the rule, or look at the rows by a rule of a later verb.',
  }
}

/** A relation by which others must refer to the row; null where none must. */
function neededRows(where: Condition, entity: Entity): string | null {
  if (where.kind === 'and')
    return where.all.map((each) => neededRows(each, entity)).find((each) => each !== null) ?? null
  if (where.kind !== 'many' || where.how !== 'some') return null
  const relation = entity.relations.find(({ name }) => name === where.relation)
  return relation !== undefined && ['many', 'hasOne', 'through'].includes(relation.kind) ? relation.name : null
}

/** A new row is in the first state; a transition leads away from some. */
function whyNeverForVerb(rule: Rule, of: { entity: Entity; entities: Verification['entities'] }): Found | null {
  const { where } = rule
  if (where === null || rule.effect !== 'allow') return null
  const verbs = rule.verbs === 'anything' ? verbsOf(of.entity) : rule.verbs
  const never = verbs.filter((verb) => {
    const states = statesOf(of.entity, verb)
    return states !== null && neverHolds({ kind: 'and', all: [inStates(states), where] }, of)
  })
  const [verb] = never
  if (verb === undefined || (rule.verbs === 'anything' && never.length < verbs.length)) return null
  const states = statesOf(of.entity, verb)!
    .map((state) => `"${state}"`)
    .join(', ')
  const message =
    verb === 'create'
      ? `No new row meets this: it begins as ${states}.`
      : `Nothing can ${verb} under this rule: it leads away from ${states}, and no such row meets the condition.`
  return { at: ['where'], message, hint: `Mend the condition, or leave "${verb}" out of the rule.` }
}

/** States in which a row can be when the verb is asked for; null: any. */
function statesOf({ lifecycle }: Entity, verb: string): readonly string[] | null {
  if (lifecycle === null) return null
  if (verb === 'create') return [lifecycle.initial]
  return lifecycle.transitions.find(({ name }) => name === verb)?.from ?? null
}

function inStates(values: readonly string[]): Condition {
  return { kind: 'compare', on: 'status', op: 'in', to: { kind: 'list', values } }
}
