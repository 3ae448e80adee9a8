import type { ActionInput, ActionOf, AppActions, CodeFields, Named } from '#schema'
import { type ActionBody, type ActionCall, type AppActionCall, bodyMark } from './body.ts'

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

/** What the body of an action of the app is given, with the fields of its input. */
export interface AppActionOn<F> extends Omit<AppActionCall, 'input'> {
  readonly input: CodeFields<F>
}

/** The body of an action of the app, as its file exports it by default: as that of {@link action}, without a row. */
export function appAction<A, K extends keyof A & string>(
  _of: AppActions<A>,
  name: K,
  run: (call: AppActionOn<A[K]>) => unknown,
): ActionBody {
  const body = { kind: 'action' as const, of: null, verb: name, run: run as ActionBody['run'], [bodyMark]: true }
  return Object.freeze(body)
}
