import type { Command } from 'commander'
import { loadApp } from '../app/load-app.ts'
import { writeTypes } from '../app/write-types.ts'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Keeps .rowhouse/types.d.ts, which names the app's entities to the compiler and the editor, up to date.
`

/** `rowhouse check`: loads and verifies the model of an app, without a database. */
export function addCheckCommand(program: Command, session: Session): void {
  program
    .command('check')
    .description('verify the entities and policies of an app, and print every problem with its place')
    .argument('<folder>', 'folder of the app')
    .addHelpText('after', notes + examples('rowhouse check examples/invoicing'))
    .action((folder: string) => check(folder, session))
}

async function check(folder: string, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  if (await writeTypes(app)) session.terminal.say('Wrote .rowhouse/types.d.ts.')
  const { model } = app
  const rules = model.policies.reduce((sum, policy) => sum + policy.rules.length, 0)
  const parts = [
    count(model.entities.length, 'entity', 'entities'),
    count(model.roles.length, 'role', 'roles'),
    count(rules, 'rule', 'rules'),
  ]
  session.terminal.print(`"${model.app}" is in order: ${parts.join(', ')}.`)
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
