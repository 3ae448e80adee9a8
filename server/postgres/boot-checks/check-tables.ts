import { quoteIdentifier } from '#base'
import { type Catalog, type PlatformRoles, renderPolicy, replacePlaceholders } from '#migrations'
import { type Entity, hasTenant, isReadOnly, isShared, type Model, ruleCovers, rulesFor, tenantColumnOf } from '#schema'
import type { BootProblem } from './boot-problem.ts'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'
import { type Fence, fencePolicies, pinsShared } from './shared-fence.ts'

interface Relation {
  readonly schema: string
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  readonly row_security: boolean
  readonly force: boolean
  readonly invoker: boolean
  readonly barrier: boolean
  readonly has_tenant_column: boolean
  /** Names of its policies but `tenant`, `private` and `reports`. */
  readonly policies: readonly string[]
  readonly tenant_policy: TenantPolicy | null
  readonly fences: readonly Fence[]
  /** Whom policy `private`, which lets through every row, is for; null without it. */
  readonly private_roles: readonly string[] | null
  /** Who was given anything on it, quoted. */
  readonly grantees: readonly string[]
}

interface TenantPolicy {
  readonly restrictive: boolean
  readonly all: boolean
  readonly everyone: boolean
  /** As Postgres prints a pin on the entity's own column. */
  readonly wanted: string
  readonly using: string | null
  readonly check: string | null
}

/** What pins the tenant, as Postgres prints it, from 15 to 18, with an empty search path. */
const tenantIsCallers = ' = ( SELECT rowhouse.tenant_id() AS tenant_id))'

/**
 * Every relation of schema `app` that a request could touch must be fenced, also those that Rowhouse did not make, and so must the
 * tables that the model adopts, and views over them.
 *
 * @param client in a transaction whose `search_path` is empty
 */
export async function checkTables(
  client: Queryable,
  { model, names, catalog }: { readonly model: Model; readonly names: PlatformRoles; readonly catalog: Catalog },
  roles: readonly RequestRole[],
): Promise<readonly BootProblem[]> {
  const entities = new Map(model.entities.map((entity) => [`${entity.schema}.${entity.table}`, entity]))
  const relations = await readExposedRelations(client, roles, model)
  return relations.flatMap((relation) =>
    [
      ...faults(relation, entities.get(`${relation.schema}.${relation.name}`) ?? null, model),
      ...openDoor(relation, names),
    ].map((fault) => ({
      code: 'TABLE_UNPROTECTED' as const,
      object: `${relation.schema}.${relation.name}`,
      message: `${kindNames[relation.kind]} "${relation.schema}.${relation.name}" ${fault}.`,
      hint: 'Run `rowhouse migrate`; if Rowhouse did not make it, move it out of the schema or revoke every right on it.',
      fix: mend(fault, relation, { names, catalog }),
    })),
  )
}

/** What mends each fault; policies are those of the catalog. */
function mend(
  fault: string,
  { schema, name, grantees }: Relation,
  { names, catalog }: { readonly names: PlatformRoles; readonly catalog: Catalog },
): readonly string[] {
  const place =
    schema === 'app' ? `app.${quoteIdentifier(name)}` : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const table = catalog.tables.find((one) => one.schema === schema && one.name === name)
  const policy = (wanted: (name: string) => boolean) =>
    (table?.policies ?? [])
      .filter((one) => wanted(one.name))
      .flatMap((one) => [
        `drop policy if exists ${quoteIdentifier(one.name)} on ${place};`,
        replacePlaceholders(renderPolicy(table!, one), names),
      ])
  if (fault === faultNames.barrier) return [`alter view ${place} set (security_barrier = true);`]
  if (fault.startsWith('reads with')) return [`alter view ${place} set (security_invoker = true);`]
  // Nobody knows what it is for, so nobody is let in.
  if (table === undefined) {
    const revoke = grantees.length === 0 ? [] : [`revoke all on ${place} from ${grantees.join(', ')};`]
    return [...revoke, `alter table ${place} owner to ${quoteIdentifier(names.owner)};`]
  }
  if (fault === faultNames.off) return [`alter table ${place} enable row level security;`]
  if (fault === faultNames.force) return [`alter table ${place} force row level security;`]
  if (fault === faultNames.policies)
    return policy((one) => !fencePolicies.includes(one) && one !== 'private' && one !== 'reports')
  if (fault === faultNames.tenant) return policy((one) => fencePolicies.includes(one))
  return [`alter policy private on ${place} to ${quoteIdentifier(names.private)};`]
}

const faultNames = {
  off: 'has row security off',
  force: 'does not force row security on its owner',
  policies: 'has no policy of a rule',
  barrier: 'lets filters of a request run before its rules (no security_barrier)',
  tenant: 'has no restrictive policy that pins the tenant',
} as const

const kindNames = { r: 'Table', p: 'Table', v: 'View', m: 'Materialized view', f: 'Foreign table' } as const

function faults(relation: Relation, entity: Entity | null, model: Model): readonly string[] {
  if (relation.kind === 'm' || relation.kind === 'f') return ['cannot have row security, but a request may touch it']
  // The rules of a report are in the view itself, and its select reads as a role that the tenant is pinned for.
  if (relation.kind === 'v' && entity !== null && isReadOnly(entity))
    return relation.barrier ? [] : [faultNames.barrier]
  if (relation.kind === 'v') return relation.invoker ? [] : ["reads with its owner's rights (no security_invoker)"]
  const found: string[] = []
  if (!relation.row_security) found.push(faultNames.off)
  if (!relation.force) found.push(faultNames.force)
  if (relation.policies.length === 0 && !mayLackPolicies(entity, model)) found.push(faultNames.policies)
  const tenant = entity === null ? relation.has_tenant_column : hasTenant(entity)
  const isPinned =
    entity !== null && isShared(entity) ? pinsShared(relation.fences) : pinsTenant(relation.tenant_policy)
  if (tenant && !isPinned) found.push(faultNames.tenant)
  return found
}

// Definer functions see every row of a tenant through it, so nobody else may.
function openDoor({ private_roles: roles }: Relation, names: PlatformRoles): readonly string[] {
  if (roles === null || roles.every((name) => name === names.private)) return []
  return [`lets through every row to ${roles.map((name) => `"${name}"`).join(', ')} by its policy "private"`]
}

// An entity whose rules speak of other verbs alone has no policy: nobody reads or writes it directly.
function mayLackPolicies(entity: Entity | null, model: Model): boolean {
  if (entity === null) return false
  const direct = ['read', 'create', 'update', 'delete']
  return !rulesFor(model, entity).some((rule) => ruleCovers(entity, rule, ...direct))
}

function pinsTenant(policy: TenantPolicy | null): boolean {
  if (policy === null || !policy.restrictive || !policy.all || !policy.everyone) return false
  return policy.using === policy.wanted && (policy.check === null || policy.check === policy.wanted)
}

function readExposedRelations(
  client: Queryable,
  roles: readonly RequestRole[],
  model: Model,
): Promise<readonly Relation[]> {
  const adopted = model.entities.filter(({ schema }) => schema !== 'app')
  const known = sql.value(adopted.map(({ schema, table }) => JSON.stringify([schema, table])))
  const tenants = sql.value(
    JSON.stringify(adopted.map((entity) => [entity.schema, entity.table, tenantColumnOf(entity)])),
  )
  return readRows<Relation>(
    client,
    sql`
    with recursive adopted as (
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where json_build_array(n.nspname, c.relname)::jsonb in (select given::jsonb from unnest(${known}::text[]) given)
    ), showing (oid) as (
      -- Views over adopted tables, and over such views.
      select oid from adopted
      union
      select w.ev_class from showing
      join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = showing.oid and d.classid = 'pg_rewrite'::regclass
      join pg_rewrite w on w.oid = d.objid
    )
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, c.relrowsecurity as row_security, c.relforcerowsecurity as force,
      coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'
      ), false) as invoker,
      coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_barrier'
      ), false) as barrier,
      exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      ) as has_tenant_column,
      array(
        select p.polname::text from pg_policy p where p.polrelid = c.oid and p.polname <> all (${sql.value([...fencePolicies, 'private', 'reports'])}::text[])
      ) as policies,
      (
        select json_build_object('restrictive', not p.polpermissive, 'all', p.polcmd = '*', 'everyone', p.polroles = '{0}',
          'wanted', '(' || quote_ident(coalesce((
            select given ->> 2 from jsonb_array_elements(${tenants}::jsonb) given
            where given ->> 0 = n.nspname and given ->> 1 = c.relname
          ), 'tenant_id')) || ${sql.value(tenantIsCallers)}::text,
          'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))
        from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant'
      ) as tenant_policy,
      (
        select coalesce(json_agg(json_build_object('name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
          'everyone', p.polroles = '{0}', 'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))), '[]')
        from pg_policy p where p.polrelid = c.oid and p.polname = any (${sql.value(fencePolicies)}::text[])
      ) as fences,
      (
        select array(
          select coalesce(r.rolname::text, 'public') from unnest(p.polroles) o left join pg_roles r on r.oid = o
        ) from pg_policy p where p.polrelid = c.oid and p.polname = 'private'
      ) as private_roles,
      array(
        select distinct coalesce(quote_ident(r.rolname), 'public') from (
          select x.grantee from aclexplode(c.relacl) x
          union
          select x.grantee from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped
        ) g left join pg_roles r on r.oid = g.grantee where g.grantee <> c.relowner order by 1
      ) as grantees
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and (
      n.nspname = 'app' or c.oid in (select oid from adopted) or (
        n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('v', 'm') and c.oid in (select oid from showing)
      ))
      and exists (
        select from (
          select x.grantee from aclexplode(c.relacl) x
          union all
          select x.grantee from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped
          union all
          select c.relowner
        ) touched
        where touched.grantee = 0 or touched.grantee::text = any (${sql.value(roles.map((role) => role.oid))})
      )
    order by n.nspname, c.relname`,
  )
}
