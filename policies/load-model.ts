import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { canonicalHash, canonicalJson, deepFreeze, ModelError, type Problem, type SourceSpan, snakeCase } from '#base'
import {
  type AppDeclaration,
  collectProblems,
  errorsAmong,
  type LoadedApp,
  loadApp,
  type Model,
  type ModelPath,
  sortProblems,
} from '#schema'
import { completeApp } from './complete-app.ts'
import { readModelJson } from './json/read-model-json.ts'
import { verifyFiles } from './verify/files.ts'

/** How {@link loadModel} loads. */
export interface LoadModelOptions {
  /** Name of the app, prefix of its Postgres roles. Default: the folder's name in snake case. */
  readonly app?: string
  /** Import fresh copies of the app's files, for watching. */
  readonly fresh?: boolean
}

/** An app's model, with what is known of its source. */
export interface LoadedModel {
  /** Frozen, verified. */
  readonly model: Model
  /** Hexadecimal SHA-256 of {@link modelJson}. */
  readonly hash: string
  /** Absolute path of the app. */
  readonly folder: string
  /** Absolute paths of the app's files, sorted. */
  readonly files: readonly string[]
  /** Where a part of the model was written; the nearest place around it if it was not written itself. */
  locate(path: ModelPath, part?: 'key' | 'value'): SourceSpan | null
  /** Text of a file named by a span, for {@link formatProblem}; null when it is none of the app's. */
  sourceOf(file: string): string | null
  readonly exports: AppExports
  /** What the author should know, sorted by file and line. */
  readonly warnings: readonly Problem[]
}

/** A name that a file of the app exports. */
export interface AppExport {
  /** Relative to the app folder, with `/`. */
  readonly file: string
  readonly name: string
}

/** Where the app exports its declarations, for the generated types. */
export interface AppExports {
  /** Sorted by entity. */
  readonly entities: readonly (AppExport & { readonly entity: string })[]
  readonly roles: AppExport | null
  readonly actor: AppExport | null
}

/**
 * The verified model of an app folder. Runs the app's files, or reads its `model.json` when it has no folder `schema`.
 *
 * @throws ModelError with every problem, sorted by file and line
 */
export async function loadModel(folder: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const written = modelFile(folder)
  if (written !== null) return loadFromJson(folder, written, options)
  const app = await loadApp(folder, options)
  if (app.problems.length > 0) throw new ModelError(sortProblems(app.problems))
  const name = options.app ?? appNameOf(app.folder)
  const problems = collectProblems(app.locate)
  const model = completeApp(app, name, problems)
  verifyFiles(model, app.folder, problems)
  const errors = errorsAmong(problems.list)
  if (errors.length > 0) throw new ModelError(sortProblems(errors))
  return {
    model: deepFreeze(model),
    hash: canonicalHash(model),
    folder: app.folder,
    files: app.files,
    locate: app.locate,
    sourceOf: (file) => sourceOf(app, file),
    exports: exportsOf(app),
    warnings: sortProblems(problems.list),
  }
}

/** File of an app that is given as a model instead of as TypeScript. */
const modelJsonFile = 'model.json'

/** Absolute path of the model in JSON of an app without TypeScript, or null. */
function modelFile(folder: string): string | null {
  const path = join(realpathSync(folder), modelJsonFile)
  return existsSync(path) && !existsSync(join(folder, 'schema')) ? path : null
}

function loadFromJson(folder: string, path: string, { app }: LoadModelOptions): LoadedModel {
  const text = readFileSync(path, 'utf8')
  const { model, hash, warnings } = readModelJson(text, { file: modelJsonFile, ...(app === undefined ? {} : { app }) })
  return {
    model,
    hash,
    folder: realpathSync(folder),
    files: [path],
    locate: () => null,
    sourceOf: (file) => (file === modelJsonFile ? text : null),
    exports: { entities: [], roles: null, actor: null },
    warnings,
  }
}

/** The one text of a model: sorted keys, one newline at the end. */
export function modelJson(model: Model): string {
  return canonicalJson(model)
}

/** Where an app exports its entities, roles and actor; also of an app whose model has problems. */
export function exportsOf({ declarations }: Pick<LoadedApp, 'declarations'>): AppExports {
  const entities = declarations.filter(({ kind }) => kind === 'entity')
  const first = (kind: AppDeclaration['kind']): AppExport | null => {
    const found = declarations.find((each) => each.kind === kind)
    return found === undefined ? null : { file: found.file, name: found.exportName }
  }
  return {
    entities: entities
      .map(({ of, file, exportName }) => ({ entity: String(of), file, name: exportName }))
      .toSorted((a, b) => (a.entity < b.entity ? -1 : a.entity > b.entity ? 1 : 0)),
    roles: first('roles'),
    actor: first('actor'),
  }
}

/** Name of the app in a folder, unless one is given: `My App` → `my_app`. */
export function appNameOf(folder: string): string {
  return snakeCase(basename(folder)).replaceAll(/[^a-z0-9]+/g, '_')
}

function sourceOf(app: Pick<LoadedApp, 'folder' | 'sources' | 'texts'>, file: string): string | null {
  return app.texts.get(file) ?? app.sources.open(`${app.folder}/${file}`)?.text ?? null
}
