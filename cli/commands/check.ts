import type { Command } from 'commander'
import { ModelError } from '#base'
import { isHistory } from '#schema'
import { checkCode } from '../app/check-code.ts'
import { declaredExports } from '../app/declared-exports.ts'
import { loadApp } from '../app/load-app.ts'
import { writeTypes } from '../app/write-types.ts'
import { examples } from '../examples.ts'
import { exitCodes } from '../exit-codes.ts'
import { sayWarnings, warningCount } from '../output/warnings.ts'
import type { Session } from '../session.ts'

const notes = `
Keeps .rowhouse/types.d.ts, which names the app's entities to the compiler and the editor, up to date, also
while the model has mistakes. Warnings are told and stop nothing, unless --strict
is said.

With --drift, every value of a stored formula in the database is computed anew and compared, a batch of rows at a time:
a line tells of each formula that has rows with another value, and the exit code is 1. --repair writes what the formulas
give.

Environment, with --drift:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

/** `rowhouse check`: loads and verifies the model of an app, without a database unless what is stored there is to be compared. */
export function addCheckCommand(program: Command, session: Session): void {
  program
    .command('check')
    .description('verify the entities, policies and code of an app, and print every problem with its place')
    .argument('<folder>', 'folder of the app')
    .option('--strict', 'fail on warnings too')
    .option('--drift', 'compare stored formulas in the database with what they follow from')
    .option('--repair', 'with --drift: write what the formulas give')
    .addHelpText(
      'after',
      notes + examples('rowhouse check examples/invoicing --strict', 'rowhouse check shop --drift --repair'),
    )
    .action((folder: string, options: CheckOptions) => check(folder, options, session))
}

interface CheckOptions {
  readonly strict?: boolean
  readonly drift?: boolean
  readonly repair?: boolean
}

/** While the model has mistakes, editors should not tell others, of entities that are there and that the types do not name yet. */
async function keepTypes(error: unknown, { folder }: Session): Promise<never> {
  const declared = error instanceof ModelError && folder !== null ? await declaredExports(folder) : null
  // What is wrong with the app matters more than a file that cannot be written.
  if (declared !== null) await writeTypes(declared).catch(() => false)
  throw error
}

async function check(folder: string, options: CheckOptions, session: Session): Promise<void> {
  const { strict = false, drift = false, repair = false } = options
  const app = await loadApp(folder, session).catch((error: unknown) => keepTypes(error, session))
  if (await writeTypes(app)) session.terminal.say('Wrote .rowhouse/types.d.ts.')
  // Told also where code is missing: both are seen in one run.
  sayWarnings(app, session)
  await checkCode(app, session)
  const { model } = app
  const warned = warningCount(app.warnings)
  if (strict && warned !== null) {
    session.terminal.say(`${warned}, and --strict allows none.`)
    session.exitCode = exitCodes.app
    return
  }
  const rules = model.policies.reduce((sum, policy) => sum + policy.rules.length, 0)
  const parts = [
    count(model.entities.filter((entity) => !isHistory(entity)).length, 'entity', 'entities'),
    count(model.roles.length, 'role', 'roles'),
    count(rules, 'rule', 'rules'),
  ]
  session.terminal.print(`"${model.app}" is in order: ${parts.join(', ')}.${warned === null ? '' : ` ${warned}.`}`)
  if (!drift && !repair) return
  const { runDrift } = await import('../database/run-drift.ts')
  await runDrift(app, repair, session)
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
