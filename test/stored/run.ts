import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// `npm run drift -- [WRITES]`: stored formulas against their definition after 10,000 random writes of eight connections at once.

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/stored/concurrent.test.ts'], {
  env: { ...process.env, ROWHOUSE_TEST_WRITES: process.argv[2] ?? '10000' },
  stdio: 'inherit',
})
process.exitCode = status ?? 1
