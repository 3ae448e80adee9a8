import { randomUUID } from 'node:crypto'
import { ModelError, OperatorError } from '#base'
import type { ShownProblem } from '#server'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { Stopped } from '../stop-signals.ts'
import { shownProblems } from './shown-problems.ts'

/** What to print about an error, and what to exit with. */
export interface Failure {
  readonly text: string
  readonly exitCode: number
}

/** How much to tell, and where the app's files are. */
export interface FailureContext {
  /** Absolute path of the app, for code frames; null where no app is concerned. */
  readonly folder: string | null
  /** Folder of the documents, as seen from the current one. Default: `docs`. */
  readonly docs?: string
  /** Whether to add stacks. */
  readonly debug: boolean
}

/**
 * An error in words for whoever ran the command: frames for the author's mistakes, a sentence and a hint for the operator's, an id
 * for ours.
 */
export function describeFailure(error: unknown, context: FailureContext): Failure {
  const problems = shownProblems(error, context) ?? []
  if (error instanceof ModelError) return { text: describeProblems(problems), exitCode: exitCodes.app }
  if (error instanceof OperatorError) {
    return { text: withStack(problems[0]?.text ?? '', error, context), exitCode: exitCodeOf(error.code) }
  }
  if (error instanceof Stopped) return { text: 'Stopped before it was ready.', exitCode: exitCodes.ok }
  return describeBug(error, context)
}

/** Every problem with its frame, and how many there are. */
function describeProblems(problems: readonly ShownProblem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return `${problems.map(({ text }) => text).join('\n\n')}\n\n${count}.`
}

function describeBug(error: unknown, context: FailureContext): Failure {
  const id = randomUUID()
  const message = error instanceof Error ? error.message : String(error)
  const text =
    `This is a mistake of Rowhouse's own (${id}): ${message}\n` +
    '  hint  Run the same again with --debug and report what it prints.'
  return { text: withStack(text, error, context), exitCode: exitCodes.bug }
}

function withStack(text: string, error: unknown, context: FailureContext): string {
  if (!context.debug || !(error instanceof Error)) return text
  const causes: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    causes.push(cause.stack ?? cause.message)
  return `${text}\n\n${causes.join('\ncaused by: ')}`
}
