import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { invoicingFiles, root } from '../../tools/golden/invoicing-files.ts'

const files = await invoicingFiles()
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test.each(Object.entries(files))('%s is what the example becomes; if it should: node tools/golden.ts', (path, text) => {
  expect(text).toBe(read(path))
})

test('a second build in this process gives the same bytes', async () => {
  expect(await invoicingFiles()).toEqual(files)
})

// The second zone is the farthest from the first; Turkish has an "i" of its own; the folder holds no package.
test.each([
  { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'Pacific/Pago_Pago', LANG: 'C', LC_ALL: 'C', NODE_ENV: 'production' },
])('a build in another process in %o gives the same bytes', (env) => {
  const args = [join(root, 'tools/golden.ts'), '--check']
  const run = spawnSync(process.execPath, args, { cwd: tmpdir(), env, encoding: 'utf8' })
  expect({ stdout: run.stdout, status: run.status }, run.stderr).toEqual({ stdout: '', status: 0 })
})

test('the committed migration of the example is its schema', () => {
  const folder = 'examples/invoicing/migrations'
  const committed = readdirSync(join(root, folder, 'committed'))
  expect(committed).toEqual(['000001-initial-schema.sql'])
  const body = read(`${folder}/committed/${committed[0]}`).replace(/^(--! .*\n)+\n/, '')
  // If it should: delete it and `rowhouse migrate examples/invoicing --write-first "Initial schema"`.
  expect(body.trim()).toBe(read('test/golden/invoicing/schema.sql').trim())
  expect(read(`${folder}/catalog.json`)).toBe(read('test/golden/invoicing/catalog.json'))
})
