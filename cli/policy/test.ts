import type { Command } from 'commander'
import { canonicalJson, ModelError } from '#base'
import type { Model } from '#schema'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { examples } from '../examples.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../inspect/diagrams/plain-text.ts'
import type { Session } from '../session.ts'
import { Stopped, StopSignals } from '../stop-signals.ts'
import { checkTests, type Expectation } from './test/check-tests.ts'
import { unexercised } from './test/coverage.ts'
import { reportJson, reportText } from './test/report.ts'
import { type Result, runTest } from './test/run-tests.ts'
import { makeScratchDatabase } from './test/scratch-database.ts'
import { invalid, testFiles, type WrittenTest } from './test/test-files.ts'
import { policyWords } from './words.ts'

const notes = `
Runs policies/*.policy.test.ts: each expectation is asked of Postgres, in a database that is made for it and dropped, and of the evaluator.
Nothing of the app's own database is touched: adopted tables are made as the model describes them. Ends with 1 where an expectation does not hold, or where the two disagree.

Environment:
  ROWHOUSE_MIGRATE_URL  a login that makes databases and roles. Without it, the embedded Postgres
`

/** `rowhouse policy test`: whether rules do what their tests say. */
export function addPolicyTest(policy: Command, session: Session): void {
  policy
    .command('test')
    .description('run the tests of the rules against Postgres and the evaluator')
    .argument('[folder]', 'folder of the app', '.')
    .option('--coverage', 'fail when a rule is exercised by no expectation')
    .option('--json', 'print a document for programs')
    .addHelpText(
      'after',
      notes + examples('rowhouse policy test', 'rowhouse policy test examples/invoicing --coverage'),
    )
    .action((folder: string, options: TestOptions) => test(folder, options, session))
}

interface TestOptions {
  readonly coverage?: boolean
  readonly json?: boolean
}

async function test(folder: string, { coverage = false, json = false }: TestOptions, session: Session): Promise<void> {
  const app = await loadApp(policyWords([folder]).folder, session)
  const { model } = app
  const written = await testFiles(app.folder)
  if (written.length === 0)
    throw new ModelError([
      invalid(
        'The app has no "policies/*.policy.test.ts".',
        null,
        "Write one: `export const orders = policyTest('orders', { … })`.",
      ),
    ])
  const expectations = checkTests(written, model)
  const settings = await readSettings({ folder: app.folder, purpose: 'policy', environment: session.environment })
  const database = await openDatabase(model.app, settings, true)
  const stops = new StopSignals()
  stops.hurry.addEventListener('abort', () => process.exit(exitCodes.interrupted))
  try {
    const results = await runTests(expectations, { model, database, check: () => stops.check() })
    const missing = unexercised(results, model)
    const text = json
      ? canonicalJson(reportJson(results, missing, model)).trimEnd()
      : reportText(results, missing, model)
    session.terminal.print(json ? text : text.split('\n').map(plainLine).join('\n'))
    const isFine = results.every(({ outcome }) => outcome === 'passed') && !(coverage && missing.length > 0)
    if (!isFine) session.exitCode = exitCodes.app
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    session.terminal.say('Stopped: what was made for the tests is dropped.')
    session.exitCode = exitCodes.interrupted
  } finally {
    await database.close()
    stops.close()
  }
}

interface RunningTests {
  readonly model: Model
  readonly database: Database
  readonly check: () => void
}

/** All tests, in a database that is dropped whatever comes of them. */
async function runTests(
  expectations: readonly Expectation[],
  { model, database, check }: RunningTests,
): Promise<readonly Result[]> {
  const written = [...new Set(expectations.map((each) => each.written))]
  check()
  const scratch = await makeScratchDatabase(model, database.migrateUrl, roleSetsOf(written))
  try {
    const results: Result[] = []
    for (const test of written) {
      const own = expectations.filter((one) => one.written === test)
      results.push(...(await runTest(own, { model, scratch, check })))
    }
    return results
  } finally {
    await scratch.close()
  }
}

/** Each combination of roles that asks, once. */
function roleSetsOf(written: readonly WrittenTest[]): readonly (readonly string[])[] {
  const sets = written.flatMap(({ test }) =>
    Object.values(test.actors).flatMap(({ roles = [] }) => (roles === null ? [] : [roles])),
  )
  return [...new Map(sets.map((roles) => [JSON.stringify(roles.toSorted()), roles])).values()]
}
