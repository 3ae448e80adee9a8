import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '#base'
import { freshImports, importFile } from './import-file.ts'
import { openSources } from './sources.ts'

/** What the files of an app export as their default, by path without ending, and what is wrong with the others. */
export interface ImportedBodies {
  readonly bodies: ReadonlyMap<string, unknown>
  readonly problems: readonly Problem[]
}

let loads = 0

/** Imports files of an app that requests run. `fresh` asks for new copies, also of what they import from the app. */
export async function importBodies(
  folder: string,
  paths: readonly string[],
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<ImportedBodies> {
  const root = realpathSync(folder)
  const sources = openSources(root)
  const bodies = new Map<string, unknown>()
  const problems: Problem[] = []
  const version = fresh ? `bodies-${++loads}` : null
  const hooks = version === null ? null : freshImports(root)
  try {
    for (const path of paths) {
      const source = sources.open(join(root, `${path}.ts`))
      if (source === null) continue
      const imported = await importFile(source, version)
      if (imported.ok) bodies.set(path, imported.exports.default)
      else problems.push(importProblem(source.file, imported))
    }
  } finally {
    hooks?.close()
  }
  return { bodies, problems }
}

/** The first character of a file. */
export function startOf(file: string) {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
}

function importProblem(
  file: string,
  { message, at, hint }: { readonly message: string; readonly at: Problem['at']; readonly hint: string },
): Problem {
  return { code: 'FILE_IMPORT_FAILED', severity: 'error', message, at: at ?? startOf(file), hint, related: null }
}
