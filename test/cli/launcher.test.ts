import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { root, runRowhouse } from './support/run-rowhouse.ts'

/** Makes this Node one that cannot run TypeScript, as Node 20 cannot. */
const old = { nodeFlags: ['--no-experimental-strip-types'] }

test('runs under a Node that strips types', async () => {
  expect(await runRowhouse(['--version'])).toEqual({
    code: 0,
    signal: null,
    stdout: `${manifest.version}\n`,
    stderr: '',
  })
})

test('runs with the Node of npm ci under one that cannot strip types', async () => {
  expect(await runRowhouse(['--version'], old)).toEqual(await runRowhouse(['--version']))
})

test('passes the exit code and the streams of the Node that it started', async () => {
  const ended = await runRowhouse(['chek'], old)
  expect(ended).toMatchObject({ code: 2, signal: null, stdout: '' })
  expect(ended.stderr).toContain("unknown command 'chek'")
})

test('says what to do where no Node that strips types is to be found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-launcher-'))
  try {
    await cp(`${root}/bin`, `${folder}/bin`, { recursive: true })
    const run = promisify(execFile)(process.execPath, [...old.nodeFlags, `${folder}/bin/rowhouse.mjs`, '--version'])
    await expect(run).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining('needs Node 22.18 or later') })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
