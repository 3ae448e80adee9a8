import { OperatorError } from '#base'
import { type Entity, hasTenant, type Model, tenantColumnOf } from '#schema'
import type { SeedData, SeedRow, SeedRows, SeedValue } from './define-seed.ts'
import { placesOf } from './derived-columns.ts'
import { meant, seedColumns } from './seed-columns.ts'
import { oneOfColumns, withLinkRows } from './seed-relations.ts'

/** Rows for one table, in an order of tables in which foreign keys hold. */
export interface SeedBatch {
  readonly entity: Entity
  /** Ids of all rows of the entity in the seed. */
  readonly ids: readonly string[]
  /** Columns that every row has, `tenant_id` included. */
  readonly columns: readonly string[]
  /** Keyed by column. */
  readonly rows: readonly Readonly<Record<string, SeedValue>>[]
}

/**
 * The rows of a seed by table, named by columns.
 *
 * @throws OperatorError SEED_INVALID when a row names an entity or field that the model lacks, has no id, or that of another; all of them at once
 */
export function planSeed(model: Model, data: SeedData): readonly SeedBatch[] {
  const problems: string[] = []
  if (data.tenants.length === 0) problems.push('It has no tenants.')
  const known = new Map(model.entities.map((entity) => [entity.name, entity]))
  const given = [
    ...flatten(withLinkRows(data.shared ?? {}, known), null),
    ...data.tenants.flatMap((tenant) => flatten(withLinkRows(tenant.rows, known), tenant.id)),
  ]
  for (const { name, tenant } of given) {
    const entity = known.get(name)
    if (entity === undefined) problems.push(`There is no entity "${name}".${meant(name, [...known.keys()])}`)
    else if (hasTenant(entity) !== (tenant !== null)) problems.push(misplaced(entity))
  }
  const batches = inOrderOfKeys(model).flatMap((entity) => {
    const own = given.filter((rows) => rows.name === entity.name)
    for (const id of twice(own, entity))
      problems.push(`Two rows of "${entity.name}" have the ${entity.key.join(' and ')} "${id}".`)
    const rows = own.flatMap(({ rows, tenant }) => {
      const places = placesOf(entity, rows)
      return rows.map((row, at) => ({ ...toColumns(entity, row, problems), ...places[at], ...pin(entity, tenant) }))
    })
    return group(entity, rows)
  })
  for (const entity of model.entities) problems.push(...circles(entity, given))
  if (problems.length > 0) throw invalid(problems)
  return batches
}

interface Given {
  readonly name: string
  readonly tenant: string | null
  readonly rows: readonly SeedRow[]
}

function flatten(rows: SeedRows, tenant: string | null): readonly Given[] {
  return Object.entries(rows).map(([name, list]) => ({ name, tenant, rows: list }))
}

/** Keys that a tenant has more than once. Postgres would not say which. */
function twice(given: readonly Given[], entity: Entity): readonly string[] {
  const seen = new Set<string>()
  const found = new Set<string>()
  const isUuid = entity.fields.some((field) => field.name === 'id' && field.builtIn && field.type.kind === 'uuid')
  for (const { tenant, rows } of given) {
    for (const row of rows) {
      const values = entity.key.map((name) => row[name])
      if (values.some((value) => value === undefined || value === null)) continue
      const words = values.map((value) => (isUuid ? String(value).toLowerCase() : String(value)))
      const key = JSON.stringify([tenant, ...words])
      if (seen.has(key)) found.add(values.join(', '))
      seen.add(key)
    }
  }
  return [...found]
}

/** Rows of a tree that the seed puts below themselves: the triggers that would refuse it are off. */
function circles({ name, tree }: Entity, given: readonly Given[]): readonly string[] {
  if (tree === null) return []
  return given
    .filter((each) => each.name === name)
    .flatMap(({ rows }) => {
      const above = new Map(rows.map((row) => [row.id, row[tree] ?? null]))
      return rows.filter(({ id }) => isBelowItself(id, above)).map(({ id }) => `"${name}" "${id}" is below itself.`)
    })
}

function isBelowItself(id: SeedValue | undefined, above: ReadonlyMap<SeedValue | undefined, SeedValue>): boolean {
  const met = new Set<SeedValue | undefined>()
  for (let at = above.get(id); at !== undefined && at !== null && !met.has(at); at = above.get(at)) {
    if (at === id) return true
    met.add(at)
  }
  return false
}

function pin(entity: Entity, tenant: string | null): Readonly<Record<string, string>> {
  const column = tenantColumnOf(entity)
  return tenant === null || column === null ? {} : { [column]: tenant }
}

function toColumns(entity: Entity, row: SeedRow, problems: string[]): Record<string, SeedValue> {
  const result: Record<string, SeedValue> = {}
  for (const name of entity.key.filter((each) => row[each] === undefined))
    problems.push(`A row of "${entity.name}" has no ${name}.`)
  for (const { name, numbering, optional } of entity.fields) {
    const isMissing = numbering !== null && !optional && (row[name] ?? null) === null
    if (isMissing) problems.push(`A row of "${entity.name}" has no "${name}": a seed says numbers itself.`)
  }
  for (const [name, value] of Object.entries(row)) {
    const field = entity.fields.find((each) => each.name === name)
    const relation = entity.relations.find((each) => each.name === name)
    if (relation?.kind === 'oneOf') {
      const written = oneOfColumns(entity, relation, value)
      if (written.ok) Object.assign(result, written.columns)
      else problems.push(`"${name}" of "${entity.name}" is written as { ${relation.targets[0]?.to}: id }.`)
      continue
    }
    if (field !== undefined) Object.assign(result, seedColumns(field, value, { entity, problems }))
    else if (relation?.kind === 'one') result[relation.column] = value
    else problems.push(`"${entity.name}" has no "${name}".${meant(name, namesOf(entity))}`)
  }
  return result
}

/** Column behind a field or to-one relation; null when there is none. */
export function columnOf(entity: Entity, name: string): string | null {
  const field = entity.fields.find((candidate) => candidate.name === name)
  if (field !== undefined) return field.column
  const relation = entity.relations.find((candidate) => candidate.name === name)
  return relation?.kind === 'one' ? relation.column : null
}

function namesOf(entity: Entity): string[] {
  return [...entity.fields, ...entity.relations].map(({ name }) => name)
}

/** Rows that give the same columns go together, so that the others' columns get their defaults. */
function group(entity: Entity, rows: readonly Record<string, SeedValue>[]): readonly SeedBatch[] {
  const byColumns = Map.groupBy(rows, (row) => Object.keys(row).sort().join())
  const ids = rows.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
  return [...byColumns.values()].map((alike) => ({ entity, ids, columns: Object.keys(alike[0] ?? {}), rows: alike }))
}

/** Entities, each behind those that it refers to; in a cycle as the model has them. */
function inOrderOfKeys(model: Model): readonly Entity[] {
  const known = new Map(model.entities.map((entity) => [entity.name, entity]))
  const ordered = new Set<Entity>()
  const onTheWay = new Set<Entity>()
  const visit = (entity: Entity): void => {
    if (ordered.has(entity) || onTheWay.has(entity)) return
    onTheWay.add(entity)
    for (const relation of entity.relations) {
      const target = relation.kind === 'one' ? known.get(relation.to) : undefined
      if (target !== undefined) visit(target)
    }
    ordered.add(entity)
  }
  for (const entity of model.entities) visit(entity)
  return [...ordered]
}

function misplaced(entity: Entity): string {
  return hasTenant(entity)
    ? `Rows of "${entity.name}" belong to a tenant: put them into its "rows".`
    : `Rows of "${entity.name}" belong to no tenant: put them into "shared".`
}

function invalid(problems: readonly string[]): OperatorError {
  const unique = [...new Set(problems)]
  const shown = unique.slice(0, 20).map((problem) => `\n  - ${problem}`)
  return new OperatorError(
    'SEED_INVALID',
    `The seed does not fit the model:${shown.join('')}${unique.length > 20 ? `\n  … and ${unique.length - 20} more` : ''}`,
    'Mend "seed.ts".',
  )
}
