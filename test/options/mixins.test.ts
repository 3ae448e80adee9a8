import { expect, test } from 'vitest'
import { testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly, modelOf } from '../schema/written-app.ts'

const schema = (note: string): string => `
const audited = {
  fields: { reviewedOn: date({ optional: true }), reviewNote: ${note} },
  relations: { reviewer: one('Person', { optional: true }) },
  rules: { 'reviewed by somebody': { together: ['reviewedOn', 'reviewer'] } },
} as const
export const Person = entity('Person', { fields: { name: string() } })
export const Memo = entity('Memo', {
  fields: { title: string(), ...audited.fields }, relations: { ...audited.relations }, rules: { ...audited.rules },
})
export const Plan = entity('Plan', { ...audited, fields: { ...audited.fields, goal: text() } })`

test('fields, relations and rules are shared by spread', async () => {
  const [memo, , plan] = (await modelOf(entitiesOnly(schema('text({ optional: true })')))).entities
  const declared = (fields: readonly { readonly name: string; readonly builtIn: boolean }[]) =>
    fields.filter(({ builtIn }) => !builtIn).map(({ name }) => name)
  expect(declared(memo!.fields)).toEqual(['title', 'reviewedOn', 'reviewNote'])
  expect(declared(plan!.fields)).toEqual(['reviewedOn', 'reviewNote', 'goal'])
  for (const entity of [memo!, plan!]) {
    expect(entity.relations.map(({ name }) => name)).toEqual(['reviewer'])
    expect(entity.rules.map(({ title }) => title)).toEqual(['reviewed by somebody'])
  }
})

testMistakes('a mistake in what is shared is told where it is written', entitiesOnly, [
  // Once, though two entities share it.
  ['a limit', [['FIELD_LIMIT_INVALID', '9']], schema('string({ min: 9, max: 3 })')],
])
