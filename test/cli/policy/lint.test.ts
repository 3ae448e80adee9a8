import { expect, test } from 'vitest'
import { runRowhouse } from '../support/run-rowhouse.ts'

test('an app without anything odd', async () => {
  const ended = await runRowhouse(['policy', 'lint', 'examples/invoicing', '--strict'])
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toBe('Nothing is odd about the rules of "invoicing".\n')
})

test('a folder without an app', async () => {
  const ended = await runRowhouse(['policy', 'lint', 'docs'])
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toContain('APP_FOLDER_MISSING')
})

test('a misspelt command is answered with the one that was meant', async () => {
  const ended = await runRowhouse(['policy', 'lnit'])
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toContain('Did you mean lint?')
})
