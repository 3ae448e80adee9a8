import type { Row, Rows } from '#base'

/** Who asks. */
export interface BodyActor {
  /** Id of the person; null: a visitor. */
  readonly id: string | null
  readonly tenant: string | null
  readonly roles: readonly string[]
}

/** What every body is given. */
export interface BodyCall {
  /** Rows, in the transaction and under the rights of whoever asks. */
  readonly db: Rows
  readonly actor: BodyActor
  /** When the request's code began. */
  readonly now: Date
  /** Aborted when the time of the request is over. */
  readonly signal: AbortSignal
  /**
   * Ends the request, of which nothing is kept: VALIDATION, with the code as `extensions.rule`.
   *
   * @throws RequestError VALIDATION
   */
  raise(code: string, message: string, fields?: readonly string[]): never
}

/** What the body of an action is given beside. */
export interface ActionCall extends BodyCall {
  /** The row as the caller reads it, locked until the end. */
  readonly row: Row
  readonly input: Readonly<Record<string, unknown>>
  /** Tells the caller something, in `notes` of the answer. */
  note(text: string): void
}

/** What the body of an action of an entity is. */
export interface ActionBody {
  readonly kind: 'action'
  /** Name of the entity. */
  readonly of: string
  readonly verb: string
  run(call: ActionCall): unknown
}

/** Marks what `action` gives back; the same in every copy of this module. */
export const bodyMark: unique symbol = Symbol.for('rowhouse.body') as never

/** True for what `action` gave back. */
export function isBody(value: unknown): value is ActionBody {
  return typeof value === 'object' && value !== null && bodyMark in value
}
