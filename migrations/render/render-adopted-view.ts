import { quoteIdentifier } from '#base'
import type { View } from '../catalog/catalog.ts'
import { renderGrant, roleText } from './render-fence.ts'
import { tableText } from './render-table.ts'

/** True for a view that was there before. */
export function isTheirs(view: View): boolean {
  return view.adopted !== undefined
}

/** Lets the owner of our fences read views that were there before, and nobody else, as the migrator. */
export function renderLettingIn(views: readonly View[]): readonly string[] {
  if (views.length === 0) return []
  const schemas = [...new Set(views.map(({ schema }) => schema))].sort()
  return [
    'reset role;',
    ...schemas.map((schema) => `grant usage on schema ${quoteIdentifier(schema)} to ":OWNER";`),
    ...views.flatMap((view) => view.grants.map((grant) => renderGrant(view, grant))),
  ]
}

/** Takes that back; the view stays as it is. */
export function renderLettingGo(view: View): readonly string[] {
  const revokes = view.grants.map(
    ({ to, privilege }) => `revoke ${privilege} on ${tableText(view)} from ${roleText(to)};`,
  )
  return ['reset role;', ...revokes]
}
