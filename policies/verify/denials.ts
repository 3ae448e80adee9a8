import {
  type Comparison,
  type Condition,
  columnField,
  type Entity,
  type EntityMap,
  type ModelPath,
  type Operator,
  type Verification,
} from '#schema'

/**
 * A comparison with a missing value does not hold, so a denial lets such rows through. Said where the value has no other answer: that a
 * missing value is not equal to another surprises nobody.
 */
export function warnOfDenials({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    for (const rule of policy.rules) {
      if (entity === undefined || rule.effect !== 'deny' || rule.where === null) continue
      const at = { entity, entities, path: [], missing: null, isNegated: false }
      const base: ModelPath = [entity.name, 'policy', rule.title, 'where']
      for (const { path, missing } of open(rule.where, at)) {
        if (saysMissing(rule.where, missing) || saysMissing(rule.unless, missing)) continue
        const message = `This denies nothing where "${missing}" is missing: a comparison with a missing value does not hold.`
        const hint = `Say when it is allowed instead, with \`unless\`; or say what a missing value means: \`${missing}: null\` or \`${missing}: { isNot: null }\`.`
        problems.warn('RULE_DENY_MISSING_VALUE', { path: [...base, ...path], part: 'key' }, message, { hint })
      }
    }
  }
}

/** A comparison that a missing value keeps from holding. */
interface Open {
  /** From the `where`. */
  readonly path: readonly string[]
  /** Name of what may be missing. */
  readonly missing: string
}

interface Place {
  readonly entity: Entity
  readonly entities: EntityMap
  readonly path: readonly string[]
  /** Relation on the way here that may lead nowhere. */
  readonly missing: string | null
  readonly isNegated: boolean
}

function open(condition: Condition, at: Place): readonly Open[] {
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap((each) => open(each, at))
    case 'or':
      return condition.any.flatMap((each) => open(each, at))
    case 'not':
      return open(condition.not, { ...at, isNegated: !at.isNegated })
    case 'path': {
      const relation = at.entity.relations.find(({ name }) => name === condition.relation)
      const entity = relation?.kind === 'one' ? at.entities.get(relation.to) : undefined
      if (relation?.kind !== 'one' || entity === undefined) return []
      const missing = at.missing ?? (relation.optional ? relation.name : null)
      return open(condition.where, { ...at, entity, missing, path: [...at.path, relation.name] })
    }
    case 'compare':
      return openComparison(condition, at)
    case 'many':
    case 'may':
    case 'fact':
      return []
  }
}

/** Those to which there is no answer without the value. */
const ordering: ReadonlySet<Operator> = new Set<Operator>([
  ...(['under', 'atMost', 'over', 'atLeast', 'startsWith', 'contains', 'endsWith'] as const),
  ...(['covers', 'overlaps', 'endsBefore', 'startsAfter'] as const),
])

/** Under `not` a missing value makes the denial hold. */
function openComparison({ on, op, to }: Comparison, at: Place): readonly Open[] {
  if (at.isNegated || !ordering.has(op)) return []
  const names = [on, ...(to.kind === 'row' ? [to.name] : [])]
  const missing = at.missing ?? names.find((name) => isOptional(at.entity, name))
  return missing === undefined ? [] : [{ path: [...at.path, ...on.split('.')], missing }]
}

function isOptional(entity: Entity, name: string): boolean {
  const part = columnField(entity, name) ?? entity.computed.find((each) => each.name === name)
  return part?.optional === true
}

/** Whether a condition speaks of the value being missing or not. */
function saysMissing(condition: Condition | null, name: string): boolean {
  switch (condition?.kind) {
    case undefined:
      return false
    case 'and':
      return condition.all.some((each) => saysMissing(each, name))
    case 'or':
      return condition.any.some((each) => saysMissing(each, name))
    case 'not':
      return saysMissing(condition.not, name)
    case 'path':
      return saysMissing(condition.where, name)
    case 'many':
    case 'may':
    case 'fact':
      return false
    case 'compare':
      return condition.on === name && condition.to.kind === 'value' && condition.to.value === null
  }
}
