import { OperatorError } from '#base'
import { type Entity, hasTenant, isShared, leadingKeyColumns, type Model, toOnesOf } from '#schema'
import type { SeedRow, SeedStream, SeedTenantStream } from './define-seed.ts'
import { stableId } from './stable-id.ts'

/**
 * A seed of one size, made larger by tenants alike: `acme`, `acme-2`, `acme-3` … The rows keep their ids, for keys begin with the
 * tenant; rows of no tenant are there once.
 *
 * @param make gives the same seed each time
 * @throws OperatorError SEED_INVALID, while it is read, for rows whose keys no two tenants may share
 */
export function repeatTenants(model: Model, make: () => SeedStream, scale: number): SeedStream {
  const first = make()
  return { ...first, tenants: scale === 1 ? first.tenants : repeated(model, { first, make, scale }) }
}

interface Repetition {
  readonly first: SeedStream
  readonly make: () => SeedStream
  readonly scale: number
}

function* repeated(model: Model, { first, make, scale }: Repetition): Iterable<SeedTenantStream> {
  const single = new Set(model.entities.filter(isSingle).map(({ name }) => name))
  for (let round = 1; round <= scale; round++) {
    for (const tenant of (round === 1 ? first : make()).tenants) {
      const refused = Object.keys(tenant.rows).find((name) => single.has(name))
      if (refused !== undefined) throw unrepeatable(refused)
      yield round === 1 ? tenant : another(model, tenant, round)
    }
  }
}

function another(model: Model, tenant: SeedTenantStream, round: number): SeedTenantStream {
  const slug = `${tenant.slug}-${round}`
  const id = stableId('tenant', tenant.id, slug)
  const rows = Object.entries(tenant.rows).map(([name, list]) => {
    const entity = model.entities.find((each) => each.name === name)
    const names = entity === undefined ? [] : namesOfTenant(model, entity)
    return [name, names.length === 0 ? list : renamed(list, { names, from: tenant.id, to: id })] as const
  })
  return { ...tenant, id, slug, name: `${tenant.name} ${round}`, rows: Object.fromEntries(rows) }
}

/** What of a row may be the tenant, where a row is the tenant: its id, and to-ones that lead there. */
function namesOfTenant(model: Model, entity: Entity): readonly string[] {
  const selves = new Set(model.entities.filter(({ tenancy }) => tenancy === 'self').map(({ name }) => name))
  const leading = toOnesOf(entity)
    .filter((each) => selves.has(each.to))
    .map(({ name }) => name)
  return selves.has(entity.name) ? ['id', ...leading] : leading
}

interface Renaming {
  readonly names: readonly string[]
  readonly from: string
  readonly to: string
}

function* renamed(list: Iterable<SeedRow>, { names, from, to }: Renaming): Iterable<SeedRow> {
  for (const row of list) {
    const changed = names.filter((name) => row[name] === from).map((name) => [name, to] as const)
    yield changed.length === 0 ? row : { ...row, ...Object.fromEntries(changed) }
  }
}

/** True where the key of a row says nothing of its tenant. */
function isSingle(entity: Entity): boolean {
  return isShared(entity) || (hasTenant(entity) && leadingKeyColumns(entity).length === 0)
}

function unrepeatable(entity: string): OperatorError {
  return new OperatorError(
    'SEED_INVALID',
    `The seed cannot be repeated for more tenants: rows of "${entity}" have keys that no two tenants share.`,
    'Make the rows for a scale in "seed.ts": `defineSeed(({ scale }) => ({ … }))`.',
  )
}
