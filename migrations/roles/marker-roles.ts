import type pg from 'pg'
import { fitIdentifier, OperatorError, type Sql, snakeCase, sql } from '#base'
import { signedInWord, type WhoHolds } from '#policies'
import { send } from '../connect/send.ts'
import { appRoleName, type PlatformRoles } from './platform-roles.ts'

/** A marker role as the cluster has it: whoever has all of some roles is in it, and has none of others; names of Postgres. */
export interface Marker {
  readonly name: string
  /** None: visitors are in it too. */
  readonly all: readonly string[]
  readonly except: readonly string[]
}

/** A pattern of Postgres for the names of an app's marker roles. No app role is called so. */
export function markerPattern({ prefix }: Pick<PlatformRoles, 'prefix'>): string {
  return `^${prefix}_(not|both)_`
}

/** Whether a role is a marker of the app, by its name. */
export function isMarkerName(names: Pick<PlatformRoles, 'prefix'>, role: string): boolean {
  return new RegExp(markerPattern(names)).test(role)
}

/** Comment of a marker role: what it holds for, in words that {@link readMarkers} reads back. */
export function markerComment({ all, except }: WhoHolds): string {
  const who = all.length === 0 ? ', visitors too,' : ` with ${all.map(snakeCase).join(', ')}`
  if (except.length === 0) return `Everyone${who}.`
  return `Everyone${who}${all.length === 0 ? '' : ','} but ${except.map(snakeCase).join(', ')}.`
}

/** The marker roles of a cluster. Those of rules that are gone stay, because roles serve several databases; no policy names them. */
export async function readMarkers(client: pg.ClientBase, names: PlatformRoles): Promise<readonly Marker[]> {
  const rows = await send<{ readonly name: string; readonly comment: string | null }>(
    client,
    sql`select rolname::text as name, pg_catalog.shobj_description(oid, 'pg_authid') as comment
        from pg_catalog.pg_roles where rolname::text ~ ${sql.value(markerPattern(names))} order by 1`,
  )
  return rows.map(({ name, comment }) => {
    const holds = heldIn(comment)
    // Whoever wrote another comment would decide who is in it.
    if (holds === null || markerName(names, holds) !== name) throw unreadable(name)
    return { name, all: roleNames(names, holds.all), except: roleNames(names, holds.except) }
  })
}

/** Who a marker role holds for, as its comment says; names in snake case. */
function heldIn(comment: string | null): WhoHolds | null {
  const list = '([a-z0-9_]+(?:, [a-z0-9_]+)*)'
  const pattern = new RegExp(`^Everyone(?:, visitors too, but ${list}| with ${list}(?:, but ${list})?)\\.$`)
  const [, excepted, all, but] = pattern.exec(comment ?? '') ?? []
  if (excepted === undefined && all === undefined) return null
  return { all: all?.split(', ') ?? [], except: (excepted ?? but)?.split(', ') ?? [] }
}

function markerName({ prefix }: PlatformRoles, { all, except }: WhoHolds): string {
  const words = all.length === 0 ? ['not_'] : ['both_', ...all]
  const without = all.length === 0 ? except : except.map((role) => `not_${role}`)
  const [kind, ...named] = [...words, ...without]
  return fitIdentifier(`${prefix}_${kind}${named.join('__')}`)
}

function roleNames(names: PlatformRoles, roles: readonly string[]): readonly string[] {
  return roles.map((role) => (role === signedInWord ? names.member : appRoleName(names, role)))
}

function unreadable(name: string): OperatorError {
  return new OperatorError(
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
 * Makes every role set a member of exactly the marker roles that hold for it: it has all of their roles and none of the excepted ones,
 * those that its roles include counted. Sets that are older than a marker join it here, before a policy names it.
 *
 * @returns whether anything changed
 * @throws ROLE_UNSAFE where a membership that must go was given by somebody else
 */
export async function alignMarkers(client: pg.ClientBase, names: PlatformRoles): Promise<boolean> {
  const markers = await readMarkers(client, names)
  if (markers.length === 0) return false
  const lacking = await misplaced(client, names, { markers, wanted: true })
  const extra = await misplaced(client, names, { markers, wanted: false })
  for (const [marker, sets] of byMarker(lacking)) await send(client, sql`grant ${sql.identifier(marker)} to ${sets}`)
  for (const [marker, sets] of byMarker(extra)) await send(client, sql`revoke ${sql.identifier(marker)} from ${sets}`)
  const [left] = extra.length === 0 ? [] : await misplaced(client, names, { markers, wanted: false })
  if (left !== undefined) throw stubborn(left)
  return lacking.length + extra.length > 0
}

function byMarker(places: readonly Place[]): readonly (readonly [marker: string, sets: Sql])[] {
  const markers = [...new Set(places.map(({ marker }) => marker))]
  return markers.map((marker) => {
    const sets = places.filter((place) => place.marker === marker).map(({ set }) => sql.identifier(set))
    return [marker, sql.join(sets, ', ')]
  })
}

/** Sets that lack a marker that holds for them (`wanted`), or that are in one that does not. */
async function misplaced(
  client: pg.ClientBase,
  names: PlatformRoles,
  { markers, wanted }: { readonly markers: readonly Marker[]; readonly wanted: boolean },
): Promise<readonly Place[]> {
  return send<Place>(
    client,
    sql`
    with recursive marker as (
      select m ->> 'name' as marker, array(select jsonb_array_elements_text(m -> 'all')) as has,
        array(select jsonb_array_elements_text(m -> 'except')) as except
      from jsonb_array_elements(${sql.value(JSON.stringify(markers))}::jsonb) m
    ), held (set, oid) as (
      select oid, oid from pg_catalog.pg_roles where rolname ~ ${sql.value(`^${names.prefix}_set_[0-9a-f]{12}$`)}
      union
      select held.set, m.roleid from held join pg_catalog.pg_auth_members m on m.member = held.oid
    ), given as (
      select set, array_agg(r.rolname::text) as roles from held join pg_catalog.pg_roles r on r.oid = held.oid group by set
    )
    select pg_catalog.pg_get_userbyid(given.set)::text as set, marker.marker as marker from given cross join marker
    where (given.roles @> marker.has and not given.roles && marker.except) = ${sql.value(wanted)}
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
  const held = new Set([names.member, ...rows.map(({ name }) => name)])
  const holds = ({ all, except }: Marker) =>
    all.every((role) => held.has(role)) && !except.some((role) => held.has(role))
  return markers.filter(holds).map(({ name }) => name)
}
