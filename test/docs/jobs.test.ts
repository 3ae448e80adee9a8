import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readBlocks } from './read-document.ts'

/** Files of the fixture whose jobs test/server/jobs runs. */
const blocks = readBlocks('docs/guide/behaviour/jobs.md').filter(({ marks }) => marks.fixture === 'mailing')

test('there are some', () => expect(blocks.length).toBe(3))

test.each(blocks)('$place is a file of the app that the tests run', ({ text, marks }) => {
  expect(readFileSync(`test/fixtures/apps/mailing/${marks.file}`, 'utf8')).toBe(text)
})
