import { expect, test } from 'vitest'
import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly, problemsOf } from './written-app.ts'

/** An entity of these fields. */
function fields(source: string) {
  return entitiesOnly(`export const A = entity('A', { fields: {\n${source}\n} })`)
}

const nesting: readonly Mistake[] = [
  ['a list of lists', [['FIELD_NESTING_INVALID', 'list(int())']], `a: list(list(int()))`],
  ['a list of what is no field', [['OPTION_INVALID', "'text'"]], `a: list('text')`],
  ['an optional element', [['FIELD_PART_OPTION', 'true']], `a: list(int({ optional: true }))`],
  ['a unique part', [['FIELD_PART_OPTION', 'true']], `a: shape({ b: string({ unique: true }) })`],
  ['a part with a default', [['FIELD_PART_OPTION', "'x'"]], `a: shape({ b: string({ default: 'x' }) })`],
  ['an indexed element', [['FIELD_PART_OPTION', 'true']], `a: list(string({ index: true }))`],
  ['a readonly value', [['FIELD_PART_OPTION', 'true']], `a: dict({ values: int({ readonly: true }) })`],
  ['a null value', [['FIELD_PART_OPTION', 'true']], `a: dict({ values: int({ optional: true }) })`],
  ['smallest units', [['FIELD_PART_OPTION', 'true']], `a: list(money({ currency: 'EUR', minor: true }))`],
  ['a shape of nothing', [['SHAPE_EMPTY', 'shape({})']], `a: shape({})`],
  ['a part that is no field', [['OPTION_INVALID', '7']], `a: shape({ b: 7 })`],
  ['a name that GraphQL cannot say', [['NAME_INVALID', "'b-c'"]], `a: shape({ 'b-c': int() })`],
  ['a name that is taken', [['NAME_RESERVED', 'constructor']], `a: shape({ constructor: int() })`],
  ['binary data without a size', [['OPTION_INVALID', 'base64({})']], `a: base64({})`],
  ['an unknown option of an element', [['OPTION_UNKNOWN', 'mx']], `a: list(string({ mx: 3 }))`],
]

const limits: readonly Mistake[] = [
  ['more at least than at most', [['FIELD_LIMIT_INVALID', '3']], `a: list(int(), { min: 3, max: 2 })`],
  ['fewer than none', [['FIELD_LIMIT_INVALID', '-1']], `a: list(int(), { min: -1 })`],
  ['more than a list is for', [['FIELD_LIMIT_INVALID', '1_000_000']], `a: list(int(), { max: 1_000_000 })`],
  ['no key', [['FIELD_LIMIT_INVALID', '0']], `a: dict({ max: 0 })`],
  ['no byte', [['FIELD_LIMIT_INVALID', '0']], `a: base64({ maxBytes: 0 })`],
  ['more than a request is for', [['FIELD_LIMIT_INVALID', '100_000_000']], `a: base64({ maxBytes: 100_000_000 })`],
  ['limits of an element', [['FIELD_LIMIT_INVALID', '5']], `a: list(int({ min: 5, max: 3 }))`],
  ['limits of a part', [['FIELD_LIMIT_INVALID', '-1']], `a: shape({ b: list(string({ max: -1 })) })`],
  ['a pattern of a part', [['FIELD_PATTERN_INVALID', "'('"]], `a: shape({ b: string({ matches: '(' }) })`],
  ['values of an element', [['CHOICE_VALUES_INVALID', "'x'"]], `a: list(choice(['x', 'x']))`],
  ['values of a part', [['CHOICE_VALUES_INVALID', "''"]], `a: shape({ b: choice(['']) })`],
  ['a currency that is no part', [['FIELD_MONEY_INVALID', "'c'"]], `c: string(), a: shape({ b: money({ in: 'c' }) })`],
  ['a currency that is no field', [['FIELD_MONEY_INVALID', "'c'"]], `a: list(money({ in: 'c' }))`],
]

const defaults: readonly Mistake[] = [
  ['no list', [['FIELD_DEFAULT_INVALID', "'x'"]], `a: list(string(), { default: 'x' })`],
  ['too many', [['FIELD_DEFAULT_INVALID', '[1, 2]']], `a: list(int(), { max: 1, default: [1, 2] })`],
  ['too few', [['FIELD_DEFAULT_INVALID', '[]']], `a: list(int(), { min: 1, default: [] })`],
  [
    'an element too long',
    [['FIELD_DEFAULT_INVALID', "'abc'"]],
    `a: list(string({ max: 2 }), { default: ['a', 'abc'] })`,
  ],
  ['null in a list', [['FIELD_DEFAULT_INVALID', 'null']], `a: list(int(), { default: [null] })`],
  [
    'incomplete',
    [['FIELD_DEFAULT_INVALID', 'default']],
    `a: shape({ b: int(), c: int({ optional: true }) }, { default: { c: 1 } })`,
  ],
  ['a part that is none', [['FIELD_DEFAULT_INVALID', '2']], `a: shape({ b: int() }, { default: { b: 1, d: 2 } })`],
  [
    'a day inside',
    [['FIELD_DEFAULT_INVALID', "'2026-02-30'"]],
    `a: shape({ b: list(date()) }, { default: { b: ['2026-02-30'] } })`,
  ],
  ['too many keys', [['FIELD_DEFAULT_INVALID', '{ x: 1, y: 2 }']], `a: dict({ max: 1, default: { x: 1, y: 2 } })`],
  ['a value of another kind', [['FIELD_DEFAULT_INVALID', "'1'"]], `a: dict({ values: int(), default: { x: '1' } })`],
  ['a number past a double', [['FIELD_DEFAULT_INVALID', '{ x: 1e300 }']], `a: dict({ default: { x: 1e300 } })`],
  ['no base64', [['FIELD_DEFAULT_INVALID', "'aGk'"]], `a: base64({ maxBytes: 9, default: 'aGk' })`],
  ['base64 of a second form', [['FIELD_DEFAULT_INVALID', "'aGl='"]], `a: base64({ maxBytes: 9, default: 'aGl=' })`],
  ['too many bytes', [['FIELD_DEFAULT_INVALID', "'aGk='"]], `a: base64({ maxBytes: 1, default: 'aGk=' })`],
]

testMistakes('what stands inside', fields, nesting)
testMistakes('limits', fields, limits)
testMistakes('defaults', fields, defaults)

testMistakes('keys', entitiesOnly, [
  [
    'unique',
    [['FIELD_NOT_INDEXABLE', 'list(int(), { unique: true })']],
    `export const A = entity('A', { fields: { a: list(int(), { unique: true }) } })`,
  ],
  [
    'indexed',
    [['FIELD_NOT_INDEXABLE', 'dict({ index: true })']],
    `export const A = entity('A', { fields: { a: dict({ index: true }) } })`,
  ],
  [
    'unique with others',
    [['FIELD_NOT_INDEXABLE', 'base64({ maxBytes: 1 })']],
    `export const A = entity('A', { fields: { a: base64({ maxBytes: 1 }), b: int() }, unique: [['b', 'a']] })`,
  ],
  [
    'displayed',
    [['FIELD_NOT_INDEXABLE', "'a'"]],
    `export const A = entity('A', { display: 'a', fields: { a: shape({ b: int() }) } })`,
  ],
])

testMistakes('names', entitiesOnly, [
  [
    'two shapes of one name',
    [['NAME_CLASH', 'c']],
    `const p = shapeType('P', { x: int() }); const q = shapeType('P', { y: int() })
export const A = entity('A', { fields: { b: shape(p), c: shape(q) } })`,
  ],
  [
    'a shape and an entity',
    [['NAME_CLASH', 'b']],
    `export const A = entity('A', { fields: { b: shape({ x: int() }) } }); export const AB = entity('AB', { fields: { x: int() } })`,
  ],
  [
    'an input and an entity',
    [['NAME_CLASH', "'ABInput'"]],
    `export const A = entity('A', { fields: { b: shape({ x: int() }) } }); export const ABInput = entity('ABInput', { fields: { x: int() } })`,
  ],
  [
    'a name that is no type',
    [['NAME_INVALID', 'b']],
    `export const A = entity('A', { fields: { b: shape(shapeType('p', { x: int() })) } })`,
  ],
])

test('shared and nested shapes are sound', async () => {
  const source = `const p = shapeType('P', { x: int(), k: choice(['a']), q: shape({ y: int() }) })
export const A = entity('A', { fields: { b: shape(p), c: list(shape(p)), d: dict({ values: shape(p) }) } })`
  expect(await problemsOf(entitiesOnly(source))).toEqual([])
})
