import { expect, test } from 'vitest'
import { importHint } from '../../schema/load/import-hint.ts'

const missing = (name: string, from: string) =>
  importHint(new SyntaxError(`The requested module '${from}' does not provide an export named '${name}'`))

test('a word of rules that is sought among those of entities is told where it is', () => {
  expect(missing('may', 'rowhouse/schema')).toBe("Policies import it from 'rowhouse/policies'.")
  expect(missing('strnig', 'rowhouse/schema')).toMatch(/^Look how the name is spelt/)
  expect(missing('may', './actor.ts')).toMatch(/^Look how the name is spelt/)
})

test('a word that is not imported is told with the entry that has it', () => {
  expect(importHint(new ReferenceError('now is not defined'))).toContain("import { now } from 'rowhouse/policies'")
  expect(importHint(new ReferenceError('string is not defined'))).toContain("import { string } from 'rowhouse/schema'")
})
