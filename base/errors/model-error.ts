import type { SourceSpan } from '../source/span.ts'
import type { ModelErrorCode, ModelWarningCode } from './catalogue.ts'

/** One mistake of an author, or something that an author should know, with where it is and how to mend it. */
export interface Problem {
  readonly code: ModelErrorCode | ModelWarningCode
  /** An error keeps the app from being used; a warning stops nothing. Each code is always one of the two. */
  readonly severity: 'error' | 'warning'
  /** What is wrong, one sentence, names in double quotes. */
  readonly message: string
  /** Null when nothing in a file can be pointed at. */
  readonly at: SourceSpan | null
  /** What to do about it. */
  readonly hint: string | null
  /** Another place that explains it, such as the declaration that was meant. */
  readonly related: { readonly message: string; readonly at: SourceSpan } | null
}

/** The author's mistakes, all of them at once. Warnings are told of apps without mistakes. */
export class ModelError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.message}`).join('\n'))
    this.name = 'ModelError'
    this.problems = problems
  }
}
