import { didYouMeanHint } from '../complete/hint.ts'
import { columnFields, pathOfField } from '../model/column-fields.ts'
import { followPath } from '../model/follow-path.ts'
import type { Entity, FieldType, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'

/** A money field has one currency, or names the field that holds it. */
export function verifyMoney(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const { name, type } of columnFields(entity)) {
      const path = pathOfField(entity, name)
      if (type.kind === 'money') verifyCurrency(check, entity, type, path)
      // The currency of a list of amounts stands in the row as well; that of a part of a shape beside it.
      else if (type.kind === 'list' && type.of.kind === 'money') verifyCurrency(check, entity, type.of, [...path, 'of'])
    }
    for (const { name, type } of entity.computed) {
      // A path was taken over from the formula.
      if (type.kind === 'money' && !type.in?.includes('.'))
        verifyCurrency(check, entity, type, [entity.name, 'computed', name])
    }
  }
}

function verifyCurrency(
  { entities, problems }: Verification,
  entity: Entity,
  { currency, in: holder }: Extract<FieldType, { readonly kind: 'money' }>,
  path: ModelPath,
): void {
  if (currency !== null && !/^[A-Z]{3}$/.test(currency)) {
    const hint = 'Write the three letters of ISO 4217, such as EUR.'
    problems.report('FIELD_MONEY_INVALID', { path: [...path, 'currency'] }, `"${currency}" is no currency.`, { hint })
  }
  if (holder === null) return
  const place = { path: [...path, 'in'] }
  if (currency !== null) problems.report('FIELD_MONEY_INVALID', place, 'Say "currency" or "in", not both.')
  const holders = columnFields(entity).filter(
    ({ type, builtIn }) => !builtIn && (type.kind === 'choice' || type.kind === 'text'),
  )
  if (holders.some((field) => field.name === holder)) return
  if (holder.includes('.')) {
    const end = followPath(entity, holder.split('.'), entities)
    if ('field' in end && (end.field.type.kind === 'choice' || end.field.type.kind === 'text')) return
    const hint = 'field' in end ? null : didYouMeanHint(end.name, end.known)
    const message = `"${holder}" leads to no field that could hold a currency.`
    problems.report('FIELD_MONEY_INVALID', place, message, { hint })
    return
  }
  const hint = didYouMeanHint(
    holder,
    holders.map((field) => field.name),
  )
  const message = `"${entity.name}" has no field "${holder}" that could hold a currency.`
  problems.report('FIELD_MONEY_INVALID', place, message, { hint })
}
