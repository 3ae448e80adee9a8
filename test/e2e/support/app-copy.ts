import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runRowhouse } from '../../cli/support/run-rowhouse.ts'

/** A copy of the example that a test may change. */
export interface AppCopy {
  readonly folder: string
  /** Replaces text in a file; throws when it is not there. */
  edit(file: string, from: string, to: string): void
  remove(): void
}

/**
 * Copies the example, or another app, into the repository, where it finds `rowhouse`, with a first migration of its own.
 *
 * @param name of the app, prefix of its roles
 */
export async function copyApp(name = 'invoicing', from = 'examples/invoicing'): Promise<AppCopy> {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const parent = mkdtempSync(join(root, '.tmp', 'app-'))
  const folder = join(parent, name)
  const isOwn = (path: string) => !path.includes('.rowhouse') && !path.includes('migrations')
  cpSync(join(root, from), folder, { recursive: true, filter: isOwn })
  const edit = (file: string, from: string, to: string): void => {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`"${file}" does not hold ${JSON.stringify(from)}.`)
    writeFileSync(path, text.replace(from, to))
  }
  const written = await runRowhouse(['migrate', folder, '--write-first'])
  if (written.code !== 0) throw new Error(written.stderr)
  return {
    folder,
    edit,
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}
