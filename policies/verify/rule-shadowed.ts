import { canonicalJson } from '#base'
import { type Entity, type Model, type Rule, ruleCovers, type Verification, verbsOf } from '#schema'
import { indexModel, rulesOf } from '../to-sql/model-index.ts'
import { implies, type RowKind } from './implies.ts'
import { callerNames, deniedWhere, isAudienceWithin } from './rule-reach.ts'

/** Rules that change nothing, because another says all of it. */
export function warnOfShadowedRules({ model, entities, problems }: Verification): void {
  const index = indexModel(model)
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    // As they are enforced: a formula that is out of range keeps an allow from holding.
    const enforced = new Map(rulesOf(index, entity).map((rule) => [rule.title, rule]))
    const rules = policy.rules.map(({ title }) => enforced.get(title)!)
    for (const [at, rule] of rules.entries()) {
      const wider = rules.find((other, place) => {
        if (other === rule || !isWithin(rule, other, { entity, entities }, model)) return false
        // Of two that say the same, the later one is told.
        return place < at || !isWithin(other, rule, { entity, entities }, model)
      })
      if (wider === undefined) continue
      const message = `This changes nothing: "${wider.title}" says all of it already.`
      const hint = 'Leave it out, or mend whichever of the two says too much.'
      problems.warn('RULE_SHADOWED', { path: [entity.name, 'policy', rule.title], part: 'key' }, message, { hint })
    }
  }
}

/** True when it is certain that whatever the one allows or denies, the other does too. */
function isWithin(one: Rule, other: Rule, of: RowKind, { roles }: Model): boolean {
  if (one.effect !== other.effect || one.effect === 'reserve') return false
  if (!isAudienceWithin(one.audience, other.audience, roles) || !areVerbsWithin(one, other, of.entity)) return false
  if (other.fields !== null && !(one.fields?.every((name) => other.fields!.includes(name)) ?? false)) return false
  if (canonicalJson(one.sets) !== canonicalJson(other.sets)) return false
  if (one.effect === 'deny') {
    // A denial to whom a value is told holds for whoever lacks it: so must the other. What callers are refused with is theirs to read.
    return (
      areNamesWithin(one, other) && implies(deniedWhere(one), deniedWhere(other), of) && one.because === other.because
    )
  }
  return areNamesWithin(other, one) && implies(one.where, other.where, of) && isAfterWithin(one, other, of)
}

/** `anything` means later verbs too. */
function areVerbsWithin(one: Rule, other: Rule, entity: Entity): boolean {
  if (other.verbs === 'anything') return true
  if (one.verbs === 'anything') return false
  return one.verbs.filter((verb) => verbsOf(entity).includes(verb)).every((verb) => ruleCovers(entity, other, verb))
}

function areNamesWithin(one: Rule, other: Rule): boolean {
  const known = callerNames(other)
  // Sets of rows are found by the caller's id.
  return callerNames(one).every((name) => known.includes(name))
}

function isAfterWithin(one: Rule, other: Rule, of: RowKind): boolean {
  if (!ruleCovers(of.entity, one, 'update') || other.becoming === 'anything') return true
  if (one.becoming === 'anything') return other.becoming === null && other.where === null
  return implies(one.becoming ?? one.where, other.becoming ?? other.where, of)
}
