import { columnField, columnFields } from '../model/column-fields.ts'
import type { Comparison, Condition } from '../model/condition.ts'
import type { Entity, Field, FieldType } from '../model/model.ts'
import type { Verification } from './context.ts'
import { type Known, orderOf } from './scalar-order.ts'

/** Limits of fields and all rules of an entity together leave values. */
export function verifyRuleLimits({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const rest = new Map(columnFields(entity).map((field) => [field.name, startOf(field)]))
    const told = new Set<string>()
    for (const { title, where } of entity.rules) {
      for (const comparison of certainly(where)) {
        const before = rest.get(comparison.on)
        const field = columnField(entity, comparison.on)
        if (before === undefined || field === undefined || told.has(field.name)) continue
        const after = narrowed(before, comparison, field.type)
        rest.set(field.name, after)
        if (!isEmpty(after, field)) continue
        told.add(field.name)
        const path = [entity.name, 'rules', title, field.name]
        const message = `No value of "${field.name}" is left: ${reasonOf(entity, field)}.`
        problems.report('ENTITY_RULE_IMPOSSIBLE', { path }, message, {
          hint: 'Mend the rule, the other rules, or the limits of the field.',
        })
      }
    }
  }
}

/** Values that a field may still have. */
interface Rest {
  readonly from: Limit | null
  readonly to: Limit | null
  /** The single values that are left, where they are few enough to be named. */
  readonly values: readonly Known[] | null
  readonly mayBeNull: boolean
  readonly mayHaveValue: boolean
}

interface Limit {
  readonly value: Known
  readonly isOutside: boolean
}

/** Comparisons that hold whenever the condition does. */
function certainly(condition: Condition): readonly Comparison[] {
  if (condition.kind === 'and') return condition.all.flatMap(certainly)
  return condition.kind === 'compare' ? [condition] : []
}

function startOf({ type, optional }: Field): Rest {
  const limit = (value: Known | null | undefined): Limit | null => (value == null ? null : { value, isOutside: false })
  const isNumber = 'min' in type && type.kind !== 'text'
  const values = type.kind === 'choice' ? type.values.map(({ value }) => value) : null
  return {
    from: isNumber ? limit(type.min) : null,
    to: isNumber ? limit(type.max) : null,
    values: type.kind === 'boolean' ? [true, false] : values,
    mayBeNull: optional,
    mayHaveValue: true,
  }
}

function narrowed(rest: Rest, { op, to }: Comparison, type: FieldType): Rest {
  if (to.kind === 'list') {
    const keeps = (value: Known) => to.values.includes(value) === (op === 'in')
    const listed = op === 'in' ? [...to.values] : null
    return { ...rest, values: rest.values?.filter(keeps) ?? listed }
  }
  if (to.kind !== 'value') return rest
  const { value } = to
  if (value === null) return op === 'is' ? { ...rest, mayHaveValue: false } : { ...rest, mayBeNull: false }
  if (op === 'is') return { ...rest, values: rest.values?.filter((each) => each === value) ?? [value] }
  if (op === 'isNot') return { ...rest, values: rest.values?.filter((each) => each !== value) ?? null }
  if (op === 'over' || op === 'atLeast')
    return { ...rest, from: tighter(rest.from, { value, isOutside: op === 'over' }, type, 1) }
  if (op === 'under' || op === 'atMost')
    return { ...rest, to: tighter(rest.to, { value, isOutside: op === 'under' }, type, -1) }
  return rest
}

/** @param way 1 for lower limits, -1 for upper ones */
function tighter(one: Limit | null, other: Limit, type: FieldType, way: 1 | -1): Limit {
  if (one === null) return other
  const order = (orderOf(type, one.value, other.value) ?? 0) * way
  return order > 0 || (order === 0 && one.isOutside) ? one : other
}

function isEmpty(rest: Rest, { type }: Field): boolean {
  if (!rest.mayHaveValue) return !rest.mayBeNull
  const { from, to } = rest
  if (rest.values !== null) return !rest.values.some((value) => isInside(value, rest, type))
  if (from === null || to === null) return false
  const order = orderOf(type, from.value, to.value) ?? -1
  return order > 0 || (order === 0 && (from.isOutside || to.isOutside))
}

function isInside(value: Known, { from, to }: Rest, type: FieldType): boolean {
  const above = from === null ? 1 : (orderOf(type, value, from.value) ?? 1)
  const below = to === null ? -1 : (orderOf(type, value, to.value) ?? -1)
  return (from?.isOutside === true ? above > 0 : above >= 0) && (to?.isOutside === true ? below < 0 : below <= 0)
}

function reasonOf(entity: Entity, field: Field): string {
  return entity.rules.length > 1
    ? `its limits and the rules of "${entity.name}" contradict each other`
    : `the rule contradicts itself, or the ${field.optional ? 'limits of the field' : 'field, which is required'}`
}
