import { didYouMean, OperatorError, type Sql, sql, toText } from '#base'
import { indexModel } from '#policies'
import { type Entity, keptTable, type Model } from '#schema'
import type { Catalog } from '../catalog/catalog.ts'
import { keptReports, madeOf, refreshName } from '../catalog/kept-reports.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import { isSelect } from '../render/render-view.ts'
import type { PlatformRoles } from '../roles/platform-roles.ts'

/** Which reports to compute anew, for whom. */
export interface RefreshOptions {
  readonly model: Model
  readonly catalog: Catalog
  readonly names: PlatformRoles
  /** Names of reports; empty: all that keep their rows. */
  readonly reports?: readonly string[]
  /** Slug or id of one tenant; null or left out: all of them. */
  readonly tenant?: string | null
  /** Only where there are no rows, or rows of another select. */
  readonly onlyMissing?: boolean
  /** Told after each, before the next begins. */
  readonly onRefreshed?: (refreshed: Refreshed) => void
}

/** A report of a tenant that was computed, or could not be. */
export interface Refreshed {
  readonly report: string
  /** Slug. */
  readonly tenant: string
  /** How many rows there are now; null when the old ones stayed. */
  readonly rows: number | null
  /** What was in the way. */
  readonly fault: OperatorError | null
}

/**
 * Computes the rows of reports anew, each report of each tenant in a transaction of its own: readers see the old rows or the new ones, and
 * what fails keeps nothing else from being done.
 *
 * @param client the migrator's, not in a transaction
 * @throws REPORT_REFRESH_UNKNOWN when there is no such report, or no such tenant
 */
export async function refreshReports(client: Queryable, options: RefreshOptions): Promise<readonly Refreshed[]> {
  const entities = wantedReports(options)
  if (entities.length === 0) return []
  const done: Refreshed[] = []
  for (const tenant of await wantedTenants(client, options)) {
    for (const entity of entities) {
      if (options.onlyMissing === true && !(await isMissing(client, { entity, tenant, options }))) continue
      const refreshed = await refresh(client, { entity, tenant, options })
      done.push(refreshed)
      options.onRefreshed?.(refreshed)
    }
  }
  return done
}

function wantedReports({ model, reports = [] }: RefreshOptions): readonly Entity[] {
  const kept = keptReports(indexModel(model))
  const names = kept.map(({ name }) => name)
  for (const name of reports) {
    if (names.includes(name)) continue
    const close = didYouMean(name, names)
    const known = names.length === 0 ? 'No report of the app does.' : `Those that do: ${names.join(', ')}.`
    throw new OperatorError(
      'REPORT_REFRESH_UNKNOWN',
      `No report "${name}" keeps its rows.`,
      close === null ? known : `Did you mean "${close}"? ${known}`,
    )
  }
  return reports.length === 0 ? kept : kept.filter(({ name }) => reports.includes(name))
}

interface Tenant {
  readonly id: string
  readonly slug: string
}

async function wantedTenants(client: Queryable, { names, tenant = null }: RefreshOptions): Promise<readonly Tenant[]> {
  const found = await inTurn(
    client,
    { names, tenant: '' },
    sql`select id::text as id, slug from rowhouse.tenant order by slug`,
  )
  const all = found as readonly Tenant[]
  if (tenant === null) return all
  const wanted = all.filter(({ id, slug }) => slug === tenant || id === tenant.toLowerCase())
  if (wanted.length > 0) return wanted
  throw new OperatorError(
    'REPORT_REFRESH_UNKNOWN',
    `There is no tenant "${tenant}".`,
    'Name it by its slug or its id; left out, reports of all tenants are computed.',
  )
}

interface Turn {
  readonly entity: Entity
  readonly tenant: Tenant
  readonly options: RefreshOptions
}

async function isMissing(client: Queryable, { entity, tenant, options }: Turn): Promise<boolean> {
  const select = (options.catalog.views ?? []).find((view) => view.entity === entity.name && isSelect(view))
  const made = madeOf(select!.report!)
  const found = await inTurn(
    client,
    { names: options.names, tenant: tenant.id },
    sql`select not exists (select from ${sql.identifier(entity.schema)}.${sql.identifier(keptTable(entity))})
      or not exists (select from rowhouse.refreshed where report = ${sql.value(entity.name)} and made_of = ${sql.value(made)}) as missing`,
  )
  return (found as readonly { readonly missing: boolean }[])[0]!.missing
}

async function refresh(client: Queryable, { entity, tenant, options }: Turn): Promise<Refreshed> {
  const result = { report: entity.name, tenant: tenant.slug }
  try {
    const call = sql`select rowhouse_private.${sql.identifier(refreshName(entity))}()::int as rows`
    const found = await inTurn(client, { names: options.names, tenant: tenant.id }, call)
    return { ...result, rows: (found as readonly { readonly rows: number }[])[0]!.rows, fault: null }
  } catch (error) {
    const { code, message = '' } = error as { readonly code?: string; readonly message?: string }
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) throw error
    return { ...result, rows: null, fault: refreshFault(entity, tenant, message) }
  }
}

function refreshFault(entity: Entity, tenant: Tenant, message: string): OperatorError {
  const file = entity.source.kind === 'report' ? entity.source.file : ''
  return new OperatorError(
    'REPORT_REFRESH_FAILED',
    `Rows of "${entity.name}" of tenant "${tenant.slug}" could not be computed: ${message}.`,
    `Its rows are those of the last time. Mend the select in "${file}", or the key that "${entity.name}" declares.`,
  )
}

/** As the owner, with the rows of one tenant. */
async function inTurn(
  client: Queryable,
  { names, tenant }: { readonly names: PlatformRoles; readonly tenant: string },
  statement: Sql,
): Promise<readonly unknown[]> {
  await client.query('begin')
  try {
    await client.query(toText(sql`set local role ${sql.identifier(names.owner)}`))
    await readRows(client, sql`select set_config('rowhouse.tenant_id', ${sql.value(tenant)}, true)`)
    const rows = await readRows<object>(client, statement)
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
