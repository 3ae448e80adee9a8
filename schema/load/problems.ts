import type { ModelErrorCode, ModelWarningCode, Problem, SourceSpan } from '#base'
import type { ModelPath } from '../model/model.ts'

/** Answers where a part of the model was written: its value, or the key in front of it. */
export type Locate = (path: ModelPath, part?: 'key' | 'value') => SourceSpan | null

/** Where a problem is: a part of the model, by its value (default) or by its key. */
export interface ProblemPlace {
  readonly path: ModelPath
  readonly part?: 'key' | 'value'
}

/** How to mend a problem. */
export interface ProblemDetails {
  readonly hint?: string | null
  /** Another place that explains it. */
  readonly related?: { readonly message: string } & ProblemPlace
}

/** Collects problems. Reporting one never stops the work. */
export interface Problems {
  readonly list: readonly Problem[]
  report(code: ModelErrorCode, place: ProblemPlace, message: string, details?: ProblemDetails): void
  /** The same for a place that is known only as source. */
  reportAt(code: ModelErrorCode, at: SourceSpan | null, message: string, hint?: string | null): void
  /** Something that an author should know of a sound app. */
  warn(code: ModelWarningCode, place: ProblemPlace, message: string, details?: ProblemDetails): void
}

/** An empty collection that looks places up with `locate`. The same problem at the same place is kept once. */
export function collectProblems(locate: Locate, seed: readonly Problem[] = []): Problems {
  const list: Problem[] = [...seed]
  const seen = new Set<string>()
  const add = (problem: Problem, fallback: unknown): void => {
    const identity = JSON.stringify([problem.code, problem.message, problem.at ?? fallback])
    if (!seen.has(identity)) list.push(problem)
    seen.add(identity)
  }
  const placed = ({ path, part }: ProblemPlace, { hint = null, related }: ProblemDetails) => ({
    at: locate(path, part),
    hint,
    related: relatedTo(locate, related),
  })
  return {
    list,
    report(code, place, message, details = {}) {
      add({ code, severity: 'error', message, ...placed(place, details) }, place.path)
    },
    reportAt(code, at, message, hint = null) {
      add({ code, severity: 'error', message, at, hint, related: null }, null)
    },
    warn(code, place, message, details = {}) {
      add({ code, severity: 'warning', message, ...placed(place, details) }, place.path)
    },
  }
}

/** Those that keep an app from being used. */
export function errorsAmong(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error')
}

/**
 * Problems by file, line and column, those without a place last. Where an expression is refused, what its value happened to
 * be is left out.
 */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const refused = problems.filter(({ code }) => refusals.has(code))
  const isEcho = ({ code, at }: Problem) =>
    !refusals.has(code) && at !== null && refused.some((each) => each.at !== null && overlaps(each.at, at))
  return problems
    .filter((problem) => !isEcho(problem))
    .toSorted((a, b) => {
      if (a.at === null || b.at === null) return a.at === b.at ? compare(a.code, b.code) : a.at === null ? 1 : -1
      return (
        compare(a.at.file, b.at.file) ||
        a.at.line - b.at.line ||
        a.at.column - b.at.column ||
        compare(a.code, b.code) ||
        compare(a.message, b.message)
      )
    })
}

const refusals: ReadonlySet<Problem['code']> = new Set([
  'RULE_EXPRESSION_REFUSED',
  'KEY_REFUSED',
  'FORMULA_EXPRESSION_REFUSED',
])

function overlaps(a: SourceSpan, b: SourceSpan): boolean {
  const isBefore = (end: SourceSpan, start: SourceSpan) =>
    end.endLine < start.line || (end.endLine === start.line && end.endColumn <= start.column)
  return a.file === b.file && !isBefore(a, b) && !isBefore(b, a)
}

function relatedTo(locate: Locate, related: ProblemDetails['related']): Problem['related'] {
  if (related === undefined) return null
  const at = locate(related.path, related.part)
  return at === null ? null : { message: related.message, at }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
