import type { Entity, EntityMap, Model } from '#schema'
import { columnBehind, toOnesOf } from '#schema'
import { type SeedRow, type SeedStream, type SeedValue, stableId } from '#server'
import { numbers, requiredValues, sensible } from './sensible-values.ts'
import type { WrittenTest } from './test-files.ts'

/** Rows of a test, as a seed writes them. */
export interface Fixture {
  readonly seed: SeedStream
  readonly tenant: string
  /** Id of the tenant whose token an actor has: that of the rows, unless the test says another. */
  tenantOf(actor: string): string
  /** Id of a row of the test, by its name. */
  idOf(name: string): string
}

/** The rows of a test, with one for each actor, and with values for whatever is required and left out. */
export function makeFixture(written: WrittenTest, model: Model): Fixture {
  const { test } = written
  const making = startMaking(written, model)
  addAll(making)
  const tenants = [
    ['policy-test', making.tenant] as const,
    ...[...making.foreign].map(([, id], at) => [`foreign-${at + 1}`, id] as const),
  ]
  const seed = {
    shared: rowsOf(null, making),
    tenants: tenants.map(([slug, id]) => ({ id, slug, name: slug, rows: rowsOf(id, making) })),
  }
  const tenantOf = (actor: string): string => making.foreign.get(test.actors[actor]?.tenant ?? '') ?? making.tenant
  return { seed, tenant: making.tenant, tenantOf, idOf: (name) => targetId(name, making) }
}

interface Made {
  readonly entity: Entity
  readonly row: Record<string, SeedValue>
}

/** Rows while they are made: each once, by its name. */
interface Making {
  readonly test: WrittenTest['test']
  readonly model: Model
  readonly entities: EntityMap
  readonly tenant: string
  /** Ids of other tenants, by the names that the test gives them. */
  readonly foreign: ReadonlyMap<string, string>
  /** Names of the test, in its order: numbers of rows follow it. */
  readonly order: readonly string[]
  readonly made: Map<string, Made>
}

type Given = Readonly<Record<string, unknown>>

function startMaking({ test }: WrittenTest, model: Model): Making {
  const foreign = Object.values(test.actors).flatMap(({ tenant: name }) =>
    name === undefined ? [] : [[name, stableId('policy test', test.name, 'tenant', name)] as const],
  )
  return {
    ...{ test, model, foreign: new Map(foreign), made: new Map() },
    entities: new Map(model.entities.map((each) => [each.name, each])),
    tenant: stableId('policy test', test.name),
    order: [...new Set([...Object.keys(test.actors), ...Object.keys(rowsIn(test))])],
  }
}

/** Nothing has checked the types of the file. */
function rowsIn(test: Partial<WrittenTest['test']>): WrittenTest['test']['rows'] {
  return test.rows ?? {}
}

function addAll(making: Making): void {
  const { test, model } = making
  const rows = rowsIn(test)
  for (const name of Object.keys(test.actors))
    if (model.actor !== null && !Object.hasOwn(rows, name) && test.actors[name]!.roles !== null)
      add(name, entityOf(model.actor.entity, making), {}, making)
  for (const [name, row] of Object.entries(rows)) {
    const [entity = ''] = Object.keys(row)
    add(name, entityOf(entity, making), row[entity]!, making)
  }
}

function entityOf(name: string, { entities }: Making): Entity {
  return entities.get(name)!
}

/** A row, and those that it leads to where nobody says to which. */
function add(name: string, entity: Entity, given: Given, making: Making): void {
  const { made } = making
  if (made.has(name)) return
  const row: Record<string, SeedValue> = {}
  made.set(name, { entity, row })
  Object.assign(row, numbers(entity, name), requiredValues(entity, name, given))
  // Numbers differ from row to row.
  for (const { name: field, numbering } of entity.fields)
    if (numbering !== null && typeof row[field] === 'number') row[field] = made.size
  const [key = 'id', ...more] = entity.key
  if (more.length === 0) row[key] = keyFor(name, entity, given, making)
  for (const [field, value] of Object.entries(given)) row[field] = seedValue(entity, field, value, making)
  for (const relation of toOnesOf(entity)) {
    if (relation.optional || given[relation.name] !== undefined) continue
    const whole = `${name}.${relation.name}`
    add(whole, entityOf(relation.to, making), {}, making)
    row[relation.name] = targetId(whole, making)
  }
}

/** Of a row by its name alone: others lead to it before it is made. */
function keyFor(name: string, entity: Entity, given: Given, making: Making): string | number {
  const { entities, foreign, tenant, order, made, test } = making
  const [key = 'id'] = entity.key
  const held = given[key]
  if (typeof held === 'string' || typeof held === 'number') return held
  if (entity.tenancy === 'self') return foreign.get(name) ?? tenant
  const { type } = columnBehind(entity, key, entities) ?? { type: { kind: 'uuid' } as const }
  if (type.kind === 'int' || type.kind === 'int64')
    return order.includes(name) ? order.indexOf(name) + 1 : 1000 + made.size
  const field = entity.fields.find((each) => each.name === key)
  const value = type.kind === 'uuid' || field === undefined ? null : sensible(field, name)
  return typeof value === 'string' || typeof value === 'number' ? value : namedId(name, test)
}

function namedId(name: string, { name: test }: WrittenTest['test']): string {
  return stableId('policy test', test, name)
}

function targetId(name: string, making: Making): string {
  const { test, model, made } = making
  const found = made.get(name)
  if (found !== undefined) return String(found.row[found.entity.key[0] ?? 'id'] as string | number)
  const [written] = Object.entries(rowsIn(test)[name] ?? {})
  if (written !== undefined) return String(keyFor(name, entityOf(written[0], making), written[1], making))
  if (model.actor === null) return namedId(name, test)
  return String(keyFor(name, entityOf(model.actor.entity, making), {}, making))
}

function seedValue(entity: Entity, field: string, given: unknown, making: Making): SeedValue {
  const value = given as SeedValue
  const relation = entity.relations.find((each) => each.name === field)
  if (field === 'deletedAt' && value === 'now') return new Date().toISOString()
  if (relation === undefined || value === null) return value
  if (Array.isArray(value)) return value.map((each) => targetId(String(each), making))
  const name = typeof value === 'string' ? value : ''
  if (relation.kind !== 'oneOf') return targetId(name, making)
  const [target = ''] = Object.keys(rowsIn(making.test)[name] ?? {})
  return { [target]: targetId(name, making) }
}

/** Rows of a tenant by their entities; null: those of no tenant. */
function rowsOf(owner: string | null, { made, foreign, tenant }: Making): Readonly<Record<string, readonly SeedRow[]>> {
  const ownerOf = (name: string, { tenancy }: Entity): string | null =>
    tenancy === 'none' ? null : tenancy === 'self' ? (foreign.get(name) ?? tenant) : tenant
  const own = [...made].filter(([name, { entity }]) => ownerOf(name, entity) === owner).map(([, each]) => each)
  const grouped = Map.groupBy(own, ({ entity }) => entity.name)
  return Object.fromEntries([...grouped].map(([name, list]) => [name, list.map(({ row }) => row)]))
}
