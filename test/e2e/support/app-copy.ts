import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../cli/support/run-rowhouse.ts'

/** A copy of the example that a test may change. */
export interface AppCopy {
  readonly folder: string
  /** Replaces text in a file; throws when it is not there. */
  edit(file: string, from: string, to: string): void
  remove(): void
}

/** Copies the example into the repository, where it finds `rowhouse`. @param name of the app, prefix of its roles */
export function copyApp(name = 'invoicing'): AppCopy {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const parent = mkdtempSync(join(root, '.tmp', 'app-'))
  const folder = join(parent, name)
  const isOwn = (path: string) => !path.includes('.rowhouse')
  cpSync(join(root, 'examples/invoicing'), folder, { recursive: true, filter: isOwn })
  return {
    folder,
    edit: (file, from, to) => {
      const path = join(folder, file)
      const text = readFileSync(path, 'utf8')
      if (!text.includes(from)) throw new Error(`"${file}" does not hold ${JSON.stringify(from)}.`)
      writeFileSync(path, text.replace(from, to))
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}
