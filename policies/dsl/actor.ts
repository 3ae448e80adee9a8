import { callSite, declare, type Named } from '#schema'
import type { Actor, ActorValues, FreeNames, Words } from '../types/actor.ts'

/** The words `reach`, `claim` and `own` for callers who are rows of an entity: `const { reach, claim, own } = words(User)`. */
export function words<U extends string>(_of: Named<U>): Words<U> {
  return {
    reach: (to, options) => declare('reach', { to, options }),
    claim: (field) => declare('claim', { field }),
    own: (field) => declare('own', { field }),
  }
}

/** Declares what is known of a caller; rules then say `actor.id` and `actor.<name>`. */
export function defineActor<U extends string, const D extends ActorValues>(
  of: Named<U>,
  values: D & FreeNames<NoInfer<D>>,
): Actor<U, D> {
  const names = ['id', ...Object.keys(values)]
  const refs = Object.fromEntries(names.map((name) => [name, declare('actorRef', { name })]))
  return declare('actor', { ...refs, of: of.name, values, at: callSite() })
}
