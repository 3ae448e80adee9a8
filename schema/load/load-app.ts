import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '#base'
import {
  type ActionsDeclaration,
  type ActorDeclaration,
  type EntityDeclaration,
  type FormulasDeclaration,
  kindOf,
  type PolicyDeclaration,
  type RolesDeclaration,
  type SubscriberDeclaration,
} from '../dsl/declaration.ts'
import { appFiles, subscriberFolder } from './app-files.ts'
import { findCall } from './find-call.ts'
import { freshImports, type Imported, importFile } from './import-file.ts'
import { locateIn } from './locate.ts'
import { namedTexts } from './named-texts.ts'
import type { Locate } from './problems.ts'
import type { SourceFile } from './source-file.ts'
import { openImports, openSources, type Place, type Sources } from './sources.ts'

/** What a file of the app exports and Rowhouse understands. */
export type AppDeclaration = {
  /** Relative to the app folder, with `/`. */
  readonly file: string
  readonly exportName: string
  /** The call that made it; null when it is not written at the top level of a file. */
  readonly call: Place | null
} & (
  | { readonly kind: 'entity'; readonly of: string; readonly declared: EntityDeclaration }
  | { readonly kind: 'formulas' | 'defaults'; readonly of: string; readonly declared: FormulasDeclaration }
  | { readonly kind: 'policy'; readonly of: string; readonly declared: PolicyDeclaration }
  | { readonly kind: 'subscriber'; readonly of: string; readonly declared: SubscriberDeclaration }
  | { readonly kind: 'roles'; readonly of: null; readonly declared: RolesDeclaration }
  | { readonly kind: 'actions'; readonly of: null; readonly declared: ActionsDeclaration }
  | { readonly kind: 'actor'; readonly of: null; readonly declared: ActorDeclaration }
)

/** An app's declarations as they were written, with the means to say where. */
export interface LoadedApp {
  /** `files`: written by an author, whose text is checked as well. `model`: written back from a model. */
  readonly origin: 'files' | 'model'
  /** Absolute path without symbolic links. */
  readonly folder: string
  /** Absolute paths of the files that it is made of, with those that they import, sorted. */
  readonly files: readonly string[]
  readonly sources: Sources
  /** Text of each file that a declaration names, such as the select of a report, by path in the app folder. */
  readonly texts: ReadonlyMap<string, string>
  /** In order of file and name of export. */
  readonly declarations: readonly AppDeclaration[]
  readonly locate: Locate
  /** Files that could not be read or imported. When there are any, declarations are missing. */
  readonly problems: readonly Problem[]
}

/** How {@link loadApp} imports. */
export interface LoadOptions {
  /** Import fresh copies of the app's files, for watching. Each fresh load stays in memory until the process ends. */
  readonly fresh?: boolean
}

let loads = 0

/** The declarations of an app folder: `schema/**\/*.entity.ts`, `schema/**\/*.formulas.ts`, `policies/**\/*.ts` and `subscribers/**\/*.ts`. Runs the app's files. */
export async function loadApp(folder: string, options: LoadOptions = {}): Promise<LoadedApp> {
  const root = realpathSync(folder)
  const sources = openSources(root)
  const opened = appFiles(root).flatMap((path) => sources.open(path) ?? [])
  openImports(sources, opened)
  const files = sources.opened().map(({ path }) => path)
  const base = { origin: 'files', folder: root, files, sources, texts: new Map<string, string>() } as const
  const faults = sources.opened().flatMap(syntaxProblems)
  if (faults.length > 0) return { ...base, declarations: [], locate: () => null, problems: faults }
  const imported = await importAll(root, opened, options.fresh === true ? String(++loads) : null)
  const declarations = opened.flatMap((source, index) => declarationsOf(sources, source, imported[index]!))
  const unique = onePerValue(declarations)
  const problems = importProblems(opened, imported)
  const texts = namedTexts(
    root,
    unique.flatMap((each) => (each.kind === 'entity' ? [each.declared.definition.sql] : [])),
  )
  const all = [...files, ...[...texts.keys()].map((file) => join(root, file))].toSorted()
  return { ...base, files: all, texts, declarations: unique, locate: locateIn(sources, unique), problems }
}

async function importAll(
  folder: string,
  files: readonly SourceFile[],
  version: string | null,
): Promise<readonly Imported[]> {
  const hooks = version === null ? null : freshImports(folder)
  try {
    const imported: Imported[] = []
    // One after the other, so that the app's files run in the same order every time.
    for (const file of files) imported.push(await importFile(file, version))
    return imported
  } finally {
    hooks?.close()
  }
}

function declarationsOf(sources: Sources, source: SourceFile, imported: Imported): readonly AppDeclaration[] {
  if (!imported.ok) return []
  return Object.entries(imported.exports).flatMap(([exportName, value]): readonly AppDeclaration[] => {
    const kind = kindOf(value)
    const at = (value as { at?: never } | null)?.at ?? null
    const place = () => ({ file: source.file, exportName, call: findCall(sources, source, exportName, at) })
    if (kind === 'entity') {
      const declared = value as EntityDeclaration
      return [{ kind, of: declared.name, declared, ...place() }]
    }
    if (kind === 'policy') {
      const declared = value as PolicyDeclaration
      return [{ kind, of: declared.of, declared, ...place() }]
    }
    if (kind === 'formulas' || kind === 'defaults') {
      const declared = value as FormulasDeclaration
      return [{ kind, of: declared.of, declared, ...place() }]
    }
    // One for each file, by whose name jobs call it.
    if (kind === 'subscriber' && exportName === 'default' && source.file.startsWith(`${subscriberFolder}/`)) {
      return [{ kind, of: source.file.replace(/\.ts$/, ''), declared: value as SubscriberDeclaration, ...place() }]
    }
    if (kind === 'roles') return [{ kind, of: null, declared: value as RolesDeclaration, ...place() }]
    if (kind === 'actions') return [{ kind, of: null, declared: value as ActionsDeclaration, ...place() }]
    if (kind === 'actor') return [{ kind, of: null, declared: value as ActorDeclaration, ...place() }]
    return []
  })
}

/** A declaration that is exported again elsewhere counts once, from the file that makes it. */
function onePerValue(declarations: readonly AppDeclaration[]): readonly AppDeclaration[] {
  const kept = new Map<unknown, AppDeclaration>()
  const isHome = (each: AppDeclaration) => each.call?.source.file === each.file
  for (const each of declarations) {
    const known = kept.get(each.declared)
    if (known === undefined || (!isHome(known) && isHome(each))) kept.set(each.declared, each)
  }
  return [...kept.values()]
}

function syntaxProblems(source: SourceFile): readonly Problem[] {
  return source.faults.map(({ message, hint, at }) => ({
    code: 'FILE_SYNTAX_INVALID',
    severity: 'error',
    message,
    at,
    hint: hint ?? 'A bracket, a quote or a comma is missing here or before, or is one too many.',
    related: null,
  }))
}

/** A fault is told once, in the file that has it, not in each that imports that one. */
function importProblems(files: readonly SourceFile[], imported: readonly Imported[]): readonly Problem[] {
  const failed = files.flatMap((source, index) => {
    const each = imported[index]!
    return each.ok ? [] : [{ source, ...each }]
  })
  const kept = failed.filter(
    (each, index) =>
      each.at !== null ||
      !failed.some((other, place) => other.message === each.message && (other.at !== null || place < index)),
  )
  return kept.map(({ source, message, at, hint }) => {
    const start = { file: source.file, line: 1, column: 1, endLine: 1, endColumn: 1 }
    return { code: 'FILE_IMPORT_FAILED', severity: 'error', message, at: at ?? start, hint, related: null }
  })
}
