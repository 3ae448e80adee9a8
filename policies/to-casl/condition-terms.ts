import type { Condition } from '#schema'
import { judge } from '../evaluate/judge.ts'
import { actorValueOf } from '../to-sql/model-index.ts'
import type { Asking } from './asking.ts'
import { comparisonTerms } from './comparison-terms.ts'
import { factChanges } from './fact-changes.ts'
import { allOf, always, anyOf, never, relational, type Terms } from './terms.ts'

/**
 * When a condition holds of a row, or (negated) when it does not. Facts about the roles, the claims and the request are decided now;
 * whatever asks other rows, the clock beside the row, or a field that is not shown to every reader is for the server.
 */
export function conditionTerms(condition: Condition, isNegated: boolean, asking: Asking): Terms {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.kind === 'and' ? condition.all : condition.any
      const terms = parts.map((part) => conditionTerms(part, isNegated, asking))
      return (condition.kind === 'and') === isNegated ? anyOf(terms) : allOf(terms)
    }
    case 'not':
      return conditionTerms(condition.not, !isNegated, asking)
    case 'compare':
      return comparisonTerms(condition, isNegated, asking)
    case 'fact':
      return factTerms(condition, isNegated, asking)
    case 'path':
    case 'many':
    case 'may':
      return relational
  }
}

function factTerms(fact: Extract<Condition, { kind: 'fact' }>, isNegated: boolean, asking: Asking): Terms {
  if (fact.about === 'caller' || fact.about === 'tenant') return relational
  if ('to' in fact && !isKnownOperand(fact.to, asking)) return relational
  if (fact.about === 'request') {
    const at = factChanges(fact, asking.place)
    if (at === 'unknown') return relational
    if (at !== null) asking.changes(at)
  }
  const { truth } = judge(fact, asking.place)
  if (truth === null) return relational
  return truth === isNegated ? never : always
}

function isKnownOperand(to: Extract<Condition, { about: 'claim' }>['to'], { place }: Asking): boolean {
  if (to.kind === 'value' || to.kind === 'list') return true
  return to.kind === 'actor' && (to.name === 'id' || actorValueOf(place.world.index, to.name).kind === 'claim')
}
