import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { measureInputs } from '../../../server/http/limits/measure-inputs.ts'

const measure = (query: string, variableValues: Record<string, unknown> = {}) =>
  measureInputs({ document: parse(query), variableValues })

/** The same filter in every way in which a caller can say it. */
function ways(value: string, type = 'F') {
  const asJson = JSON.parse(value.replaceAll(/(\w+):/g, '"$1":'))
  return {
    literal: measure(`{ orders(filter: ${value}) { id } }`),
    variable: measure(`query ($f: ${type}) { orders(filter: $f) { id } }`, { f: asJson }),
    default: measure(`query ($f: ${type} = ${value}) { orders(filter: $f) { id } }`),
  }
}

describe('inputs are measured however they are said', () => {
  test.each(['literal', 'variable', 'default'] as const)('as a %s', (way) => {
    expect(ways('{ and: [{ a: { equalTo: "x" } }, { b: { in: ["x", "y", "z"] } }] }')[way]).toMatchObject({
      conditions: 5,
      items: 3,
      searches: 0,
      wildcards: 0,
    })
    expect(ways('{ not: { not: { a: { equalTo: 1 } } } }')[way].depth).toBe(4)
    expect(ways('{ a: { like: "%a%b%" } }')[way].wildcards).toBe(3)
    expect(ways('{ a: { equalTo: "%a%b%" } }')[way].wildcards).toBe(0)
    expect(ways('{ search: "red", lines: { some: { search: "blue" } } }')[way].searches).toBe(2)
    expect(ways('{ search: "  " }')[way].searches).toBe(0)
  })

  test('parts of filters in variables', () => {
    const query =
      'query ($p: String, $w: String, $l: [F!]) { orders(filter: { a: { like: $p }, search: $w, or: $l }) { id } }'
    expect(measure(query, { p: '%%%', w: 'red', l: [{ a: { notLike: '%%%%' } }, { search: 'x' }] })).toMatchObject({
      wildcards: 4,
      searches: 2,
      conditions: 7,
    })
    expect(measure('query ($v: [ID!]) { orders(filter: { id: { in: $v } }) { id } }', { v: ['a', 'b', 'c'] })).toEqual({
      conditions: 2,
      items: 3,
      depth: 2,
      searches: 0,
      wildcards: 0,
    })
  })

  test('orders and groups count each of their names', () => {
    expect(measure('{ orders(orderBy: [A, B], distinct: [C]) { id } }').conditions).toBe(3)
    const query = 'query ($o: [O!] = [A, B, C]) { orders(orderBy: $o) { id } more: orders(orderBy: $o) { id } }'
    expect(measure(query).conditions).toBe(6)
    expect(measure(query, { o: ['A'] }).conditions).toBe(2)
  })

  test('searches of lists count wherever they are spread', () => {
    const query =
      'query ($w: String = "x") { ...f a: orders { lines(search: "y") { id } ...f } } fragment f on T { orders(search: $w) { id } }'
    expect(measure(query).searches).toBe(3)
    expect(measure(query, { w: '' }).searches).toBe(1)
  })

  test('names that every object knows are no variables', () => {
    const query = 'query ($constructor: F, $__proto__: F) { orders(filter: $constructor, having: $__proto__) { id } }'
    expect(measure(query)).toMatchObject({ conditions: 0, searches: 0 })
    expect(measure(query, JSON.parse('{"__proto__": {"a": {"b": 1}}}')).conditions).toBe(2)
  })

  test('arguments of directives are measured too', () => {
    expect(measure('{ a @include(if: [[[true]]]) }').depth).toBe(3)
  })
})
