import { collectProblems, type LoadedApp, type Model, type ModelPath, openSources, type Problems } from '#schema'
import { completeApp } from '../complete-app.ts'
import { asDeclared, type ModelDeclarations } from './model-declarations.ts'

/** Something that the language refuses, with the part of the model that it is about. */
export interface RefusedPart {
  readonly code: string
  /** Null: the app as a whole. */
  readonly path: ModelPath | null
  readonly message: string
}

/** The model of declarations that a program made, and every part that the language refuses. Sound only when there is none. */
export function checkDeclarations(
  given: ModelDeclarations,
  app: string,
): { readonly model: Model; readonly refused: readonly RefusedPart[] } {
  const refused: RefusedPart[] = []
  const problems = recordedProblems(refused)
  const loaded: LoadedApp = {
    origin: 'model',
    folder: '.',
    files: [],
    sources: openSources('.'),
    texts: given.texts,
    declarations: asDeclared(given, 'model.json'),
    locate: () => null,
    problems: [],
  }
  return { model: completeApp(loaded, app, problems), refused }
}

function recordedProblems(refused: RefusedPart[]): Problems {
  const collected = collectProblems(() => null)
  return {
    list: collected.list,
    report(code, place, message, details) {
      collected.report(code, place, message, details)
      refused.push({ code, path: place.path, message })
    },
    reportAt(code, at, message, hint) {
      collected.reportAt(code, at, message, hint)
      refused.push({ code, path: null, message })
    },
    warn: collected.warn,
  }
}
