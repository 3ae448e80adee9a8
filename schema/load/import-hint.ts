import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { didYouMean } from '#base'
import { missingPackageHint } from './missing-package-hint.ts'

/** What to do about an error that a file threw while it was imported. */
export function importHint(error: unknown): string {
  if (!(error instanceof Error)) return runsAlone
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const quoted = /'([^']+)'/.exec(error.message)?.[1] ?? ''
  if (code === 'ERR_MODULE_NOT_FOUND') return missingPackageHint(error) ?? missingFileHint(quoted)
  if (code.startsWith('ERR_PACKAGE'))
    return "Rowhouse has 'rowhouse', 'rowhouse/schema', 'rowhouse/policies' and 'rowhouse/workers'."
  const undeclared = /^([\w$]+) is not defined$/.exec(error.message)?.[1]
  if (error instanceof ReferenceError && undeclared !== undefined)
    return `"${undeclared}" is neither declared nor imported here: write it into an import, such as import { ${undeclared} } from 'rowhouse/${ofPolicies.has(undeclared) ? 'policies' : 'schema'}'.`
  if (error instanceof SyntaxError && error.message.includes('export named'))
    return elsewhere(error.message) ?? 'Look how the name is spelt, and whether the other file exports it.'
  return runsAlone
}

const runsAlone = 'Mend the line, or what it imports: files of an app must run by themselves.'

/** A file beside the missing one that is called alike; else what is often forgotten. */
function missingFileHint(path: string): string {
  const near = didYouMean(basename(path), filesIn(dirname(path)))
  if (near !== null) return `Did you mean "${near}"?`
  return /\.\w+$/.test(path)
    ? 'There is no such file: make it, or mend the path.'
    : `Write the path with its ending, such as "${basename(path)}.ts".`
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What only policies import. */
const ofPolicies: ReadonlySet<string> = new Set([
  ...['its', 'was', 'now', 'may', 'condition', 'policy', 'policyTest', 'anything', 'signedIn', 'everyone'],
  ...['everyoneExcept', 'defineRoles', 'defineActions', 'defineActor', 'words'],
])

/** Words of entities and words of rules come from two places: whoever looks in the other one is told. */
function elsewhere(message: string): string | null {
  const name = /'rowhouse\/schema' does not provide an export named '([\w$]+)'/.exec(message)?.[1] ?? ''
  return ofPolicies.has(name) ? "Policies import it from 'rowhouse/policies'." : null
}
