import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { measureDocument } from '../../../server/http/limits/measure-document.ts'
import { isTooNested, mostNesting } from '../../../server/http/limits/text-nesting.ts'

const nested = (levels: number, open: string, inner: string, close: string) =>
  open.repeat(levels) + inner + close.repeat(levels)

test.each([
  ['fields', (levels: number) => nested(levels, '{ a ', '', '}')],
  ['objects', (levels: number) => `{ a(b: ${nested(levels - 2, '{ a: ', '1', '}')}) }`],
  ['lists', (levels: number) => `{ a(b: ${nested(levels - 2, '[', '', ']')}) }`],
  ['types', (levels: number) => `query ($a: ${nested(levels - 1, '[', 'Int', ']')}) { a }`],
])('%s are counted one by one', (_, make) => {
  expect(isTooNested(make(mostNesting))).toBe(false)
  expect(isTooNested(make(mostNesting + 1))).toBe(true)
})

test('brackets in texts and comments are none', () => {
  const many = '{'.repeat(mostNesting + 1)
  for (const text of [
    `{ a(b: "${many}") }`,
    `{ a(b: "\\"${many}\\\\") }`,
    `{ a(b: """x " \\""" "" ${many}""") }`,
    `{ a } # ${many}`,
  ])
    expect(isTooNested(text), text).toBe(false)
})

test('no text hides the brackets behind it', () => {
  const many = '{'.repeat(mostNesting + 1)
  for (const before of [
    '""',
    '"\\\\"',
    '""""""',
    '"""\\\\n"""',
    '"""\\""""""',
    '# "\n',
    '#"""\r',
    '"a\n',
    '"#"',
    '"""#"""',
  ])
    expect(isTooNested(`${before}${many}`), before).toBe(true)
  // What ends nowhere is read no further by the parser either.
  for (const text of ['"', '"""', '"""\\"""', '"\\']) {
    expect(isTooNested(`${text}${many}`), text).toBe(false)
    expect(() => parse(`${text}${many}`), text).toThrow(/Unterminated|Invalid/)
  }
})

test('selections are counted through fragments, whatever was counted before', () => {
  const chain = (count: number, levels: number, order: (names: string[]) => string[]) => {
    const texts = Array.from({ length: count }, (_, i) => {
      const inner = i + 1 === count ? '{ a }' : `{ ...f${i + 1} }`
      return `fragment f${i} on Query ${nested(levels, '{ ... ', inner, '}')}`
    })
    return measureDocument(parse(order([...texts, '{ ...f0 }']).join(' '))).nesting
  }
  const same = (texts: string[]) => texts
  const reversed = (texts: string[]) => texts.reverse()
  for (const order of [same, reversed]) {
    expect(chain(9, 110, order)).toBe(9 * 111 + 1)
    expect(chain(9, 111, order)).toBeGreaterThan(mostNesting)
  }
  expect(measureDocument(parse('{ ...a } fragment a on Query { ...a }')).nesting).toBeLessThan(mostNesting)
})
