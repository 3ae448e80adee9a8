import type { Row, Rows } from '#base'
import type { HookMoment } from '#schema'

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

/** What the body of an action of the app is given: it has no row. */
export type AppActionCall = Omit<ActionCall, 'row'>

/** What the body of an action is. */
export interface ActionBody {
  readonly kind: 'action'
  /** Name of the entity; null: of the app. */
  readonly of: string | null
  readonly verb: string
  run(call: ActionCall): unknown
}

/** What the body of a hook is given beside. */
export interface HookCall extends BodyCall {
  readonly moment: HookMoment
  /** What is done: `create`, `update`, `remove`, `delete`, or a transition by its name. */
  readonly verb: string
  /** The row as the caller reads it: before a change as it still is, afterwards as it became. Null: not there, or not for the caller to read. */
  readonly row: Row | null
  /** The values that are written, by name; of a removal none; of a transition `verb`, `from`, `to` and `note`. */
  readonly input: Readonly<Record<string, unknown>>
  /** Of `onChange` and `afterChange`: what changes, and what it was. */
  readonly change: { readonly field: string; readonly from: unknown; readonly to: unknown } | null
}

/** What the body of a hook of an entity is. */
export interface HookBody {
  readonly kind: 'hook'
  /** Name of the entity. */
  readonly of: string
  run(call: HookCall): unknown
}

/** Marks what `action` and `hook` give back; the same in every copy of this module. */
export const bodyMark: unique symbol = Symbol.for('rowhouse.body') as never

/** True for what `action` or `hook` gave back. */
export function isBody(value: unknown): value is ActionBody | HookBody {
  return typeof value === 'object' && value !== null && bodyMark in value
}
