import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatProblem, ModelError, OperatorError } from '#base'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { Stopped } from '../stop-signals.ts'

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
  if (error instanceof ModelError) return { text: describeProblems(error, context), exitCode: exitCodes.app }
  if (error instanceof OperatorError) {
    const text = `${error.code}  ${error.message}\n  hint  ${error.hint}\n  more  ${context.docs ?? 'docs'}/errors/${error.code}.md`
    return { text: withStack(text, error, context), exitCode: exitCodeOf(error.code) }
  }
  if (error instanceof Stopped) return { text: 'Stopped before it was ready.', exitCode: exitCodes.ok }
  return describeBug(error, context)
}

/** Every problem with its frame, and how many there are. */
function describeProblems(error: ModelError, { folder, docs }: FailureContext): string {
  const frames = error.problems.map((problem) => formatProblem(problem, (file) => readSource(folder, file), docs))
  const count = frames.length === 1 ? '1 problem' : `${frames.length} problems`
  return `${frames.join('\n\n')}\n\n${count}.`
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

function readSource(folder: string | null, file: string): string | null {
  try {
    return readFileSync(resolve(folder ?? '.', file), 'utf8')
  } catch {
    return null
  }
}
