import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Writes one file for each entity and policy into the folder, which must be new or empty. A model in JSON, as "export"
prints it, comes back as TypeScript that gives the same model.
`

/** `rowhouse import`: entity files from what exists. */
export function addImportCommand(program: Command, session: Session): void {
  program
    .command('import')
    .description('write the TypeScript of an app from a model in JSON')
    .argument('<source>', 'a file model.json')
    .argument('<folder>', 'folder of the new app')
    .addHelpText('after', notes + examples('rowhouse import model.json shop'))
    .action(async (source: string, folder: string) => {
      const { importModel } = await import('../import/import-model.ts')
      await importModel(source, folder, session)
    })
}
