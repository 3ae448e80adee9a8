import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { formatProblem, ModelError, type Problem } from '#base'
import { type LoadedModel, loadModel } from '#policies'
import { afterThisFile } from '../support/after-this-file.ts'

const repository = resolve(import.meta.dirname, '../..')

const schemaWords =
  "import { amount, base64, boolean, choice, choiceType, date, datetime, decimal, dict, duration, email, embed, embedType, entity, eur, float, hasOne, int, int64, list, many, money, numbering, one, oneOf, partOf, period, phone, secret, shape, shapeType, slug, string, text, time, timezone, url, usd, uuid } from 'rowhouse/schema'\n"

const policyWords =
  "import { ago, ahead, amount, anything, condition, defineActor, defineRoles, eur, everyone, everyoneExcept, its, may, now, policy, row, signedIn, usd, was, words } from 'rowhouse/policies'\n"

/** Files of an app by path. Files of entities and policies may leave out their imports from Rowhouse. */
export type AppFiles = Readonly<Record<string, string>>

// One home for the apps of a test file: making and removing folders takes longer than reading an app.
let home: string | null = null
let apps = 0

function makeHome(): string {
  const made = mkdtempSync(join(tmpdir(), 'rowhouse-apps-'))
  afterThisFile(() => {
    home = null
    rmSync(made, { recursive: true })
  })
  mkdirSync(join(made, 'node_modules'))
  symlinkSync(repository, join(made, 'node_modules/rowhouse'))
  writeFileSync(join(made, 'package.json'), '{ "type": "module" }')
  return made
}

/** Writes an app to a folder of its own, which stays until the end of the test file, and hands it over. Its name is "shop". */
export async function withApp<T>(files: AppFiles, use: (folder: string) => Promise<T>): Promise<T> {
  home ??= makeHome()
  const folder = join(home, String(++apps), 'shop')
  const paths = Object.keys(files)
  for (const path of new Set(['.', ...paths.map((path) => dirname(path))]))
    mkdirSync(join(folder, path), { recursive: true })
  for (const path of paths) writeFileSync(join(folder, path), written(path, files[path]!))
  return await use(folder)
}

/** Text of a file as {@link withApp} writes it. */
export function written(path: string, text: string): string {
  if (!path.endsWith('.ts') || text.includes("from 'rowhouse/")) return text
  if (path.startsWith('subscribers/')) return `import { on } from 'rowhouse/workers'\n${text}`
  return (path.startsWith('schema/') ? schemaWords : policyWords) + text
}

/** An app of entities alone, in one file: each may be read and written by `admin`. */
export function entitiesOnly(schema: string): AppFiles {
  const names = [...schema.matchAll(/export const (\w+) = entity\(/g)].map(([, name]) => name)
  const policies = names.map(
    (name) => `export const ${name}Policy = policy(${name}, { 'all': { allow: 'admin', to: anything } })`,
  )
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': `import { ${names.join(', ')} } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
${policies.join('\n')}
`,
  }
}

/** Code and underlined text of every problem that loading an app finds; `[]` for a sound app. */
export async function problemsOf(files: AppFiles): Promise<readonly (readonly [code: string, text: string | null])[]> {
  const problems = await reportOf(files)
  return problems.map((problem) => [problem.code, underlined(files, problem)])
}

/** Every problem that loading an app finds. */
export async function reportOf(files: AppFiles): Promise<readonly Problem[]> {
  return await withApp(files, async (folder) => {
    try {
      await loadModel(folder)
      return []
    } catch (error) {
      if (error instanceof ModelError) return error.problems
      throw error
    }
  })
}

/** Code and underlined text of every warning of a sound app. */
export async function warningsOf(files: AppFiles): Promise<readonly (readonly [code: string, text: string | null])[]> {
  const { warnings } = await withApp(files, (folder) => loadModel(folder))
  return warnings.map((problem) => [problem.code, underlined(files, problem)])
}

/** The model of an app that has no problems. */
export async function modelOf(files: AppFiles): Promise<LoadedModel['model']> {
  return await withApp(files, async (folder) => (await loadModel(folder)).model)
}

/** Problems as an author sees them. */
export function printed(files: AppFiles, problems: readonly Problem[]): string {
  const sourceOf = (file: string) => (files[file] === undefined ? null : written(file, files[file]))
  return `${problems.map((problem) => formatProblem(problem, sourceOf)).join('\n\n')}\n`
}

/** The first line of what a problem points at. */
function underlined(files: AppFiles, { at }: Problem): string | null {
  if (at === null) return null
  const text = files[at.file]
  if (text === undefined) return at.file
  const line = written(at.file, text).split('\n')[at.line - 1] ?? ''
  return line.slice(at.column - 1, at.endLine === at.line ? at.endColumn - 1 : undefined)
}
