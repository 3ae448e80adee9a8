import { type Entity, type Model, tenantColumnOf } from '#schema'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'
import { type Fence, fencePolicies, platformPolicies } from './shared-fence.ts'

/** A policy that lets through rows whatever rules say, and whom. */
export interface Door {
  readonly policy: string
  readonly roles: readonly string[]
}

/** A table or view that a request could touch, and what fences it. */
export interface ExposedRelation {
  readonly schema: string
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  readonly row_security: boolean
  readonly force: boolean
  readonly invoker: boolean
  readonly barrier: boolean
  readonly has_tenant_column: boolean
  /** Names of its policies but those that pin the tenant and those for roles of Rowhouse itself. */
  readonly policies: readonly string[]
  readonly tenant_policy: TenantPolicy | null
  readonly fences: readonly Fence[]
  /** Whom its policies for roles of Rowhouse itself are for, as far as they let rows through. */
  readonly doors: readonly Door[]
  /** Who was given anything on it, quoted. */
  readonly grantees: readonly string[]
}

/** Policy `tenant` of a relation. */
export interface TenantPolicy {
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

/** Relations that one of the roles may touch: those of schema `app`, adopted ones, and views over them. */
export function readExposedRelations(
  client: Queryable,
  roles: readonly RequestRole[],
  model: Model,
): Promise<readonly ExposedRelation[]> {
  const adopted = model.entities.filter(({ schema }) => schema !== 'app')
  return readRows<ExposedRelation>(
    client,
    sql`
    with recursive ${adoptedRelations(adopted)}, ${viewsShowing}
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, c.relrowsecurity as row_security, c.relforcerowsecurity as force,
      ${hasOption('security_invoker')} as invoker,
      ${hasOption('security_barrier')} as barrier,
      exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      ) as has_tenant_column,
      array(
        select p.polname::text from pg_policy p where p.polrelid = c.oid and p.polname <> all (${sql.value([...fencePolicies, ...platformPolicies])}::text[])
      ) as policies,
      ${tenantPolicy(adopted)} as tenant_policy,
      ${fences} as fences,
      (
        select coalesce(json_agg(json_build_object('policy', p.polname, 'roles', array(
          select coalesce(r.rolname::text, 'public') from unnest(p.polroles) o left join pg_roles r on r.oid = o
        )) order by p.polname), '[]')
        from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polname = any (${sql.value(platformPolicies)}::text[])
      ) as doors,
      array(
        select distinct coalesce(quote_ident(r.rolname), 'public') from (${grantees}) g (grantee)
        left join pg_roles r on r.oid = g.grantee where g.grantee <> c.relowner order by 1
      ) as grantees
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and (
      n.nspname = 'app' or c.oid in (select oid from adopted) or (
        n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('v', 'm') and c.oid in (select oid from showing)
      ))
      and exists (
        select from (${grantees} union all select c.relowner) touched (grantee)
        where touched.grantee = 0 or touched.grantee::text = any (${sql.value(roles.map((role) => role.oid))})
      )
    order by n.nspname, c.relname`,
  )
}

function adoptedRelations(adopted: readonly Entity[]) {
  const known = sql.value(adopted.map(({ schema, table }) => JSON.stringify([schema, table])))
  return sql`adopted as (
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where json_build_array(n.nspname, c.relname)::jsonb in (select given::jsonb from unnest(${known}::text[]) given)
    )`
}

/** Adopted tables, views over them, and over such views. */
const viewsShowing = sql`showing (oid) as (
      select oid from adopted
      union
      select w.ev_class from showing
      join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = showing.oid and d.classid = 'pg_rewrite'::regclass
      join pg_rewrite w on w.oid = d.objid
    )`

function hasOption(name: 'security_invoker' | 'security_barrier') {
  return sql`coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = ${sql.value(name)}
      ), false)`
}

function tenantPolicy(adopted: readonly Entity[]) {
  const tenants = sql.value(
    JSON.stringify(adopted.map((entity) => [entity.schema, entity.table, tenantColumnOf(entity)])),
  )
  return sql`(
        select json_build_object('restrictive', not p.polpermissive, 'all', p.polcmd = '*', 'everyone', p.polroles = '{0}',
          'wanted', '(' || quote_ident(coalesce((
            select given ->> 2 from jsonb_array_elements(${tenants}::jsonb) given
            where given ->> 0 = n.nspname and given ->> 1 = c.relname
          ), 'tenant_id')) || ${sql.value(tenantIsCallers)}::text,
          'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))
        from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant'
      )`
}

const fences = sql`(
        select coalesce(json_agg(json_build_object('name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
          'everyone', p.polroles = '{0}', 'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))), '[]')
        from pg_policy p where p.polrelid = c.oid and p.polname = any (${sql.value(fencePolicies)}::text[])
      )`

/** Whoever was given anything on the relation or a column of it, 0 being everybody. */
const grantees = sql`
          select x.grantee from aclexplode(c.relacl) x
          union
          select x.grantee from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped
        `
