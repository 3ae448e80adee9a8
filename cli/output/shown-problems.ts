import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatProblem, ModelError, OperatorError, type Problem } from '#base'
import type { ShownProblem } from '#server'

/** Where the files of an app and the pages about errors are. */
export interface ProblemContext {
  /** Absolute path of the app, for code frames; null where no app is concerned. */
  readonly folder: string | null
  /** Where the pages about errors are; `docs` when left out. */
  readonly docs?: string
}

/** An author's or operator's error as a list, each as the terminal shows it; null for any other error. */
export function shownProblems(
  error: unknown,
  { folder, docs = 'docs' }: ProblemContext,
): readonly ShownProblem[] | null {
  if (error instanceof ModelError) return shownProblemList(error.problems, { folder, docs })
  if (!(error instanceof OperatorError)) return null
  const { code, message, hint } = error
  return [{ code, text: `${code}  ${message}\n  hint  ${hint}\n  more  ${docs}/errors/${code}.md` }]
}

/** Problems of an app's author, each as the terminal shows it. */
export function shownProblemList(
  problems: readonly Problem[],
  { folder, docs = 'docs' }: ProblemContext,
): readonly ShownProblem[] {
  const sourceOf = (file: string) => readSource(folder, file)
  return problems.map((problem) => ({ code: problem.code, text: formatProblem(problem, sourceOf, docs) }))
}

function readSource(folder: string | null, file: string): string | null {
  try {
    return readFileSync(resolve(folder ?? '.', file), 'utf8')
  } catch {
    return null
  }
}
