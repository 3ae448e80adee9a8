import type { ActionInput, ActionOf, Named } from '#schema'
import { type ActionBody, type ActionCall, bodyMark } from './body.ts'

/** What the body of an action of an entity is given. */
export interface ActionOn<N extends string, V> extends Omit<ActionCall, 'input'> {
  readonly input: ActionInput<N, V>
}

/**
 * The body of an action, as its file exports it by default. It runs in the server's own process, in the transaction of the request and under
 * the rights of whoever asks; what it throws undoes all of the request. It may run again where the database asks for that.
 */
export function action<N extends string, V extends ActionOf<NoInfer<N>>>(
  of: Named<N>,
  verb: V,
  run: (call: ActionOn<NoInfer<N>, V>) => unknown,
): ActionBody {
  const body = { kind: 'action' as const, of: of.name, verb, run: run as ActionBody['run'], [bodyMark]: true }
  return Object.freeze(body)
}
