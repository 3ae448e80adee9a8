import { rolePlaceholder } from '#policies'
import type { Role } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** Name of what only roles that publish scripts may execute. */
export const publishesScriptsName = 'publishes_scripts'

/**
 * `rowhouse_private.publishes_scripts()`, where a role does: whoever may execute it may publish scripts for its tenant. The platform's functions ask Postgres for
 * that right; what it answers means nothing.
 */
export function publishingFunction(roles: readonly Role[]): readonly DatabaseFunction[] {
  const publishers = roles.filter(({ publishesScripts }) => publishesScripts === true)
  if (publishers.length === 0) return []
  return [
    privateFunction({
      name: publishesScriptsName,
      returns: 'boolean',
      language: 'sql',
      volatility: 'stable',
      body: 'select true',
      execute: publishers.map(({ name }) => rolePlaceholder(name)),
      comment: 'Whoever may execute it may publish scripts for its tenant.',
    }),
  ]
}
