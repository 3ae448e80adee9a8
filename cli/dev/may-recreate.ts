import { OperatorError, type OperatorErrorCode } from '#base'
import type { Development } from './run-dev.ts'

/** Why a database cannot be brought to the model as it is. */
export interface Obstacle {
  /** One sentence each. */
  readonly reasons: readonly string[]
  /** The error that said so, if one did. */
  readonly cause: OperatorError | null
}

/** What keeps the committed files, the database and the model apart, and goes away with the database. */
const recreatable: readonly OperatorErrorCode[] = [
  'DATABASE_DRIFTED',
  'DATABASE_NEWER',
  'MIGRATION_FAILED',
  'MIGRATION_TAMPERED',
  'RECREATE_NEEDED',
  'SYSTEM_MIGRATION_CHANGED',
]

/** Whether a database made anew would be rid of the error. */
export function isRecreatable(error: unknown): error is OperatorError {
  return error instanceof OperatorError && recreatable.includes(error.code)
}

/**
 * Returns when the database may be dropped and made anew.
 *
 * @param recreate whether that was said beforehand
 * @throws OperatorError RECREATE_NEEDED when nobody says so; for a database that is not ours also the error that was in the way
 */
export async function mayRecreate(
  { database, session }: Pick<Development, 'database' | 'session'>,
  obstacle: Obstacle,
  recreate: boolean,
): Promise<void> {
  const isOurs = database.recreate !== null
  if (!isOurs) throw obstacle.cause ?? refusal(obstacle, yours)
  if (recreate) return
  const { terminal } = session
  if (!terminal.isInteractive) throw refusal(obstacle, ours)
  terminal.say(explanation(obstacle))
  const answer = await terminal.confirm(
    'Make the embedded database anew? Its rows are lost, the seed is written again.',
  )
  if (!answer) throw refusal(obstacle, ours)
}

const ours =
  'Start again with --recreate to make the embedded database anew, with the seed; or put the model back as it was.'
const oursWhileServing =
  'Put the model back as it was; or stop, and start with --recreate to make the embedded database anew, with the seed.'
const yours =
  'This database is yours and is left as it is: change it by hand, empty it, or put the model back as it was.'

/** Refuses while requests are answered: nobody is asked then, and nothing is dropped. */
export function refusalWhileServing(obstacle: Obstacle, isOurs: boolean): OperatorError {
  return refusal(obstacle, isOurs ? oursWhileServing : yours)
}

function refusal(obstacle: Obstacle, hint: string): OperatorError {
  const options = obstacle.cause === null ? {} : { cause: obstacle.cause }
  return new OperatorError('RECREATE_NEEDED', explanation(obstacle), hint, options)
}

const mostListed = 10

function explanation({ reasons }: Obstacle): string {
  const shown = reasons.slice(0, mostListed).map((reason) => `\n  - ${reason}`)
  const more = reasons.length > mostListed ? `\n  and ${reasons.length - mostListed} more` : ''
  return `The database cannot follow the model by itself:${shown.join('')}${more}`
}
