import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { newApp } from '../new/new-app.ts'
import { packageRoot } from '../package-root.ts'
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

/** The version of an installed Rowhouse; from a clone the clone itself, which need not be published. */
function dependencyFrom(folder: string, version: string): string {
  const root = packageRoot()
  if (!existsSync(join(root, 'cli/index.ts'))) return version
  return `file:${relative(resolve(folder), root).replaceAll('\\', '/')}`
}

/** As a shell reads it back. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
