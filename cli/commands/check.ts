import type { Command } from 'commander'
import { ModelError } from '#base'
import { isHistory } from '#schema'
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
`

/** `rowhouse check`: loads and verifies the model of an app, without a database. */
export function addCheckCommand(program: Command, session: Session): void {
  program
    .command('check')
    .description('verify the entities and policies of an app, and print every problem with its place')
    .argument('<folder>', 'folder of the app')
    .option('--strict', 'fail on warnings too')
    .addHelpText(
      'after',
      notes + examples('rowhouse check examples/invoicing', 'rowhouse check examples/invoicing --strict'),
    )
    .action((folder: string, options: CheckOptions) => check(folder, options, session))
}

interface CheckOptions {
  readonly strict?: boolean
}

/** While the model has mistakes, editors should not tell others, of entities that are there and that the types do not name yet. */
async function keepTypes(error: unknown, { folder }: Session): Promise<never> {
  const declared = error instanceof ModelError && folder !== null ? await declaredExports(folder) : null
  // What is wrong with the app matters more than a file that cannot be written.
  if (declared !== null) await writeTypes(declared).catch(() => false)
  throw error
}

async function check(folder: string, { strict = false }: CheckOptions, session: Session): Promise<void> {
  const app = await loadApp(folder, session).catch((error: unknown) => keepTypes(error, session))
  if (await writeTypes(app)) session.terminal.say('Wrote .rowhouse/types.d.ts.')
  sayWarnings(app, session)
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
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
