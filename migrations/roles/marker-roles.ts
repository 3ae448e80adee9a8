import type pg from 'pg'
import { OperatorError, snakeCase, sql } from '#base'
import { send } from '../connect/send.ts'
import { appRoleName, type PlatformRoles } from './platform-roles.ts'

/** A marker role as the cluster has it, with the app roles that keep a role set out of it; names of Postgres. */
export interface Marker {
  readonly name: string
  readonly except: readonly string[]
}

/** What the names of an app's marker roles begin with. No app role is called so. */
export function markerPrefix({ prefix }: Pick<PlatformRoles, 'prefix'>): string {
  return `${prefix}_not_`
}

/** Comment of a marker role: what it holds for, in words that {@link readMarkers} reads back. */
export function markerComment(except: readonly string[]): string {
  return `Everyone, visitors too, but ${except.map(snakeCase).join(', ')}.`
}

/** The marker roles of a cluster. Those of rules that are gone stay, because roles serve several databases; no policy names them. */
export async function readMarkers(client: pg.ClientBase, names: PlatformRoles): Promise<readonly Marker[]> {
  const rows = await send<{ readonly name: string; readonly comment: string | null }>(
    client,
    sql`select rolname::text as name, pg_catalog.shobj_description(oid, 'pg_authid') as comment
        from pg_catalog.pg_roles where starts_with(rolname::text, ${sql.value(markerPrefix(names))}) order by 1`,
  )
  return rows.map(({ name, comment }) => ({ name, except: exceptedIn(name, comment, names) }))
}

function exceptedIn(name: string, comment: string | null, names: PlatformRoles): readonly string[] {
  const [, list] = /^Everyone, visitors too, but ([a-z0-9_]+(?:, [a-z0-9_]+)*)\.$/.exec(comment ?? '') ?? []
  if (list !== undefined) return list.split(', ').map((role) => appRoleName(names, role))
  throw new OperatorError(
    'ROLE_UNSAFE',
    `The comment of the role "${name}" no longer says for whom it holds.`,
    'As an administrator: drop it if nothing uses it, or let `rowhouse migrate` write the comment again.',
  )
}

interface Place {
  readonly set: string
  readonly marker: string
}

/**
 * Makes every role set a member of exactly the marker roles that hold for it: it has none of the excepted roles, nor one that includes
 * one. Sets that are older than a marker join it here, before a policy names it.
 *
 * @returns whether anything changed
 * @throws ROLE_UNSAFE where a membership that must go was given by somebody else
 */
export async function alignMarkers(client: pg.ClientBase, names: PlatformRoles): Promise<boolean> {
  const markers = await readMarkers(client, names)
  if (markers.length === 0) return false
  const lacking = await misplaced(client, names, { markers, wanted: true })
  const extra = await misplaced(client, names, { markers, wanted: false })
  for (const { set, marker } of lacking) {
    await send(client, sql`grant ${sql.identifier(marker)} to ${sql.identifier(set)}`)
  }
  for (const { set, marker } of extra) {
    await send(client, sql`revoke ${sql.identifier(marker)} from ${sql.identifier(set)}`)
  }
  const [left] = extra.length === 0 ? [] : await misplaced(client, names, { markers, wanted: false })
  if (left !== undefined) throw stubborn(left)
  return lacking.length + extra.length > 0
}

/** Sets that lack a marker that holds for them (`wanted`), or that are in one that does not. */
async function misplaced(
  client: pg.ClientBase,
  names: PlatformRoles,
  { markers, wanted }: { readonly markers: readonly Marker[]; readonly wanted: boolean },
): Promise<readonly Place[]> {
  const pairs = markers.flatMap(({ name, except }) => except.map((role) => ({ marker: name, role })))
  return send<Place>(
    client,
    sql`
    with recursive marker as (
      select marker, array_agg(role) as except
      from unnest(${sql.value(pairs.map(({ marker }) => marker))}::text[], ${sql.value(pairs.map(({ role }) => role))}::text[]) p (marker, role)
      group by marker
    ), held (set, oid) as (
      select oid, oid from pg_catalog.pg_roles where rolname ~ ${sql.value(`^${names.prefix}_set_[0-9a-f]{12}$`)}
      union
      select held.set, m.roleid from held join pg_catalog.pg_auth_members m on m.member = held.oid
    ), given as (
      select set, array_agg(r.rolname::text) as roles from held join pg_catalog.pg_roles r on r.oid = held.oid group by set
    )
    select pg_catalog.pg_get_userbyid(given.set)::text as set, marker.marker as marker from given cross join marker
    where (not given.roles && marker.except) = ${sql.value(wanted)}
      and ((marker.marker = any (given.roles)) <> ${sql.value(wanted)})
    order by 1, 2`,
  )
}

function stubborn({ set, marker }: Place): OperatorError {
  return new OperatorError(
    'ROLE_UNSAFE',
    `The role set "${set}" is a member of "${marker}", which does not hold for it, by somebody else's grant.`,
    `As an administrator: drop role "${set}"; it is made again when it is needed.`,
  )
}

/** The markers of a cluster that hold for a set of app roles. @param roles names of Postgres, those that they include left out */
export async function markersFor(
  client: pg.ClientBase,
  names: PlatformRoles,
  roles: readonly string[],
): Promise<readonly string[]> {
  const markers = await readMarkers(client, names)
  if (markers.length === 0) return []
  const rows = await send<{ readonly name: string }>(
    client,
    sql`
    with recursive held (oid) as (
      select oid from pg_catalog.pg_roles where rolname::text = any (${sql.value(roles)})
      union
      select m.roleid from held join pg_catalog.pg_auth_members m on m.member = held.oid
    )
    select rolname::text as name from held join pg_catalog.pg_roles r on r.oid = held.oid`,
  )
  const held = new Set(rows.map(({ name }) => name))
  return markers.filter(({ except }) => !except.some((role) => held.has(role))).map(({ name }) => name)
}
