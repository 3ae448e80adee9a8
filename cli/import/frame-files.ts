import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { newManifest } from '../new/new-manifest.ts'

const template = new URL('../new/template/', import.meta.url)

/** What an app needs around it to be installed and compiled; nothing inside of a package that has Rowhouse already. */
export function frameFiles(root: string, rowhouse: string): Readonly<Record<string, string>> {
  if (findsRowhouse(root)) return {}
  return {
    'package.json': `${JSON.stringify(newManifest(basename(root), rowhouse), null, 2)}\n`,
    'tsconfig.json': readFileSync(new URL('tsconfig.json', template), 'utf8'),
    '.gitignore': readFileSync(new URL('gitignore', template), 'utf8'),
  }
}

function findsRowhouse(root: string): boolean {
  try {
    createRequire(join(root, 'schema', 'any.ts')).resolve('rowhouse/package.json')
    return true
  } catch {
    return false
  }
}
