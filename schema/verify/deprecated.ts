import type { Field } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { everyField } from './every-field.ts'

/** What is deprecated can be done without: GraphQL deprecates no required input, and a default should lead nobody there. */
export function verifyDeprecated({ model, problems }: Verification): void {
  for (const { field, path } of everyField(model)) {
    const { deprecated, name } = field
    if (deprecated !== null && isNeeded(field)) {
      const hint = 'Make it optional, or give it a default.'
      const message = `"${name}" is deprecated, but nobody can make a row without it.`
      problems.report('DEPRECATED_NEEDED', { path: [...path, 'deprecated'] }, message, { hint })
    }
    const value = defaultValueOf(field)
    if (value?.deprecated == null) continue
    const message = `The default "${value.value}" is deprecated.`
    problems.report('DEPRECATED_NEEDED', { path: [...path, 'default'] }, message, { hint: 'Choose another default.' })
  }
  for (const entity of model.entities) {
    const { name, lifecycle } = entity
    for (const relation of toOnesOf(entity)) {
      if (relation.deprecated === null || !isNeeded(relation)) continue
      const path = [name, 'relations', relation.name, 'deprecated']
      const message = `"${relation.name}" is deprecated, but nobody can make a row without it.`
      problems.report('DEPRECATED_NEEDED', { path }, message, { hint: 'Make it optional.' })
    }
    const initial = lifecycle?.states.find(({ value }) => value === lifecycle.initial)
    if (initial?.deprecated == null) continue
    const message = `Every new row begins as "${initial.value}", which is deprecated.`
    problems.report('DEPRECATED_NEEDED', { path: [name, 'lifecycle', 'initial'] }, message, {
      hint: 'Begin with another state.',
    })
  }
}

function isNeeded({ optional, default: fallback, ...more }: Pick<Field, 'optional' | 'default'>): boolean {
  return !optional && fallback === null && ((more as Partial<Field>).from ?? null) === null
}

function defaultValueOf({ type, default: fallback }: Field) {
  if (type.kind !== 'choice' || fallback?.kind !== 'value') return null
  return type.values.find(({ value }) => value === fallback.value) ?? null
}
