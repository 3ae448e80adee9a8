import type { Named } from '#schema'
import { bodyMark, type HookBody, type HookCall } from './body.ts'

/**
 * The body of a hook, as its file exports it by default. What it throws refuses the change, with the message of an `Error`; what it answers before a row
 * is written is laid over the values.
 */
export function hook<N extends string>(of: Named<N>, run: (call: HookCall) => unknown): HookBody {
  const body = { kind: 'hook' as const, of: of.name, run, [bodyMark]: true }
  return Object.freeze(body)
}
