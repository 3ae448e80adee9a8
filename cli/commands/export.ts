import type { Command } from 'commander'
import { modelJson } from '#policies'
import { loadApp } from '../app/load-app.ts'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
The model is what every later step works from: complete, verified, with sorted keys. A folder with this document as its
model.json, and no folder schema, is an app as well. The form of it is published as schema/model/model.schema.json.
`

/** `rowhouse export`: the model of an app as JSON. */
export function addExportCommand(program: Command, session: Session): void {
  program
    .command('export')
    .description('print the model of an app as JSON')
    .argument('<folder>', 'folder of the app')
    .addHelpText('after', notes + examples('rowhouse export examples/invoicing > model.json'))
    .action(async (folder: string) => {
      const { model } = await loadApp(folder, session)
      session.terminal.print(modelJson(model).trimEnd())
    })
}
