import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['tools/test-domains.ts', ...args], { encoding: 'utf8' })

test('without a folder it says what to say', () => {
  for (const args of [[], ['--reporter=dot']]) {
    const { status, stderr } = run(...args)
    expect([status, stderr]).toEqual([2, 'Say the folder of the dumps: npm run test:domains -- ../shared/data\n'])
  }
})

test('a folder without a dump is no reason to skip anything', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-dumps-'))
  try {
    mkdirSync(join(folder, 'chinook'))
    writeFileSync(join(folder, 'chinook/chinook.sql'), '')
    const { status, stderr } = run(folder)
    expect(status).toBe(2)
    expect(stderr).toContain(`Dumps are missing: ${join(folder, 'northwind/northwind.sql')}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
