import { relative } from 'node:path'
import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { dependencyFrom } from '../new/dependency-from.ts'
import { newApp } from '../new/new-app.ts'
import { shellWord } from '../output/shell-word.ts'
import type { Session } from '../session.ts'

const notes = `
Writes entities, policies, seeds and people for a small task board, and the package.json to run it with. The folder
must be empty or not exist yet; it gives the app its name.
`

/** `rowhouse new`: a small app to start from. */
export function addNewCommand(program: Command, session: Session): void {
  program
    .command('new')
    .description('make a small app that runs, to start from')
    .argument('<folder>', 'folder of the new app')
    .addHelpText('after', notes + examples('rowhouse new shop'))
    .action((folder: string) => make(folder, program.version() ?? '', session))
}

async function make(folder: string, version: string, { terminal }: Session): Promise<void> {
  const made = await newApp(folder, dependencyFrom(folder, version))
  const place = relative(process.cwd(), made.folder)
  terminal.say(`Wrote ${made.files.length} files to ${made.folder}.`)
  terminal.print(
    ['Next:', ...(place === '' ? [] : [`  cd ${shellWord(place)}`]), '  npm install', '  npm start'].join('\n'),
  )
}
