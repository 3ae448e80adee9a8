import { OperatorError, type OperatorErrorCode } from '#base'

/** One reason why a server must not start on a database. */
export interface BootProblem {
  readonly code: OperatorErrorCode
  /** What it is about: a table, a role, a function. */
  readonly object: string
  /** One sentence, names in double quotes. */
  readonly message: string
  /** What to do. */
  readonly hint: string
  /** SQL that mends it, run by an administrator in this database; empty where no SQL can. */
  readonly fix: readonly string[]
}

/** All problems as one error, whose code is that of the first. */
export function bootError(problems: readonly [BootProblem, ...BootProblem[]]): OperatorError {
  const [first] = problems
  const lines = problems.map((problem) => `  ${problem.code}: ${problem.message}`)
  const message = problems.length === 1 ? first.message : `The database is not safe to serve:\n${lines.join('\n')}`
  return new OperatorError(first.code, message, [...new Set(problems.map((problem) => problem.hint))].join(' '))
}
