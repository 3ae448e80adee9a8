import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { didYouMean, ModelError, type Problem } from '#base'
import type { LoadedModel } from '#policies'
import { sortProblems } from '#schema'
import type { CompiledScript } from '../script-call.ts'
import { compileScript } from './compile-script.ts'
import { runsOf } from './runs-of.ts'

/** Scripts by the name that models know them by: `scripts/discount`. */
export type ScriptSet = ReadonlyMap<string, CompiledScript>

/** Files of `scripts/` below an app folder, absolute and sorted; tests, declarations and dot files left out. */
export function scriptFiles(folder: string): readonly string[] {
  return entriesOf(join(folder, 'scripts'))
    .filter((path) => path.endsWith('.ts') && !/\.(test|d)\.ts$/.test(path))
    .filter((path) => !/[\\/](\.|node_modules[\\/])/.test(path.slice(folder.length)))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/**
 * The scripts of an app. None of them is run.
 *
 * @throws ModelError with every mistake in them, and with every script that the model names and nobody wrote
 */
export function loadScripts({ folder, model, locate }: Pick<LoadedModel, 'folder' | 'model' | 'locate'>): ScriptSet {
  const problems: Problem[] = []
  const scripts = new Map<string, CompiledScript>()
  const names: string[] = []
  for (const path of scriptFiles(folder)) {
    const name = relative(folder, path).split(sep).join('/').slice(0, -'.ts'.length)
    names.push(name)
    const compiled = isName(name) ? compileScript(name, readFileSync(path, 'utf8')) : misnamed(name)
    problems.push(...compiled.problems)
    if (compiled.script !== null) scripts.set(name, compiled.script)
  }
  for (const { runs, path } of runsOf(model)) {
    if (!runs.startsWith('scripts/') || names.includes(runs)) continue
    problems.push({ ...missing(runs, names), at: locate([...path, 'runs']), related: null })
  }
  if (problems.length > 0) throw new ModelError(sortProblems(problems))
  return scripts
}

function entriesOf(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** As ACTION_RUNS_INVALID has it. */
function isName(name: string): boolean {
  return /^scripts(\/[a-z0-9]+(-[a-z0-9]+)*)+$/.test(name)
}

function misnamed(name: string): { readonly script: null; readonly problems: readonly Problem[] } {
  const at = { file: `${name}.ts`, line: 1, column: 1, endLine: 1, endColumn: 1 }
  const message = `No model can name "${name}".`
  const hint = 'Name the file in small letters, digits and hyphens: "scripts/duplicate-order.ts".'
  const problem = { code: 'SCRIPT_NAME_INVALID', severity: 'error', message, at, hint, related: null } as const
  return { script: null, problems: [problem] }
}

function missing(runs: string, names: readonly string[]): Pick<Problem, 'code' | 'severity' | 'message' | 'hint'> {
  const near = didYouMean(runs, names)
  const hint = near === null ? `Make the file "${runs}.ts", or name another one.` : `Did you mean "${near}"?`
  return { code: 'SCRIPT_MISSING', severity: 'error', message: `There is no file "${runs}.ts".`, hint }
}
