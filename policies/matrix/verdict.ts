import { type Entity, type Model, type Rule, ruleCovers, rulesFor } from '#schema'
import { type CallerKind, isInAudience } from '../explain/caller-kind.ts'

/** What the rules alone say of a caller and a verb, whichever row it is. */
export interface Verdict {
  /** `always`: for every row; `when`: some rules ask something of the row, the caller or the request. */
  readonly answer: 'never' | 'always' | 'when'
  /** Rules that allow it, in order of declaration; those that hold always alone where there is one. */
  readonly allowing: readonly Rule[]
  /** Rules that forbid some of it, in order of declaration. */
  readonly denying: readonly Rule[]
}

/** Says what a caller may do with rows of an entity, from the rules alone. */
export function verdictOf(model: Model, entity: Entity, verb: string, caller: CallerKind): Verdict {
  const speaking = rulesFor(model, entity).filter(
    (rule) => ruleCovers(entity, rule, verb) && isInAudience(rule.audience, caller),
  )
  const allowing = speaking.filter(({ effect }) => effect === 'allow')
  const denying = speaking.filter(({ effect }) => effect === 'deny')
  const closed = denying.find((rule) => rule.where === null && rule.unless === null)
  if (allowing.length === 0) return { answer: 'never', allowing: [], denying: [] }
  if (closed !== undefined) return { answer: 'never', allowing: [], denying: [closed] }
  const open = allowing.filter((rule) => isOpen(rule, verb))
  if (open.length > 0 && denying.length === 0) return { answer: 'always', allowing: open, denying }
  return { answer: 'when', allowing: open.length > 0 ? open : allowing, denying }
}

/** True for a rule that asks for nothing and speaks of every field. */
function isOpen({ where, becoming, fields }: Rule, verb: string): boolean {
  const isOpenAfter = verb !== 'update' || becoming === null || becoming === 'anything'
  return where === null && isOpenAfter && fields === null
}
