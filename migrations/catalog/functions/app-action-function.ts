import { fitIdentifier, snakeCase } from '#base'
import { audienceRoles } from '#policies'
import type { AppAction, Model } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** Name of the function that tells who may do an action of the app. `begin_…` is what the platform and entities have. */
export function appActionName(name: string): string {
  return fitIdentifier(`app_action_${snakeCase(name)}`)
}

/**
 * `app_action_close_month()` for each action of the app: whoever may execute it may do the action. Whoever runs one calls it first, in the transaction and as the
 * role of the caller, so that Postgres decides; what it answers means nothing.
 */
export function appActionFunctions({ actions = [] }: Pick<Model, 'actions'>): readonly DatabaseFunction[] {
  return actions.map(appActionFunction)
}

function appActionFunction({ name, audience }: AppAction): DatabaseFunction {
  return privateFunction({
    name: appActionName(name),
    returns: 'boolean',
    language: 'sql',
    volatility: 'stable',
    body: 'select true',
    execute: audienceRoles(audience),
    comment: `Whoever may execute it may do "${name}".`,
  })
}
