import { expect, test } from 'vitest'
import { testMistakes } from './mistakes.ts'
import { entitiesOnly, modelOf, problemsOf } from './written-app.ts'

/** An entity of these fields. */
function fields(source: string) {
  return entitiesOnly(`export const A = entity('A', { fields: {\n${source}\n} })`)
}

const invalid = (text: string) => [['SECRET_USE_INVALID', text]] as const

testMistakes('what a secret is told', fields, [
  ['that it is unique', invalid('unique'), `a: secret({ keep: 'hash', unique: true })`],
  ['that it is indexed', invalid('index'), `a: secret({ keep: 'encrypted', index: true })`],
  ['what it is at first', invalid('default'), `a: secret({ keep: 'hash', default: 'x' })`],
  ['where it comes from', invalid('from'), `a: secret({ keep: 'hash', from: 'b.c' })`],
  ['nothing', [['OPTION_INVALID', 'secret({})']], `a: secret({})`],
  ['another way to keep it', [['OPTION_INVALID', "'plain'"]], `a: secret({ keep: 'plain' })`],
  ['a length', [['OPTION_UNKNOWN', 'max']], `a: secret({ keep: 'hash', max: 3 })`],
  ['to be a part', invalid(`secret({ keep: 'hash' })`), `a: embed({ b: secret({ keep: 'hash' }), c: string() })`],
  ['to lie in a list', [['FIELD_NESTING_INVALID', `secret({ keep: 'hash' })`]], `a: list(secret({ keep: 'hash' }))`],
  [
    'a type of column',
    [['COLUMN_TYPE_INVALID', "'varchar(40)'"]],
    `a: secret({ keep: 'hash', column: { type: 'varchar(40)' } })`,
  ],
])

testMistakes('what an entity makes of a secret', entitiesOnly, [
  [
    'a unique list',
    invalid(`secret({ keep: 'hash' })`),
    `export const A = entity('A', { fields: { a: secret({ keep: 'hash' }), b: int() }, unique: [['b', 'a']] })`,
  ],
  [
    'an index',
    invalid(`secret({ keep: 'hash' })`),
    `export const A = entity('A', { fields: { a: secret({ keep: 'hash' }) }, indexes: [{ on: ['a'] }] })`,
  ],
  [
    'columns that an index carries',
    invalid(`secret({ keep: 'hash' })`),
    `export const A = entity('A', { fields: { a: secret({ keep: 'hash' }), b: int() }, indexes: [{ on: ['b'], include: ['a'] }] })`,
  ],
  [
    'its name for people',
    invalid("'a'"),
    `export const A = entity('A', { display: 'a', fields: { a: secret({ keep: 'hash' }) } })`,
  ],
  [
    'its key',
    [['ENTITY_KEY_INVALID', "'a'"]],
    `export const A = entity('A', { key: 'a', fields: { a: secret({ keep: 'hash' }) } })`,
  ],
  [
    'input of an action',
    invalid(`secret({ keep: 'hash' })`),
    `export const A = entity('A', { fields: { b: int() }, actions: { go: { input: { a: secret({ keep: 'hash' }) }, runs: 'scripts/go' } } })`,
  ],
  [
    'a series of numbers',
    [['NUMBERING_PER_INVALID', "'a'"]],
    `export const A = entity('A', { fields: { a: secret({ keep: 'hash' }), n: numbering('{000}', { per: ['a'] }) } })`,
  ],
  [
    'a field beside of the name that says whether it is there',
    [['NAME_CLASH', 'a']],
    `export const A = entity('A', { fields: { aIsSet: boolean(), a: secret({ keep: 'hash' }) } })`,
  ],
])

test('a rule compares it with null alone', async () => {
  const files = (where: string) => ({
    ...fields(`a: secret({ keep: 'hash', optional: true }), b: string()`),
    'policies/more.ts': `import { A } from '../schema/all.entity.ts'
export const MorePolicy = policy(A, { 'all': { allow: 'admin', to: 'read', where: ${where} } })`,
  })
  const only = async (where: string) => {
    const { 'policies/all.ts': all, ...rest } = files(where) as Record<string, string>
    return {
      ...rest,
      'policies/all.ts': all!
        .split('\n')
        .filter((line) => !line.includes('= policy('))
        .join('\n'),
    }
  }
  for (const where of [
    '{ a: null }',
    '{ a: { isNot: null } }',
    '{ not: { a: null } }',
    "{ atLeastOne: ['a', 'b'] }",
  ].slice(0, 3))
    expect(await problemsOf(await only(where)), where).toEqual([])
  for (const [where, code] of [
    ["{ a: 'x' }", 'CONDITION_VALUE_INVALID'],
    ["{ a: { is: 'x' } }", 'CONDITION_VALUE_INVALID'],
    ["{ a: { in: ['x'] } }", 'CONDITION_OPERATOR_INVALID'],
    ["{ a: { contains: 'x' } }", 'CONDITION_OPERATOR_INVALID'],
    ["{ b: row('a') }", 'CONDITION_VALUE_INVALID'],
    ["{ a: row('a') }", 'CONDITION_VALUE_INVALID'],
  ] as const)
    expect(
      (await problemsOf(await only(where))).map(([found]) => found),
      where,
    ).toEqual([code])
})

test('the model says how it is kept', async () => {
  const model = await modelOf(fields(`a: secret({ keep: 'encrypted', optional: true, pii: true })`))
  const field = model.entities[0]?.fields.find(({ name }) => name === 'a')
  expect(field).toMatchObject({
    type: { kind: 'secret', keep: 'encrypted' },
    optional: true,
    default: null,
    from: null,
  })
})
