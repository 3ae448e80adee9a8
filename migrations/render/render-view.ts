import { quoteIdentifier, quoteLiteral } from '#base'
import type { Table, View } from '../catalog/catalog.ts'
import { commentText } from './comment-text.ts'
import { isTheirs, renderLettingGo, renderLettingIn } from './render-adopted-view.ts'
import { adoptedOf } from './render-adoption.ts'
import { renderGrant, roleText } from './render-fence.ts'
import { tableText } from './render-table.ts'

/**
 * Makes views, in their order. Names in a select of an author's are those of schema `app`, then of `public`; its owner may make
 * something in the private schema for that moment alone.
 */
export function renderViews(all: readonly View[], tables: readonly Table[]): readonly string[] {
  const views = all.filter((view) => !isBehindPolicies(view))
  if (views.length === 0) return []
  const [selects, theirs] = [views.filter(isSelect), views.filter(isTheirs)]
  const ours = views.filter((view) => !isSelect(view) && !isTheirs(view))
  return [
    ...(selects.length === 0 ? [] : renderSelectUse(tables)),
    ...renderSelects(selects),
    ...renderLettingIn(theirs),
    ...(ours.length === 0 ? [] : ['set local role ":OWNER";', ...ours.map((view) => renderView(view))]),
  ]
}

/** Lets the owner of selects find the tables that were there before, as the migrator. */
export function renderSelectUse(tables: readonly Table[]): readonly string[] {
  const schemas = [...new Set(adoptedOf(tables).map(({ schema }) => schema))].sort()
  return schemas.length === 0
    ? []
    : ['reset role;', ...schemas.map((schema) => `grant usage on schema ${quoteIdentifier(schema)} to ":REPORTS";`)]
}

/** The selects of authors alone, each by itself, with what must go before and after all of them. */
function renderSelects(selects: readonly View[]): readonly string[] {
  if (selects.length === 0) return []
  return [selectsBegin, ...selects.map((view) => renderView(view)), selectsEnd]
}

/** What their owner may do while the selects are made, as whoever may become all of these. */
export const selectsBegin = `set local role ":OWNER";
grant usage on schema app to ":REPORTS";
set local role ":PRIVATE";
grant usage, create on schema rowhouse_private to ":REPORTS";
set local role ":REPORTS";
set local search_path = app, public;`

/** Takes back what {@link selectsBegin} gave; the owner of tables finds the views. */
const selectsEnd = `set local search_path to default;
set local role ":PRIVATE";
revoke create on schema rowhouse_private from ":REPORTS";`

/** Ends what the owner of selects was let into, when the last of them is gone. */
export const selectsGone = `set local role ":OWNER";
revoke usage on schema app from ":REPORTS";
set local role ":PRIVATE";
revoke usage on schema rowhouse_private from ":REPORTS";`

/** True for a view that row policies read. */
export function isBehindPolicies(view: View): boolean {
  return view.behindPolicies === true
}

/** Makes the views that row policies read. */
export function renderPolicyViews(views: readonly View[]): readonly string[] {
  return views.filter(isBehindPolicies).flatMap((view) => [`set local role ${roleText(view.owner)};`, renderView(view)])
}

/** Puts another select, other grants into a view that row policies read: they keep it. */
export function renderReplacedView(from: View, to: View): string {
  const kept = new Set(to.grants.map((grant) => renderGrant(to, grant)))
  const revokes = from.grants
    .filter((grant) => !kept.has(renderGrant(to, grant)))
    .map((grant) => `revoke ${grant.privilege} on ${tableText(to)} from ${roleText(grant.to)};`)
  return [`set local role ${roleText(to.owner)};`, renderView(to, 'create or replace view'), ...revokes].join('\n')
}

/** True for the select of an author's. */
export function isSelect(view: View): boolean {
  return view.report !== undefined
}

/** A view with its comments and grants, for whoever is its owner. */
export function renderView(view: View, create: 'create view' | 'create or replace view' = 'create view'): string {
  const options = [
    ...(view.securityBarrier ? ['security_barrier'] : []),
    ...(view.securityInvoker === true ? ['security_invoker'] : []),
  ]
  const barrier = options.length === 0 ? '' : ` with (${options.join(', ')})`
  const on = tableText(view)
  return [
    `-- ${commentText(`${view.entity}: ${isSelect(view) ? 'select' : 'view'}`)}`,
    // Within brackets a text cannot be more than a query.
    `${create} ${on}${barrier} as (\n${view.definition}\n);`,
    ...(view.comment === null ? [] : [`comment on view ${on} is ${quoteLiteral(view.comment)};`]),
    ...view.columns.flatMap(({ name, comment }) =>
      comment === null ? [] : [`comment on column ${on}.${quoteIdentifier(name)} is ${quoteLiteral(comment)};`],
    ),
    ...view.grants.map((grant) => renderGrant(view, grant)),
  ].join('\n')
}

/** Takes views away, the last made first, as their owners. */
export function renderDroppedViews(views: readonly View[]): readonly string[] {
  return [...views]
    .reverse()
    .flatMap((view) =>
      isTheirs(view)
        ? renderLettingGo(view)
        : [`set local role ${roleText(view.owner)};`, `drop view ${tableText(view)};`],
    )
}
