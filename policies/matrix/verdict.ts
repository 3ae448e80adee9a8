import { type Entity, type Model, type Rule, ruleCovers, rulesFor } from '#schema'
import { type CallerKind, isInAudience } from '../explain/caller-kind.ts'
import { coverableNames } from '../model/coverable.ts'
import { speaksOfNone } from '../verify/rule-reach.ts'

/** What the rules alone say of somebody and a verb, whichever row it is. */
export interface Verdict {
  /** `always`: for every row. `when`: some rules ask something of the row, the caller or the request. */
  readonly answer: 'never' | 'always' | 'when'
  /** Rules that allow it, in order of declaration; those that ask for nothing alone, where there is one. */
  readonly allowing: readonly Rule[]
  /** Rules that forbid it, all of it or some, in order of declaration. */
  readonly denying: readonly Rule[]
  /** Names of the fields that it is about, where some are left out; null: all. */
  readonly fields: readonly string[] | null
}

/** Says what somebody may do with rows of an entity, from the rules alone. */
export function verdictOf(model: Model, entity: Entity, verb: string, caller: CallerKind): Verdict {
  const covering = rulesFor(model, entity).filter((rule) => ruleCovers(entity, rule, verb))
  const of = { entity, entities: new Map(model.entities.map((each) => [each.name, each])) }
  const speaking = covering
    .filter(({ audience }) => isInAudience(audience, caller))
    .filter((rule) => !speaksOfNone(rule, of))
  const allowing = speaking.filter(({ effect }) => effect === 'allow')
  const denying = speaking.filter(({ effect }) => effect === 'deny')
  const closed = denying.find((rule) => rule.where === null && rule.unless === null)
  if (allowing.length === 0) return { answer: 'never', allowing, denying: [], fields: null }
  if (closed !== undefined) return { answer: 'never', allowing: [], denying: [closed], fields: null }
  const open = allowing.filter((rule) => isOpen(rule, verb))
  const whole = open.filter(({ fields }) => fields === null)
  const told = whole.length > 0 ? whole : allowing
  const isAlways = told.every((rule) => open.includes(rule)) && denying.length === 0
  const reserves = covering.filter(({ effect }) => effect === 'reserve')
  return {
    answer: isAlways ? 'always' : 'when',
    allowing: told,
    denying,
    fields: fieldsOf(told, reserves, entity, caller),
  }
}

/** True for a rule that asks for nothing. */
function isOpen({ where, becoming }: Rule, verb: string): boolean {
  return where === null && (verb !== 'update' || becoming === null || becoming === 'anything')
}

/** What the rules cover together, without what is reserved for others. */
function fieldsOf(
  allowing: readonly Rule[],
  reserves: readonly Rule[],
  entity: Entity,
  caller: CallerKind,
): readonly string[] | null {
  const all = coverableNames(entity)
  const isCovered = (name: string) => allowing.some(({ fields }) => fields === null || fields.includes(name))
  const isLeft = (name: string) => {
    const own = reserves.filter(({ fields }) => fields === null || fields.includes(name))
    return own.length === 0 || own.some(({ audience }) => isInAudience(audience, caller))
  }
  const left = all.filter((name) => isCovered(name) && isLeft(name))
  return left.length === all.length ? null : left
}
