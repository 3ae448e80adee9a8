import {
  type Entity,
  hasTenant,
  isHistory,
  isReadOnly,
  isShared,
  type Model,
  ours,
  ownTenantColumn,
  type SecretField,
  secretsOf,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import { newMark, secretFault } from '../secrets/seal-secret.ts'
import { copyText } from './copy-text.ts'
import type { SeedRow, SeedRowStreams, SeedStream, SeedTenantStream, SeedValue } from './define-seed.ts'
import { arrayColumns, nameOf, rowColumns } from './row-columns.ts'
import { plainLine, type RowShape, rowShape } from './row-shape.ts'
import { meant } from './seed-columns.ts'
import { SeedProblems, shownKey } from './seed-problems.ts'
import { splitLinks } from './seed-relations.ts'
import { SeenKeys } from './seen-keys.ts'
import { valueText } from './value-text.ts'

/** What is to be done next, in an order in which foreign keys hold within a tenant. */
export type SeedStep = { readonly kind: 'tenant'; readonly tenant: SeedTenantStream } | PlannedRow

/** A row, checked, as columns. */
export interface PlannedRow {
  readonly kind: 'row'
  readonly entity: Entity
  /** Of its tenant; null with `tenant: false`. */
  readonly tenant: string | null
  /** Columns that it gives, `tenant_id` included, sorted. */
  readonly columns: readonly string[]
  /** The values of these columns as `copy` reads them. */
  readonly text: string
  /** As the seed has it. */
  readonly given: SeedRow
  /** In its list, from 1 on. */
  readonly index: number
  /** Marks of the secrets that it gives, in {@link columns}, with what they stand for. */
  readonly secrets: readonly PlainSecret[]
}

/** A secret of a seed, not yet sealed. */
export interface PlainSecret {
  readonly field: SecretField
  readonly mark: string
  readonly plain: string
}

/**
 * Reads a seed, row by row: the rows that fit the model come back, what is wrong with the others is noted. After the first problem
 * nothing comes back, for nothing will be written; all the same the rest is read.
 *
 * @param problems what a row says that the model lacks, rows without a key or with that of another, values that are none
 */
export function* planSeed(model: Model, { shared, tenants }: SeedStream, problems: SeedProblems): Generator<SeedStep> {
  const plan: Plan = {
    model,
    known: new Map(model.entities.map((each) => [each.name, each])),
    problems,
    layouts: new Map(),
    shapes: new Map(),
  }
  let count = 0
  for (const tenant of tenants) {
    // The first one tells whether there is anything to do at all.
    yield { kind: 'tenant', tenant }
    if (count === 0) yield* planRows(plan, shared ?? {}, null)
    yield* planRows(plan, tenant.rows, tenant.id)
    count++
  }
  if (count === 0) {
    problems.add('It has no tenants.')
    yield* planRows(plan, shared ?? {}, null)
  }
}

/**
 * Reads a whole seed and writes nothing.
 *
 * @throws OperatorError SEED_INVALID with all that is wrong
 */
export function checkSeed(model: Model, seed: SeedStream): void {
  const problems = new SeedProblems()
  for (const _step of planSeed(model, seed, problems));
  if (!problems.isEmpty) throw problems.error()
}

interface Plan {
  readonly model: Model
  readonly known: ReadonlyMap<string, Entity>
  readonly problems: SeedProblems
  /** Sorted columns by the columns as given. */
  readonly layouts: Map<string, readonly string[]>
  /** Of rows by the words that they say, in their order; null where each row must be looked at. */
  readonly shapes: Map<Entity, Map<string, RowShape | null>>
}

function* planRows(plan: Plan, lists: SeedRowStreams, tenant: string | null): Generator<SeedStep> {
  const { model, known, problems } = plan
  for (const name of Object.keys(lists)) {
    const entity = known.get(name)
    if (entity === undefined || isHistory(entity))
      problems.add(`There is no entity "${name}".${meant(name, declaredNames(plan))}`)
    else if (isReadOnly(entity)) problems.add(`Rows of "${name}" come from a select: they cannot be seeded.`)
    else if (!isShared(entity) && hasTenant(entity) !== (tenant !== null)) problems.add(misplaced(entity))
  }
  const seen = new SeenKeys()
  for (const entity of inOrderOfKeys(model)) {
    let index = 0
    for (const row of lists[entity.name] ?? []) {
      index++
      const { kept, links } = splitLinks(entity, row, model)
      yield* planRow(plan, { entity, tenant, row: kept, index, seen })
      for (const link of links) yield* planRow(plan, { entity: link.entity, tenant, row: link.row, index, seen })
    }
  }
}

interface Given {
  readonly entity: Entity
  readonly tenant: string | null
  readonly row: SeedRow
  readonly index: number
  readonly seen: SeenKeys
}

function* planRow(plan: Plan, given: Given): Generator<SeedStep> {
  const { entity, tenant, index, seen } = given
  const found: string[] = []
  const row = selfNamed(entity, given.row, { tenant, found })
  const marked = markSecrets(entity, row, found)
  const shown = { row: marked.row, tenant }
  const { columns, text } = shapedLine(plan, entity, shown) ?? fullLine(plan, entity, { ...shown, found })
  const twice = seen.add(entity, row)
  if (twice !== null) found.push(`Two rows of "${entity.name}" have the ${entity.key.join(' and ')} "${twice}".`)
  if (found.length > 0) {
    const id = shownKey(
      entity.key,
      entity.key.map((name) => row[name]),
    )
    for (const problem of found) plan.problems.add(problem, { entity: entity.name, index, id })
  }
  const { secrets } = marked
  if (plan.problems.isEmpty) yield { kind: 'row', entity, tenant, columns, text, given: marked.row, index, secrets }
}

/** The row with marks for its secrets; the plain texts go no further with it, not even into a message. */
function markSecrets(entity: Entity, row: SeedRow, found: string[]) {
  const secrets: PlainSecret[] = []
  const marks: Record<string, string> = {}
  for (const field of secretsOf(entity)) {
    const plain: unknown = row[field.name]
    if (plain === undefined || plain === null) continue
    const fault = secretFault(field, plain)
    if (fault !== null) found.push(`"${entity.name}.${field.name}" ${fault}.`)
    if (typeof plain !== 'string') continue
    const mark = newMark(field)
    marks[field.name] = mark
    secrets.push({ field, mark, plain })
  }
  return { row: secrets.length === 0 ? row : { ...row, ...marks }, secrets }
}

interface Line {
  readonly columns: readonly string[]
  readonly text: string
}

/** The line of a row that says plain values; null for others. */
function shapedLine(plan: Plan, entity: Entity, { row, tenant }: Pick<Given, 'row' | 'tenant'>): Line | null {
  const shape = shapeOf(plan, entity, { row, tenant })
  const text = shape === null ? null : plainLine(shape, row, tenant)
  return shape === null || text === null ? null : { columns: shape.columns, text }
}

function shapeOf(plan: Plan, entity: Entity, { row, tenant }: Pick<Given, 'row' | 'tenant'>): RowShape | null {
  let shapes = plan.shapes.get(entity)
  if (shapes === undefined) {
    shapes = new Map()
    plan.shapes.set(entity, shapes)
  }
  const names = Object.keys(row)
  const word = names.join()
  let shape = shapes.get(word)
  if (shape === undefined) {
    shape = rowShape(entity, names, tenant)
    if (shape !== null) shape = { ...shape, columns: layoutOf(plan, shape.columns) }
    shapes.set(word, shape)
  }
  return shape
}

function fullLine(
  plan: Plan,
  entity: Entity,
  { row, tenant, found }: Pick<Given, 'row' | 'tenant'> & { readonly found: string[] },
): Line {
  const values = { ...rowColumns(entity, row, found), ...pin(entity, tenant) }
  const columns = layoutOf(plan, Object.keys(values))
  return { columns, text: lineOf(entity, { columns, values, found }) }
}

/** Rows that give the same columns go together, whatever the order in which they give them. */
function layoutOf({ layouts }: Plan, given: readonly string[]): readonly string[] {
  const word = given.join()
  const known = layouts.get(word)
  if (known !== undefined) return known
  const ordered = [...given].sort()
  const sorted = layouts.get(ordered.join()) ?? ordered
  layouts.set(word, sorted).set(ordered.join(), sorted)
  return sorted
}

interface ColumnValues {
  readonly columns: readonly string[]
  readonly values: Readonly<Record<string, SeedValue>>
  readonly found: string[]
}

function lineOf(entity: Entity, { columns, values, found }: ColumnValues): string {
  const arrays = arrayColumns(entity)
  let line = ''
  for (const [at, column] of columns.entries()) {
    const written = copyText(values[column], arrays.has(column))
    if (!written.ok) found.push(`"${entity.name}.${nameOf(entity, column)}" ${written.fault}.`)
    else line += at === 0 ? written.text : `\t${written.text}`
  }
  return line
}

/** The row that is the tenant has its id, whether the seed says so or not. */
function selfNamed(
  entity: Entity,
  row: SeedRow,
  { tenant, found }: { readonly tenant: string | null; readonly found: string[] },
): SeedRow {
  if (entity.tenancy !== 'self' || tenant === null) return row
  if (row.id !== undefined && valueText(row.id).toLowerCase() !== tenant.toLowerCase())
    found.push(`The row of "${entity.name}" is the tenant "${tenant}": leave its id "${valueText(row.id)}" out.`)
  return { ...row, id: tenant }
}

function pin(entity: Entity, tenant: string | null): Readonly<Record<string, SeedValue>> {
  const column = tenantColumnOf(entity)
  if (isShared(entity)) return { tenant_id: tenant ?? ours, [ownTenantColumn]: tenant, is_shared: tenant === null }
  return tenant === null || column === null ? {} : { [column]: tenant }
}

/** Changes are told by the database, of what callers do. */
function declaredNames({ known }: Plan): readonly string[] {
  return [...known.values()].filter((entity) => !isHistory(entity)).map(({ name }) => name)
}

/** Entities, each behind those that it refers to; in a cycle as the model has them. */
export function inOrderOfKeys(model: Model): readonly Entity[] {
  const known = orders.get(model)
  if (known !== undefined) return known
  const ordered = sortByKeys(model)
  orders.set(model, ordered)
  return ordered
}

const orders = new WeakMap<Model, readonly Entity[]>()

function sortByKeys(model: Model): readonly Entity[] {
  const known = new Map(model.entities.map((entity) => [entity.name, entity]))
  const ordered = new Set<Entity>()
  const onTheWay = new Set<Entity>()
  const visit = (entity: Entity): void => {
    if (ordered.has(entity) || onTheWay.has(entity)) return
    onTheWay.add(entity)
    for (const { to } of toOnesOf(entity)) {
      const target = known.get(to)
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
