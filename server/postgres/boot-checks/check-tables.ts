import { quoteIdentifier } from '#base'
import { type Catalog, type PlatformRoles, renderPolicy, replacePlaceholders } from '#migrations'
import { type Entity, hasTenant, isReadOnly, isShared, type Model, ruleCovers, rulesFor } from '#schema'
import type { BootProblem } from './boot-problem.ts'
import type { Queryable } from './query.ts'
import { type ExposedRelation, readExposedRelations, type TenantPolicy } from './read-exposed-relations.ts'
import type { RequestRole } from './request-roles.ts'
import { fencePolicies, pinsShared, platformPolicies } from './shared-fence.ts'

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
  const named = new Map(model.entities.map((entity) => [entity.name, entity]))
  const entities = new Map([
    ...model.entities.map((entity) => [`${entity.schema}.${entity.table}`, entity] as const),
    // A face is fenced as the table behind it is.
    ...catalog.tables.flatMap(({ schema, name, entity, face }) => {
      const of = face === undefined ? undefined : named.get(entity)
      return of === undefined ? [] : [[`${schema}.${name}`, of] as const]
    }),
  ])
  const relations = await readExposedRelations(client, roles, model)
  return relations.flatMap((relation) =>
    [
      ...faults(relation, entities.get(`${relation.schema}.${relation.name}`) ?? null, model),
      ...openDoors(relation, names),
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
  { schema, name, grantees }: ExposedRelation,
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
    return policy((one) => !fencePolicies.includes(one) && !platformPolicies.includes(one))
  if (fault === faultNames.tenant) return policy((one) => fencePolicies.includes(one))
  const door = platformPolicies.find((one) => fault.endsWith(byPolicy(one)))!
  // In an app without reports, or searches, there is no such role.
  if (!table.policies.some(({ name: one }) => one === door)) return [`drop policy ${door} on ${place};`]
  return [`alter policy ${door} on ${place} to ${quoteIdentifier(keeperOf(door, names))};`]
}

const faultNames = {
  off: 'has row security off',
  force: 'does not force row security on its owner',
  policies: 'has no policy of a rule',
  barrier: 'lets filters of a request run before its rules (no security_barrier)',
  tenant: 'has no restrictive policy that pins the tenant',
} as const

const kindNames = { r: 'Table', p: 'Table', v: 'View', m: 'Materialized view', f: 'Foreign table' } as const

function faults(relation: ExposedRelation, entity: Entity | null, model: Model): readonly string[] {
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

// Definer functions and selects of reports see every row of a tenant through them, so nobody else may.
function openDoors({ doors }: ExposedRelation, names: PlatformRoles): readonly string[] {
  return doors
    .filter(({ policy, roles }) => roles.some((name) => name !== keeperOf(policy, names)))
    .map(({ policy, roles }) => {
      const whom = roles.map((name) => `"${name}"`).join(', ')
      return `lets through every row to ${whom}${byPolicy(policy)}`
    })
}

const byPolicy = (name: string) => ` by its policy "${name}"`

/** For whom such a policy is. */
function keeperOf(policy: string, names: PlatformRoles): string {
  if (policy === 'private') return names.private
  return policy === 'reports' ? names.reports : names.search
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
