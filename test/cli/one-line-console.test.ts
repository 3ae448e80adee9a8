import { afterEach, expect, test } from 'vitest'
import { oneLineConsole } from '../../cli/serve/one-line-console.ts'

const said: string[] = []
const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
const before = methods.map((method) => console[method])

afterEach(() => {
  said.length = 0
})

function capture(print: () => void): readonly string[] {
  const putBack = oneLineConsole((line) => said.push(line))
  try {
    print()
  } finally {
    putBack()
  }
  return [...said]
}

test('an error is one line without its stack', () => {
  expect(capture(() => console.error('It broke:', new Error('so\nReady at FORGED')))).toEqual([
    'console  It broke: Error: so Ready at FORGED',
  ])
})

test.each(['\n', '\r', '\r\n', '\u2028', '\u001b[2J', '\u0085', '\b', '\u202e', '\u2066'])(
  '%j of a caller starts no line',
  (mark) => {
    const [line] = capture(() => console.warn(`a${mark}b`))
    expect(line).toMatch(/^console {2}a /)
    expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u)
  },
)

test.each(methods)('console.%s is the log', (method) => {
  expect(capture(() => console[method]('Invalid cursor: %s', 'x\n{"event":"ready"}'))).toEqual([
    'console  Invalid cursor: x {"event":"ready"}',
  ])
})

test('a long text is cut', () => {
  expect(capture(() => console.error('x'.repeat(100_000)))[0]).toHaveLength('console  '.length + 301)
})

test('afterwards everything is as it was', () => {
  capture(() => console.error('x'))
  expect(methods.map((method) => console[method])).toEqual(before)
})
