import { canonicalHash, deepFreeze, ModelError, type Problem } from '#base'
import {
  checkModelJson,
  collectProblems,
  errorsAmong,
  type JsonSource,
  jsonPathOf,
  type LoadedApp,
  type Model,
  openJson,
  openSources,
  type Problems,
  reportTexts,
  sortProblems,
} from '#schema'
import { completeApp } from '../complete-app.ts'
import { asDeclared, modelDeclarations } from '../write/model-declarations.ts'
import { differences } from './differences.ts'

/** A model that was read from JSON. */
export interface ReadModel {
  /** Frozen, verified. */
  readonly model: Model
  /** Hexadecimal SHA-256 of its canonical JSON. */
  readonly hash: string
  /** What the author should know. */
  readonly warnings: readonly Problem[]
}

/** How {@link readModelJson} reads. */
export interface ReadModelOptions {
  /** How problems call the document. Default: `model.json`. */
  readonly file?: string
  /** Name of the app instead of the one in the document. */
  readonly app?: string
}

/**
 * The verified model of a JSON document. It passes the same checks as one that an author wrote: it is turned into declarations,
 * completed and verified, and must come out as it went in.
 *
 * @throws ModelError with every problem, each with its place in the document
 */
export function readModelJson(text: string, { file = 'model.json', app }: ReadModelOptions = {}): ReadModel {
  const source = openJson(file, text)
  if (!('locate' in source)) throw new ModelError([problem('MODEL_JSON_INVALID', source.message, source.at)])
  requireVersion(source)
  const faults = checkModelJson(source.value)
  if (faults.length > 0)
    throw new ModelError(
      sortProblems(
        faults.map(({ path, part, message, hint }) =>
          problem('MODEL_JSON_INVALID', message, source.locate(path, part), hint),
        ),
      ),
    )
  const given = source.value as Model
  const { model, warnings } = verified({ ...given, app: app ?? given.app }, source, file)
  return { model: deepFreeze(model), hash: canonicalHash(model), warnings }
}

function requireVersion({ value, locate }: JsonSource): void {
  const version: unknown = (value as { readonly version?: unknown } | null)?.version
  if (version === undefined || version === 1) return
  const hint = 'Write it anew with the Rowhouse that made it, or update this one.'
  const message = `This Rowhouse reads version 1 of the model, not ${JSON.stringify(version)}.`
  throw new ModelError([problem('MODEL_VERSION_UNSUPPORTED', message, locate(['version']), hint)])
}

function verified(given: Model, source: JsonSource, file: string): Omit<ReadModel, 'hash'> {
  const problems = collectProblems((path, part) => source.locate(jsonPathOf(source.value, path), part))
  const app: LoadedApp = {
    origin: 'model',
    folder: '.',
    files: [],
    sources: openSources('.'),
    texts: reportTexts(given),
    declarations: asDeclared(modelDeclarations(given), file),
    locate: () => null,
    problems: [],
  }
  const model = completeApp(app, given.app, problems)
  if (errorsAmong(problems.list).length === 0) reportDifferences(given, model, source, problems)
  const errors = errorsAmong(problems.list)
  if (errors.length > 0) throw new ModelError(sortProblems(errors))
  return { model, warnings: sortProblems(problems.list) }
}

/** What follows from the rest cannot be said otherwise: a column of another name, a built-in field that is missing. */
function reportDifferences(given: Model, model: Model, { locate }: JsonSource, problems: Problems): void {
  for (const { path, wanted } of differences(given, model)) {
    const message =
      wanted === undefined
        ? 'This cannot be said here.'
        : `This follows from the rest, and would be ${JSON.stringify(wanted).slice(0, 200)}.`
    problems.reportAt('MODEL_JSON_INCONSISTENT', locate(path), message)
  }
}

function problem(code: Problem['code'], message: string, at: Problem['at'], hint: string | null = null): Problem {
  return { code, severity: 'error', message, at, hint, related: null }
}
