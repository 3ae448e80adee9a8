import { type AppActions, callSite, declare } from '#schema'
import type { AppActionsOf } from '../types/app-action.ts'

/** Declares what can be done with the app as a whole, each under its name: a mutation, and `db.act('closeMonth', input)` in code. */
export function defineActions<const A>(actions: AppActionsOf<A>): AppActions<A> {
  return declare('actions', { actions, at: callSite() })
}
