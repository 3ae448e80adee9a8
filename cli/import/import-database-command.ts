import { resolve } from 'node:path'
import { Bug } from '#base'
import { importDatabase, readPlace } from '#migrations'
import { type AppFiles, appNameOf, type LoadedModel, loadModel, modelJson, printApp } from '#policies'
import { writeTypes } from '../app/write-types.ts'
import { withClient } from '../database/with-client.ts'
import { dependencyFrom } from '../new/dependency-from.ts'
import { requireEmptyFolder, writeNewFiles } from '../new/write-new-files.ts'
import { shellWord } from '../output/shell-word.ts'
import type { Session } from '../session.ts'
import { frameFiles } from './frame-files.ts'
import { importLines, printImportReport } from './import-report.ts'
import { ownModules } from './own-modules.ts'

/** What the command line says about a database to import. */
export interface ImportFlags {
  readonly schema?: readonly string[]
  readonly tenantColumn?: string
  /** Version of Rowhouse that a new package depends on. */
  readonly version: string
}

/**
 * Writes the tables of a database as an app into a new folder, with `IMPORT.md`, which lists what the app does not say.
 *
 * @throws OperatorError NEW_FOLDER_OCCUPIED, IMPORT_EMPTY, and what `connect` says of an address
 */
export async function importDatabaseTo(
  url: string,
  folder: string,
  flags: ImportFlags,
  session: Session,
): Promise<void> {
  const root = resolve(folder)
  await requireEmptyFolder(root)
  const { host, port, database } = readPlace(url)
  const app = appNameOf(root)
  const { model, findings } = await withClient(url, (client) =>
    importDatabase(client, { app, schemas: flags.schema ?? [], tenantColumn: flags.tenantColumn ?? null }),
  )
  const report = printImportReport({ model, findings, from: `${host}:${port}/${database}`, folder })
  const frame = frameFiles(root, dependencyFrom(root, flags.version))
  const made = await writeNewFiles(root, { ...frame, ...commented(printApp(model)), 'IMPORT.md': report })
  const loaded = await loadWritten(root, app)
  if (modelJson(loaded.model) !== modelJson(model)) throw new Bug('The written files give another model.')
  await writeTypes(loaded)
  if (findings.length > 0) session.terminal.say(`${importLines(findings)}\n`)
  session.terminal.say(`Wrote ${made.files.length} files to ${made.folder}; IMPORT.md lists what they do not say.`)
  const check = `rowhouse check ${shellWord(folder)}`
  session.terminal.print(
    Object.hasOwn(frame, 'package.json')
      ? `Next:\n  cd ${shellWord(folder)}\n  npm install\n  npm run check`
      : `Next:\n  ${check}`,
  )
}

async function loadWritten(root: string, app: string): Promise<LoadedModel> {
  const modules = ownModules()
  try {
    return await loadModel(root, { app })
  } finally {
    modules.close()
  }
}

const headers: readonly (readonly [RegExp, string])[] = [
  [
    /\.entity\.ts$/,
    '// Imported from an existing table, which stays as it is: what is said here describes it. See IMPORT.md.\n',
  ],
  [/\.policy\.ts$/, '// A safe start: nobody but admins reads, nobody writes. Say who may do what.\n'],
  [/roles\.ts$/, '// One role to start with. Tokens say who has it; name your own.\n'],
]

/** The files with a line about where they come from. It holds no word of the database. */
function commented(files: AppFiles): AppFiles {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, (headers.find(([name]) => name.test(path))?.[1] ?? '') + text]),
  )
}
