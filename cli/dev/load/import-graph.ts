import { registerHooks } from 'node:module'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../package-root.ts'

/** Which file of an app imports which, as it happens. */
export interface ImportGraph {
  /** Every file that was imported, sorted. */
  files(): readonly string[]
  /** A file and everything that it imports. */
  from(root: string): readonly string[]
}

/**
 * Listens to every import of this thread from now on. Packages and Rowhouse itself are left out: who changes those starts again.
 *
 * @param folder absolute path of the app without symbolic links
 * @param onEntry told of each file of the app that is imported from outside, before it runs
 */
export function watchImports(folder: string, onEntry: (file: string) => void): ImportGraph {
  const imports = new Map<string, Set<string>>()
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const file = appFileOf(resolved.url, folder)
      if (file === null) return resolved
      const parent = context.parentURL === undefined ? null : appFileOf(context.parentURL, folder)
      if (!imports.has(file)) imports.set(file, new Set())
      if (parent === null) onEntry(file)
      else imports.set(parent, (imports.get(parent) ?? new Set()).add(file))
      return resolved
    },
  })
  return { files: () => [...imports.keys()].sort(), from: (root) => [...reach(imports, root)].sort() }
}

function reach(imports: ReadonlyMap<string, ReadonlySet<string>>, root: string): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [root]
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (found.has(file) || !imports.has(file)) continue
    found.add(file)
    pending.push(...(imports.get(file) ?? []))
  }
  return found
}

const platform = packageRoot()

function appFileOf(url: string, folder: string): string | null {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return null
  const file = fileURLToPath(url)
  // The examples are inside of Rowhouse.
  return file.startsWith(`${folder}${sep}`) || !file.startsWith(`${platform}${sep}`) ? file : null
}
