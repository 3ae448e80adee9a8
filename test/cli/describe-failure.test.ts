import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ModelError, OperatorError, type Problem } from '#base'
import { describeFailure } from '../../cli/output/describe-failure.ts'

const quiet = { folder: null, debug: false }

test("the author's mistakes are shown in their files, relative to the app", () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-frames-'))
  try {
    writeFileSync(join(folder, 'a.ts'), "one('Custmer')\n")
    const at = { file: 'a.ts', line: 1, column: 5, endLine: 1, endColumn: 14 }
    const problem = {
      code: 'X',
      message: 'There is no "Custmer".',
      at,
      hint: 'Did you mean "Customer"?',
      related: null,
    }
    const failure = describeFailure(new ModelError([problem as unknown as Problem]), { folder, debug: false })
    expect(failure).toEqual({
      exitCode: 1,
      text: [
        'X  a.ts:1:5',
        "  > 1 | one('Custmer')",
        '      |     ^^^^^^^^^ There is no "Custmer".',
        '    2 |',
        '  hint  Did you mean "Customer"?',
        '  more  docs/errors/X.md',
        '',
        '1 problem.',
      ].join('\n'),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the mistakes of whoever runs it are a sentence with a hint, and exit with what is at fault', () => {
  const error = new OperatorError('PORT_IN_USE', 'Port 1 is in use.', 'Choose another.')
  expect(describeFailure(error, quiet)).toEqual({
    text: 'PORT_IN_USE  Port 1 is in use.\n  hint  Choose another.\n  more  docs/errors/PORT_IN_USE.md',
    exitCode: 3,
  })
  expect(describeFailure(new OperatorError('PERSON_UNKNOWN', 'a', 'b'), quiet).exitCode).toBe(2)
  expect(describeFailure(new OperatorError('SEED_INVALID', 'a', 'b'), quiet).exitCode).toBe(1)
})

test('our own mistakes get an id, and a stack only when asked for', () => {
  const error = new Error('outer', { cause: new Error('inner') })
  const failure = describeFailure(error, quiet)
  expect(failure.exitCode).toBe(70)
  expect(failure.text).toMatch(/mistake of Rowhouse's own \([0-9a-f-]{36}\): outer\n {2}hint/)
  expect(failure.text).not.toContain('describe-failure.test.ts')
  const loud = describeFailure(error, { folder: null, debug: true })
  expect(loud.text).toContain('describe-failure.test.ts')
  expect(loud.text).toContain('caused by: Error: inner')
})
