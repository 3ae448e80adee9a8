import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { OperatorError } from '#base'
import { printApp, readModelJson } from '#policies'
import { writeNewFiles } from '../new/write-new-files.ts'
import type { Session } from '../session.ts'

/**
 * Writes a model in JSON as TypeScript into a new folder.
 *
 * @throws ModelError with every problem of the document
 * @throws OperatorError IMPORT_SOURCE_UNREADABLE, NEW_FOLDER_OCCUPIED
 */
export async function importModel(source: string, folder: string, session: Session): Promise<void> {
  const text = await readFile(source, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(
      'IMPORT_SOURCE_UNREADABLE',
      `"${source}" cannot be read: ${reason}.`,
      'Name a file model.json, or postgres://login:password@host:port/database.',
      {
        cause,
      },
    )
  })
  // Frames of problems are read from beside the document.
  session.folder = dirname(source)
  const { model } = readModelJson(text, { file: basename(source) })
  const made = await writeNewFiles(folder, printApp(model))
  session.terminal.say(`Wrote ${made.files.length} files to ${made.folder}.`)
  session.terminal.print(`Next:\n  rowhouse check ${folder}`)
}
