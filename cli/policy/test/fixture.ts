import type { Entity, Field, Model } from '#schema'
import { columnBehind, columnFields, toOnesOf } from '#schema'
import { type SeedRow, type SeedStream, type SeedValue, stableId } from '#server'
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
  const tenant = stableId('policy test', test.name)
  const made = new Map<string, { readonly entity: Entity; readonly row: SeedRow }>()
  const idOf = (name: string): string => stableId('policy test', test.name, name)
  const foreign = new Map(
    Object.values(test.actors).flatMap(({ tenant: name }) =>
      name === undefined ? [] : [[name, stableId('policy test', test.name, 'tenant', name)] as const],
    ),
  )
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const entityOf = (name: string): Entity => model.entities.find((each) => each.name === name)!
  const order = [...new Set([...Object.keys(test.actors), ...Object.keys(test.rows ?? {})])]
  /** Of a row by its name alone: others lead to it before it is made. */
  const keyFor = (name: string, entity: Entity, given: Readonly<Record<string, unknown>>): string | number => {
    const [key = 'id'] = entity.key
    const held = given[key]
    if (typeof held === 'string' || typeof held === 'number') return held
    if (entity.tenancy === 'self') return foreign.get(name) ?? tenant
    const { type } = columnBehind(entity, key, entities) ?? { type: { kind: 'uuid' } as const }
    if (type.kind === 'int' || type.kind === 'int64')
      return order.includes(name) ? order.indexOf(name) + 1 : 1000 + made.size
    const field = entity.fields.find((each) => each.name === key)
    const value = type.kind === 'uuid' || field === undefined ? null : sensible(field, name)
    return typeof value === 'string' || typeof value === 'number' ? value : idOf(name)
  }
  const add = (name: string, entity: Entity, given: Readonly<Record<string, unknown>>): void => {
    if (made.has(name)) return
    const row: Record<string, SeedValue> = {}
    made.set(name, { entity, row })
    Object.assign(row, numbers(entity, name), requiredValues(entity, name, given))
    // Numbers differ from row to row.
    for (const { name: field, numbering } of entity.fields)
      if (numbering !== null && typeof row[field] === 'number') row[field] = made.size
    const [key = 'id', ...more] = entity.key
    if (more.length === 0) row[key] = keyFor(name, entity, given)
    for (const [field, value] of Object.entries(given)) row[field] = seedValue(entity, field, value)
    for (const relation of toOnesOf(entity)) {
      if (relation.optional || given[relation.name] !== undefined) continue
      const whole = `${name}.${relation.name}`
      add(whole, entityOf(relation.to), {})
      row[relation.name] = targetId(whole)
    }
  }
  const targetId = (name: string): string => {
    const found = made.get(name)
    if (found !== undefined) return String(found.row[found.entity.key[0] ?? 'id'] as string | number)
    const [written] = Object.entries(test.rows?.[name] ?? {})
    if (written !== undefined) return String(keyFor(name, entityOf(written[0]), written[1]))
    return model.actor === null ? idOf(name) : String(keyFor(name, entityOf(model.actor.entity), {}))
  }
  const seedValue = (entity: Entity, field: string, given: unknown): SeedValue => {
    const value = given as SeedValue
    const relation = entity.relations.find((each) => each.name === field)
    if (field === 'deletedAt' && value === 'now') return new Date().toISOString()
    if (relation === undefined || value === null) return value
    if (Array.isArray(value)) return value.map((each) => targetId(String(each)))
    const name = typeof value === 'string' ? value : ''
    if (relation.kind !== 'oneOf') return targetId(name)
    const [target = ''] = Object.keys(test.rows[name] ?? {})
    return { [target]: targetId(name) }
  }
  const rows: Record<string, unknown> = test.rows ?? {}
  for (const name of Object.keys(test.actors))
    if (model.actor !== null && !Object.hasOwn(rows, name) && test.actors[name]!.roles !== null)
      add(name, entityOf(model.actor.entity), {})
  for (const [name, row] of Object.entries(test.rows ?? {})) {
    const [entity = ''] = Object.keys(row)
    add(name, entityOf(entity), row[entity]!)
  }
  const whose = (name: string, entity: Entity): string | null =>
    entity.tenancy === 'none' ? null : entity.tenancy === 'self' ? (foreign.get(name) ?? tenant) : tenant
  const rowsOf = (owner: string | null) => {
    const own = [...made].filter(([name, { entity }]) => whose(name, entity) === owner).map(([, each]) => each)
    const grouped = Map.groupBy(own, ({ entity }) => entity.name)
    return Object.fromEntries([...grouped].map(([name, list]) => [name, list.map(({ row }) => row)]))
  }
  const tenants = [
    ['policy-test', tenant] as const,
    ...[...foreign].map(([, id], at) => [`foreign-${at + 1}`, id] as const),
  ]
  const seed = {
    shared: rowsOf(null),
    tenants: tenants.map(([slug, id]) => ({ id, slug, name: slug, rows: rowsOf(id) })),
  }
  const tenantOf = (actor: string): string => foreign.get(test.actors[actor]?.tenant ?? '') ?? tenant
  return { seed, tenant, tenantOf, idOf: targetId }
}

/** What Postgres would count, which a seed says itself. */
function numbers(entity: Entity, name: string): Readonly<Record<string, SeedValue>> {
  const counted = entity.fields.filter((field) => field.numbering !== null)
  return Object.fromEntries(counted.map((field) => [field.name, sensible(field, name)]))
}

/** Sensible values of required fields without a default. */
export function requiredValues(
  entity: Entity,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SeedValue>> {
  const wanted = entity.fields.filter(
    (field) =>
      !field.builtIn &&
      !field.optional &&
      field.default === null &&
      field.numbering === null &&
      field.from === null &&
      given[field.name] === undefined,
  )
  return Object.fromEntries(wanted.map((field) => [field.name, sensible(field, name)]))
}

/** The same of a new row, with value objects by their parts, as rows have them. */
export function requiredParts(
  entity: Entity,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SeedValue>> {
  return requiredValues({ ...entity, fields: columnFields(entity) }, name, given)
}

function sensible({ type, name: field }: Field, row: string): SeedValue {
  const word = row.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  switch (type.kind) {
    case 'text': {
      if (type.format === 'email') return `${word}@example.com`
      if (type.format === 'url') return `https://example.com/${word}`
      if (type.format === 'phone') return '+4930123456'
      if (type.format === 'timezone') return 'Europe/Berlin'
      const text = type.format === 'slug' ? word : `${field} ${row}`
      return (type.max === null ? text : text.slice(-type.max)).padEnd(type.min ?? 0, 'x')
    }
    case 'choice':
      return type.values[0]!.value
    case 'int':
    case 'duration':
    case 'float':
      return Number(type.min ?? 1)
    case 'int64':
    case 'decimal':
    case 'money':
      return String(type.min ?? 1)
    case 'boolean':
      return false
    case 'date':
      return '2026-01-01'
    case 'datetime':
      return '2026-01-01T00:00:00Z'
    case 'time':
      return '09:00'
    case 'uuid':
      return stableId(row, field)
    case 'list':
      return []
    case 'embed':
      return Object.fromEntries(
        type.fields.filter(({ optional }) => !optional).map((part) => [part.name, sensible(part, row)]),
      )
    case 'period':
      return { from: null, to: null }
    default:
      return {}
  }
}
