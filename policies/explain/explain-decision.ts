import { type Entity, type Model, type Rule, rulesFor } from '#schema'
import type { ClauseTrace, Compared, Decision, RelatedTrace, RuleTrace, Truth } from '../evaluate/decision.ts'
import { audienceWords, nobodyWords } from './audience-words.ts'
import { clausePhrase } from './clause.ts'
import { along, conditionClause, manyHeading } from './condition-clause.ts'
import { factPlace } from './fact-clause.ts'
import { partWords, rowWords } from './names.ts'
import { entityNamed, type Place, rowPlace } from './place.ts'

/** A decision with what was weighed, in English. */
export interface ExplainedDecision
  extends Pick<Decision, 'entity' | 'verb' | 'allowed' | 'reason' | 'rule' | 'because' | 'fields'> {
  /** In order of declaration. */
  readonly rules: readonly ExplainedTrace[]
}

/** What one rule says of the row and the caller. */
export interface ExplainedTrace extends Omit<RuleTrace, 'where' | 'becoming' | 'unless'> {
  /** Whom it speaks of: `sales (and lead, which includes sales)`. */
  readonly for: string
  readonly where: TracedClause | null
  readonly becoming: TracedClause | null
  readonly unless: TracedClause | null
}

/** A clause in English with what it came to. */
export interface TracedClause {
  readonly words: string
  /** Null: a formula is out of range. */
  readonly truth: Truth
  /** What was compared; null where nothing was, and where values are not asked for. */
  readonly compared: Compared | null
  /** True where what it is compared with is not in the words: another field, or something of the caller. */
  readonly isOpen: boolean
  readonly parts: readonly TracedClause[]
}

/** How a decision is told. */
export interface DecisionTelling {
  readonly model: Model
  /** Whether values of rows and of the caller are told. */
  readonly values: boolean
}

/** Says a decision, its rules and their clauses. */
export function explainDecision(decision: Decision, telling: DecisionTelling): ExplainedDecision {
  const { model } = telling
  const entity = model.entities.find(({ name }) => name === decision.entity)!
  const { verb, allowed, reason, rule, because, fields } = decision
  const all = rulesFor(model, entity)
  const rules = decision.rules.map((trace) => {
    const found = all.find(({ title }) => title === trace.title)!
    const at = (clause: ClauseTrace | null) =>
      clause === null ? null : traced(clause, { ...telling, place: rowPlace(model, entity) })
    return {
      ...trace,
      for: whom(found, model),
      ...{ where: at(trace.where), becoming: at(trace.becoming), unless: at(trace.unless) },
    }
  })
  return { entity: entity.name, verb, allowed, reason, rule, because, fields, rules }
}

/** Says a condition about a row of an entity that was weighed for itself. */
export function explainClause(entity: string, clause: ClauseTrace, { model, values }: DecisionTelling): TracedClause {
  return traced(clause, { values, place: rowPlace(model, model.entities.find(({ name }) => name === entity)!) })
}

function whom({ effect, audience }: Rule, model: Model): string {
  return (effect === 'deny' ? nobodyWords(audience, model) : audienceWords(audience, model)).replace(/,$/, '')
}

interface At {
  readonly place: Place
  readonly values: boolean
}

/** A clause with its parts; what leads along a to-one is said of the row that it leads to. */
function traced(trace: ClauseTrace, at: At): TracedClause {
  const { condition, truth } = trace
  const { place } = at
  const leaf = (words: string, parts: readonly TracedClause[] = []): TracedClause => ({
    ...{ words, truth, compared: at.values ? trace.compared : null, parts },
    isOpen: 'to' in condition && ['actor', 'row', 'was', 'now'].includes(condition.to.kind),
  })
  const whole = (): string => clausePhrase(conditionClause(condition, place))
  const inner = (row: RelatedTrace, next: Place): TracedClause => traced(row.where!, { ...at, place: next })
  const [first] = trace.rows
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = trace.parts.map((each) => traced(each, at))
      const [only] = parts
      if (parts.length === 1 && only !== undefined) return only
      return leaf(condition.kind === 'and' ? allWords : 'at least one of these holds', parts)
    }
    case 'not':
      return leaf(
        'it is not so that',
        trace.parts.map((each) => traced(each, at)),
      )
    case 'path':
      if (first !== undefined && first.where !== null) return inner(first, along(condition, place))
      return leaf(`${whole()} (there is no live ${partWords(place.entity, condition.relation)})`)
    case 'many': {
      const { text, inner: next } = manyHeading(condition, place)
      return leaf(
        `${text} (${trace.rows.length})`,
        next === null ? [] : trace.rows.map((row) => relatedClause(row, next, at)),
      )
    }
    case 'fact': {
      if (condition.about !== 'caller' && condition.about !== 'tenant') return leaf(whole())
      const next = factPlace(condition.about, place)
      if (first !== undefined && first.where !== null && next !== null) return inner(first, next)
      return leaf(`${whole()} (there is no live row of the ${condition.about})`)
    }
    default:
      return leaf(whole())
  }
}

/** What stands before parts that must all hold. */
export const allWords = 'all of these hold'

function relatedClause(row: RelatedTrace, next: Place, at: At): TracedClause {
  const words = `${rowWords(entityNamed(next, row.entity) ?? (next.entity as Entity))} ${row.id}`
  const parts = row.where === null ? [] : [traced(row.where, { ...at, place: next })]
  return { words, truth: row.truth, compared: null, isOpen: false, parts }
}
