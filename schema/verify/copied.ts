import { didYouMeanHint } from '../complete/hint.ts'
import { everyAction } from '../model/every-action.ts'
import { followPath, type PathEnd } from '../model/follow-path.ts'
import type { Field, FieldType } from '../model/model.ts'
import type { Verification } from './context.ts'

/** What is copied when a row is made can be found, and fits. */
export function verifyCopied({ model, entities, problems }: Verification): void {
  for (const entity of model.entities) {
    for (const field of entity.fields) {
      if (field.from === null) continue
      const place = { path: [entity.name, 'fields', field.name, 'from'] }
      const end = followPath(entity, field.from, entities)
      if (!('field' in end)) {
        const message = `"${end.entity.name}" has no "${end.name}" to go on with.`
        problems.report('FIELD_FROM_INVALID', place, message, { hint: didYouMeanHint(end.name, end.known) })
        continue
      }
      const message = faultOf(field, end)
      if (message !== null) problems.report('FIELD_FROM_INVALID', place, message)
    }
  }
  for (const { action, path } of everyAction(model))
    for (const { name } of action.input.filter(({ from }) => from !== null)) {
      const place = { path: [...path, 'input', name, 'from'] }
      problems.report('FIELD_FROM_INVALID', place, 'Inputs of actions are given, not copied.')
    }
}

function faultOf(field: Field, end: PathEnd): string | null {
  if (end.hops.length === 0) return 'A copy is taken from another row: begin with a to-one relation.'
  if (field.default !== null) return 'A field has a default or is copied, not both.'
  const gap = end.hops.find(({ optional }) => optional)
  if (!field.optional && gap !== undefined)
    return `"${gap.name}" may lead nowhere, and then "${field.name}", which is required, has no value.`
  if (!field.optional && end.field.optional)
    return `"${end.field.name}" may be missing, and "${field.name}" is required.`
  return typeFault(field.type, end.field.type)
}

function typeFault(to: FieldType, from: FieldType): string | null {
  const isText = to.kind === 'text' && from.kind === 'choice'
  if (to.kind !== from.kind && !isText) return `It leads to a value of kind "${from.kind}", and this is "${to.kind}".`
  if (to.kind === 'money' && from.kind === 'money') {
    if (to.minor !== from.minor || to.scale < from.scale) return 'The amounts have other digits behind the point.'
    if (to.currency !== null && from.currency !== null && to.currency !== from.currency)
      return `It leads to an amount in ${from.currency}, and this is in ${to.currency}.`
  }
  if (to.kind === 'decimal' && from.kind === 'decimal' && to.scale < from.scale)
    return 'It has more digits behind the point.'
  if (to.kind === 'duration' && from.kind === 'duration' && to.in !== from.in)
    return `It counts ${from.in}, not ${to.in}.`
  if (to.kind === 'choice' && from.kind === 'choice') {
    const lacking = from.values.find(({ value }) => !to.values.some((each) => each.value === value))
    if (lacking !== undefined) return `It may be "${lacking.value}", which is no value here.`
  }
  return null
}
