import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { missingDumps } from '../test/domains/support/dump-files.ts'

/**
 * Runs test/domains on the dumps of a folder: `npm run test:domains -- ../shared/data`. The folder holds `chinook/chinook.sql` and
 * `northwind/northwind.sql`. What follows the folder goes to vitest.
 */
const [folder, ...more] = process.argv.slice(2)
if (folder === undefined || folder.startsWith('-')) {
  fail('Say the folder of the dumps: npm run test:domains -- ../shared/data')
}
const missing = missingDumps(resolve(folder))
if (missing.length > 0) {
  fail(`Dumps are missing: ${missing.join(', ')}\nThe folder holds chinook/chinook.sql and northwind/northwind.sql.`)
}
const run = spawnSync('node_modules/.bin/vitest', ['run', '--config', 'test/domains/vitest.config.ts', ...more], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, ROWHOUSE_DUMPS: resolve(folder) },
})
process.exitCode = run.status ?? 1

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
