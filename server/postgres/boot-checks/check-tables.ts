import type { PlatformRoles } from '#migrations'
import { type Entity, hasTenant, type Model } from '#schema'
import type { BootProblem } from './boot-problem.ts'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'

interface Relation {
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  readonly row_security: boolean
  readonly force: boolean
  readonly invoker: boolean
  readonly has_tenant_column: boolean
  /** Names of its policies but `tenant` and `private`. */
  readonly policies: readonly string[]
  readonly tenant_policy: TenantPolicy | null
  /** Whom policy `private`, which lets through every row, is for; null without it. */
  readonly private_roles: readonly string[] | null
}

interface TenantPolicy {
  readonly restrictive: boolean
  readonly all: boolean
  readonly everyone: boolean
  readonly using: string | null
  readonly check: string | null
}

/** As Postgres prints it, from 15 to 18, with an empty search path. */
const tenantCondition = '(tenant_id = ( SELECT rowhouse.tenant_id() AS tenant_id))'

/**
 * Every relation of schema `app` that a request could touch must be fenced, also those that Rowhouse did not make.
 *
 * @param client in a transaction whose `search_path` is empty
 */
export async function checkTables(
  client: Queryable,
  { model, names }: { readonly model: Model; readonly names: PlatformRoles },
  roles: readonly RequestRole[],
): Promise<readonly BootProblem[]> {
  const relations = await readExposedRelations(client, roles)
  const entities = new Map(model.entities.map((entity) => [entity.table, entity]))
  return relations.flatMap((relation) =>
    [...faults(relation, entities.get(relation.name) ?? null, model), ...openDoor(relation, names)].map((fault) => ({
      code: 'TABLE_UNPROTECTED' as const,
      object: `app.${relation.name}`,
      message: `${kindNames[relation.kind]} "app.${relation.name}" ${fault}.`,
      hint: 'Run `rowhouse migrate`; if Rowhouse did not make it, move it out of schema "app" or revoke every right on it.',
    })),
  )
}

const kindNames = { r: 'Table', p: 'Table', v: 'View', m: 'Materialized view', f: 'Foreign table' } as const

function faults(relation: Relation, entity: Entity | null, model: Model): readonly string[] {
  if (relation.kind === 'm' || relation.kind === 'f') return ['cannot have row security, but a request may touch it']
  if (relation.kind === 'v') return relation.invoker ? [] : ["reads with its owner's rights (no security_invoker)"]
  const found: string[] = []
  if (!relation.row_security) found.push('has row security off')
  if (!relation.force) found.push('does not force row security on its owner')
  if (relation.policies.length === 0 && !mayLackPolicies(entity, model)) found.push('has no policy of a rule')
  const tenant = entity === null ? relation.has_tenant_column : hasTenant(entity)
  if (tenant && !pinsTenant(relation.tenant_policy)) found.push('has no restrictive policy that pins the tenant')
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
  const rules = model.policies.find((policy) => policy.entity === entity.name)?.rules ?? []
  const direct = ['read', 'create', 'update', 'delete']
  return !rules.some((rule) => rule.verbs === 'anything' || rule.verbs.some((verb) => direct.includes(verb)))
}

function pinsTenant(policy: TenantPolicy | null): boolean {
  if (policy === null || !policy.restrictive || !policy.all || !policy.everyone) return false
  return policy.using === tenantCondition && (policy.check === null || policy.check === tenantCondition)
}

function readExposedRelations(client: Queryable, roles: readonly RequestRole[]): Promise<readonly Relation[]> {
  return readRows<Relation>(
    client,
    sql`
    select c.relname as name, c.relkind::text as kind, c.relrowsecurity as row_security, c.relforcerowsecurity as force,
      coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'
      ), false) as invoker,
      exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      ) as has_tenant_column,
      array(
        select p.polname::text from pg_policy p where p.polrelid = c.oid and p.polname not in ('tenant', 'private')
      ) as policies,
      (
        select json_build_object('restrictive', not p.polpermissive, 'all', p.polcmd = '*', 'everyone', p.polroles = '{0}',
          'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))
        from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant'
      ) as tenant_policy,
      (
        select array(
          select coalesce(r.rolname::text, 'public') from unnest(p.polroles) o left join pg_roles r on r.oid = o
        ) from pg_policy p where p.polrelid = c.oid and p.polname = 'private'
      ) as private_roles
    from pg_class c
    where c.relnamespace = to_regnamespace('app') and c.relkind in ('r', 'p', 'v', 'm', 'f')
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
    order by c.relname`,
  )
}
