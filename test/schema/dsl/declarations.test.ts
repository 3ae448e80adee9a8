import * as language from 'rowhouse/schema'
import { expect, test } from 'vitest'
import { declared, kindOf } from '#schema'
import { named } from './named.ts'

const builders: Readonly<Record<string, unknown>> = { ...language }
const { amount, choice, choiceType, entity, eur, hasOne, many, one, string, usd } = language

test.each([
  ['string', { max: 20, matches: '[A-Z]+' }],
  ['text', { optional: true }],
  ['slug', {}],
  ['email', { ignoreCase: true }],
  ['url', {}],
  ['phone', {}],
  ['timezone', { default: 'Europe/Berlin' }],
  ['int', { min: 0 }],
  ['int64', { min: '0' }],
  ['float', {}],
  ['decimal', { precision: 12, scale: 2 }],
  ['money', { in: 'currency' }],
  ['boolean', { default: true }],
  ['datetime', { default: 'now' }],
  ['date', { default: 'today' }],
  ['time', {}],
  ['duration', { in: 'days' }],
  ['uuid', { default: 'random' }],
] as const)('%s gives its options back untouched', (builder, options) => {
  const field = (builders[builder] as (options: object) => unknown)(options)
  expect(kindOf(field)).toBe('field')
  expect(field).toEqual({ builder, options })
})

test('a field without options has none', () => {
  expect(string()).toEqual({ builder: 'string', options: {} })
})

test('a choice holds its values, or the shared type itself', () => {
  const region = choiceType('Region', { eu: 'Europe', us: { label: 'United States' } })
  expect(kindOf(region)).toBe('choiceType')
  expect(region).toMatchObject({ name: 'Region', values: { eu: 'Europe', us: { label: 'United States' } } })
  expect(choice(['a', 'b'])).toEqual({ builder: 'choice', options: {}, values: ['a', 'b'] })
  expect(choice(region, { default: 'eu' })).toMatchObject({ builder: 'choice', options: { default: 'eu' } })
  expect((choice(region) as unknown as { values: unknown }).values).toBe(region)
})

test('relations hold the name of their target', () => {
  expect(one('Customer')).toEqual({ kind: 'one', to: 'Customer', options: {} })
  expect(one('User', { default: 'actor' })).toEqual({ kind: 'one', to: 'User', options: { default: 'actor' } })
  expect(hasOne('Invoice', { by: 'order' })).toEqual({ kind: 'hasOne', to: 'Invoice', options: { by: 'order' } })
  expect(many('Product', { through: 'Line' })).toEqual({ kind: 'many', to: 'Product', options: { through: 'Line' } })
  expect(kindOf(one('Customer'))).toBe('relation')
})

test('amounts are digits and a currency', () => {
  expect([usd('50000'), eur('-0.50'), amount('SEK', '7')]).toEqual([
    { currency: 'USD', amount: '50000' },
    { currency: 'EUR', amount: '-0.50' },
    { currency: 'SEK', amount: '7' },
  ])
  expect(kindOf(usd('1'))).toBe('money')
})

test('a spread of a declaration is none, so that nothing of it is dropped in silence', () => {
  expect(kindOf({ ...string({ max: 20 }) })).toBeNull()
  expect(Object.getOwnPropertySymbols({ ...one('Customer') })).not.toContain(declared)
})

test('everything is frozen, and later changes of the author change nothing', () => {
  const options = { max: 20 }
  const definition = { fields: { name: string(options) }, unique: [['name' as const]] }
  const Thing = entity('Thing', definition)
  options.max = 30
  definition.unique.push(['name'])
  expect(Thing).toMatchObject({ definition: { fields: { name: { options: { max: 20 } } }, unique: [['name']] } })
  const inner = Thing as unknown as { definition: { unique: string[][]; fields: { name: { options: object } } } }
  const parts = [Thing, inner.definition, inner.definition.unique[0], inner.definition.fields.name.options]
  expect(parts.map(Object.isFrozen)).toEqual([true, true, true, true])
})

test('what is not ours stays as it is', () => {
  const pattern = /[a-z]/
  class Mine {}
  const mine = new Mine()
  const list = [1]
  entity('Thing', { fields: {}, note: { pattern, mine, list } as never })
  expect([pattern, mine, list].map(Object.isFrozen)).toEqual([false, false, false])
  const text = string({ matches: pattern }) as unknown as { options: { matches: unknown } }
  expect(text.options.matches).toBe(pattern)
})

test('hostile keys are keys', () => {
  const definition = JSON.parse('{ "fields": {}, "__proto__": { "tenant": false }, "constructor": 1 }')
  const Thing = entity('__proto__', definition) as unknown as { name: string; definition: Record<string, unknown> }
  expect(Thing.name).toBe('__proto__')
  expect(Object.keys(Thing.definition)).toEqual(['fields', '__proto__', 'constructor'])
  expect(Thing.definition.tenant).toBeUndefined()
  expect(({} as Record<string, unknown>).tenant).toBeUndefined()
})

test('data that contains itself comes back, containing itself', () => {
  const where: Record<string, unknown> = { name: 'x' }
  where.not = where
  const Thing = entity('Thing', { fields: {}, indexes: [{ on: [], where }] } as never)
  const copy = (Thing as unknown as { definition: { indexes: { where: Record<string, unknown> }[] } }).definition
  expect(copy.indexes[0]!.where.not).toBe(copy.indexes[0]!.where)
})

test('an entity remembers where it was called, also through a function of the app', () => {
  const here = entity('Here', { fields: {} }) as unknown as { at: { file: string; line: number; column: number } }
  expect(here.at.file).toBe(import.meta.filename)
  const source = named('There')
  expect(source.at.file).toBe(import.meta.filename.replace('declarations.test.ts', 'named.ts'))
  expect(source.at).toMatchObject({ line: 5, column: 10 })
})

test('finding the place leaves the way errors are printed alone', () => {
  const before = [Error.prepareStackTrace, Error.stackTraceLimit]
  const own = () => 'mine'
  try {
    Error.prepareStackTrace = own
    Error.stackTraceLimit = 1
    const inside = entity('Inside', { fields: {} }) as unknown as { at: { file: string } }
    expect(inside.at.file).toBe(import.meta.filename)
    expect([Error.prepareStackTrace, Error.stackTraceLimit]).toEqual([own, 1])
  } finally {
    Error.prepareStackTrace = before[0] as never
    Error.stackTraceLimit = before[1] as number
  }
})
