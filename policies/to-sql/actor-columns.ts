import { Bug, type Sql, sql, unreachable } from '#base'
import { type Audience, type Entity, keyColumnsOf, tenantColumnOf } from '#schema'
import { allOf } from './all-of.ts'
import { keptSql, liveSql } from './live-row.ts'
import { actorValueOf, type ModelIndex, tableSql } from './model-index.ts'
import { ownQuery } from './own-query.ts'
import { ofTenant } from './related-rows.ts'
import { type ActorSource, momentOf, namedRow, type RequestFact, type Scope, typedText } from './scope.ts'
import { reachQuery } from './set-query.ts'
import { mayToSql } from './verb-to-sql.ts'

/**
 * Callers as rows: `$1` is JSON, a list of
 * `{ actor, id, tenant_id, roles, claims, request: { ip, mfa, signedInAt } }`. `actor` is any name that tells them apart, `roles` is null for
 * visitors, claims are texts by their name in the model, `signedInAt` is in seconds since 1970. What is left out is lacking.
 */
export const actorsFromJson: Sql = sql`jsonb_to_recordset($1::jsonb) as a(actor text, id uuid, tenant_id uuid, roles text[], claims jsonb, request jsonb)`

/**
 * The callers of {@link actorsFromJson}, many at once. Nothing of the transaction that asks is read, but its clock: whoever may
 * see the rows of all of their tenants runs it.
 */
export function actorColumns(index: ModelIndex): ActorSource {
  const source: ActorSource = {
    id: () => sql`a.id`,
    claim: (name, type) => typedText(claimOf(name), type),
    hasClaim: (name) => sql`${claimOf(name)} is not null`,
    own(name) {
      const value = actorValueOf(index, name)
      if (value.kind !== 'own') throw new Bug(`"${name}" is no value of the caller's own row.`)
      return sql`(${ownQuery(value, index, { actor: source, tenant: sql`a.tenant_id` })})`
    },
    reach(name) {
      const value = actorValueOf(index, name)
      if (value.kind !== 'reach') throw new Bug(`"${name}" is no reach set.`)
      return sql`array(${reachQuery(value, index, { actor: source, tenant: sql`a.tenant_id` })})`
    },
    tenantId: () => sql`a.tenant_id`,
    isAmong: (audience) => isAmong(audience, index),
    request: requestOf,
  }
  return source
}

/**
 * A select of all pairs (`actor text`, `row jsonb`: the columns of its key as a list) of callers and rows of their tenants that they may do
 * the verb on, as the rules say it: live rows, of `restore` removed ones. Its parameter is that of {@link actorsFromJson}.
 */
export function mayForActorsSql(entity: Entity, verb: string, index: ModelIndex): Sql {
  const row = namedRow('t0')
  const tenant = sql`a.tenant_id`
  const scope: Scope = { index, entity, row, actor: actorColumns(index), related: 'inline', depth: 0, tenant }
  const key = keyColumnsOf(entity, index.entities).map(({ column }) => row.column(column))
  const state = verb === 'restore' ? sql`not (${keptSql(entity, row)})` : liveSql(entity, row, index)
  // Our rows are read by everybody, but changed by nobody else.
  const isOwn =
    entity.tenancy === 'shared' && verb !== 'read' ? [sql`${row.column(tenantColumnOf(entity)!)} = ${tenant}`] : []
  const tests = allOf([...ofTenant(entity, row, scope), ...isOwn, state, mayToSql(verb, scope)])
  return sql`select a.actor, jsonb_build_array(${sql.join(key, ', ')}) as "row" from ${actorsFromJson}, ${tableSql(entity)} t0 where ${tests}`
}

function claimOf(name: string): Sql {
  // As in a transaction, where what is empty is not there.
  return sql`nullif(a.claims->>${sql.literal(name)}, '')`
}

function isAmong(audience: Audience, { model }: ModelIndex): Sql {
  switch (audience.kind) {
    case 'everyone':
      return sql`true`
    case 'signedIn':
      return sql`(a.roles is not null)`
    case 'roles':
      return hasOneOf(withIncluders(audience.roles, model.roles))
    case 'except':
      return sql`not ${hasOneOf(withIncluders(audience.roles, model.roles))}`
    default:
      return unreachable(audience)
  }
}

function hasOneOf(roles: readonly string[]): Sql {
  const names = sql.join(
    roles.map((role) => sql.literal(role)),
    ', ',
  )
  return sql`coalesce(a.roles && array[${names}]::text[], false)`
}

/** The roles, and those that include one of them. */
function withIncluders(
  roles: readonly string[],
  known: readonly { readonly name: string; readonly includes: readonly string[] }[],
): readonly string[] {
  const all = new Set(roles)
  for (let before = -1; before !== all.size; ) {
    before = all.size
    for (const { name, includes } of known) if (includes.some((each) => all.has(each))) all.add(name)
  }
  return [...all].sort()
}

function requestOf(on: RequestFact): Sql {
  switch (on) {
    case 'ip':
      return sql`(nullif(a.request->>'ip', '')::inet)`
    case 'mfa':
      return sql`coalesce((a.request->>'mfa')::boolean, false)`
    case 'signedInFor':
      return sql`(extract(epoch from now())::double precision - (a.request->>'signedInAt')::double precision)`
    case 'hour':
    case 'weekday':
      return momentOf(on)
    default:
      return unreachable(on)
  }
}
