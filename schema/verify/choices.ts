import type { ChoiceValue, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'
import { everyType } from './every-type.ts'

/** Values of choices and states can be told apart, stored by Postgres and said by GraphQL. */
export function verifyChoices(check: Verification): void {
  for (const { type, path } of everyType(check.model)) {
    if (type.kind === 'choice') verifyValues(check, type.values, path, 'choice')
  }
  for (const entity of check.model.entities) {
    for (const { name, type } of entity.computed) {
      if (type.kind === 'choice') verifyValues(check, type.values, [entity.name, 'computed', name], 'choice')
    }
    const { lifecycle } = entity
    if (lifecycle !== null) verifyValues(check, lifecycle.states, [entity.name, 'lifecycle', 'states'], 'state')
  }
  for (const value of check.model.actor?.values ?? []) {
    if (value.kind !== 'claim' || value.type.kind !== 'choice') continue
    verifyValues(check, value.type.values, ['actor', value.name], 'choice')
  }
}

function verifyValues(
  { problems }: Verification,
  values: readonly ChoiceValue[],
  path: ModelPath,
  what: 'choice' | 'state',
): void {
  if (values.length === 0) {
    const message = what === 'choice' ? 'This choice has no values.' : 'This lifecycle has no states.'
    problems.report('CHOICE_VALUES_INVALID', { path }, message)
    return
  }
  const first = new Map<string, ChoiceValue>()
  values.forEach((each, index) => {
    const at = what === 'choice' ? [...path, 'values'] : path
    const place = { path: [...at, each.value], part: 'key' } as const
    const known = first.get(each.graphql)
    first.set(each.graphql, known ?? each)
    const fault = faultOf(each.value)
    if (fault !== null) problems.report('CHOICE_VALUES_INVALID', place, fault)
    else if (each.graphql.startsWith('__'))
      problems.report(
        'CHOICE_VALUES_INVALID',
        place,
        `GraphQL would call "${each.value}" "${each.graphql}", which it keeps for itself.`,
      )
    else if (known?.value === each.value) {
      const code = what === 'state' ? 'LIFECYCLE_STATE_DUPLICATE' : 'CHOICE_VALUES_INVALID'
      problems.report(code, { path: [...at, index] }, `"${each.value}" is listed twice.`)
    } else if (known !== undefined) {
      const message = `"${known.value}" and "${each.value}" are both "${each.graphql}" in GraphQL.`
      problems.report('CHOICE_VALUES_INVALID', place, message, {
        hint: 'Rename one, and put the wording into its label.',
      })
    }
  })
}

function faultOf(value: string): string | null {
  if (value.trim() === '') return 'A value is empty.'
  if (value.includes('\0')) return 'A value holds a NUL character.'
  return value.isWellFormed() ? null : 'A value holds half of a surrogate pair.'
}
