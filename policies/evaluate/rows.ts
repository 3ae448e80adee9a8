import { Bug } from '#base'
import { type Entity, hasTenant, isShared, type Lineage, type Relation, toOnesOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import { microsOf } from './calendar.ts'
import type { RowValue } from './decision.ts'
import { type Place, type Placed, placeAt } from './place.ts'
import { textOf } from './text-of.ts'
import type { Caller, Row, World } from './world.ts'

/** Whose row it is: of what has a tenant its id, null for ours; undefined where it belongs to no tenant. */
function tenantOf({ entity, row }: Placed, caller: Caller): string | null | undefined {
  if (!hasTenant(entity)) return undefined
  const given = row.$tenant
  if (given !== undefined) return given === null ? null : textOf(given)
  return entity.tenancy === 'self' ? textOf(row[entity.key[0]!]) : (caller.tenant ?? '')
}

/** Whether the row is of the tenant that asks, or of nobody's, or ours. */
export function isWithin(placed: Placed, caller: Caller): boolean {
  const tenant = tenantOf(placed, caller)
  if (tenant === undefined) return true
  if (tenant === null) return isShared(placed.entity)
  return tenant === caller.tenant
}

/** Whether the row is ours: nobody who asks writes it. */
export function isOurs(placed: Placed, caller: Caller): boolean {
  return tenantOf(placed, caller) === null
}

/** Whether the row was removed. */
export function isRemoved({ row }: Pick<Placed, 'row'>): boolean {
  return (row.deletedAt ?? null) !== null
}

/** That neither the row nor one that it is a part of has expired. */
export function isLasting(placed: Placed, world: World, caller: Caller): boolean {
  const { entity, row } = placed
  if (hasExpired(placed, world)) return false
  return toOnesOf(entity).every((relation) => {
    if (!relation.part || !canExpire(entityOf(world.index, relation.to), world, [entity])) return true
    const whole = rowByKey(entityOf(world.index, relation.to), row[relation.name] ?? null, world, caller)
    return whole !== null && isLasting(whole, world, caller)
  })
}

/** Neither removed nor expired, and of the tenant: what conditions see. */
export function isLive(placed: Placed, world: World, caller: Caller): boolean {
  return isWithin(placed, caller) && !isRemoved(placed) && isLasting(placed, world, caller)
}

function hasExpired({ entity, row }: Placed, world: World): boolean {
  const value = entity.expires === null ? null : (row[entity.expires] ?? null)
  if (value === null) return false
  const text = textOf(value)
  if (entity.fields.find(({ name }) => name === entity.expires)?.type.kind === 'date')
    return text < new Date(world.now).toISOString().slice(0, 10)
  return microsOf(text) <= microsOf(world.now)
}

function canExpire(entity: Entity, world: World, way: readonly Entity[]): boolean {
  if (entity.expires !== null) return true
  if (way.includes(entity)) return false
  return toOnesOf(entity).some(({ part, to }) => part && canExpire(entityOf(world.index, to), world, [...way, entity]))
}

/** Key of a row as links to it hold it, and as a word for it. */
export function keyOf({ entity, row }: Placed): string {
  return entity.key.map((name) => textOf(row[name] ?? '')).join(',')
}

/** The row with that key: the tenant's own before ours, removed ones too. */
export function rowByKey(entity: Entity, key: RowValue, world: World, caller: Caller): Placed | null {
  if (key === null) return null
  const [by = null, ...more] = entity.key
  world.seek?.({ entity: entity.name, by: more.length === 0 ? by : null, value: textOf(key) })
  const found = keyed(entity, world).get(textOf(key)) ?? []
  const within = found.filter((row) => isWithin({ entity, row }, caller))
  const row = within.find((each) => !isOurs({ entity, row: each }, caller)) ?? within[0]
  return row === undefined ? null : { entity, row }
}

const keysByWorld = new WeakMap<World, Map<string, ReadonlyMap<string, readonly Row[]>>>()

/** Rows are looked up by key again and again. */
function keyed(entity: Entity, world: World): ReadonlyMap<string, readonly Row[]> {
  const known = keysByWorld.get(world) ?? new Map<string, ReadonlyMap<string, readonly Row[]>>()
  keysByWorld.set(world, known)
  let keys = known.get(entity.name)
  if (keys === undefined) {
    keys = Map.groupBy(world.rows[entity.name] ?? [], (row) => keyOf({ entity, row }))
    known.set(entity.name, keys)
  }
  return keys
}

/** The live row that a to-one, or a relation of one row at most, leads to. */
export function oneOf(name: string, place: Place): Place | null {
  const relation = relationOf(place.entity, name)
  if (relation.kind !== 'one') return manyOf(name, place)[0] ?? null
  const target = entityOf(place.world.index, relation.to)
  const found = rowByKey(target, place.row[name] ?? null, place.world, place.caller)
  return found !== null && isLive(found, place.world, place.caller) ? placeAt(place, found) : null
}

/** The live rows that a relation leads to. */
export function manyOf(name: string, place: Place): readonly Place[] {
  const relation = relationOf(place.entity, name)
  if (relation.kind === 'one') {
    const one = oneOf(name, place)
    return one === null ? [] : [one]
  }
  if (relation.kind === 'oneOf') throw new Bug(`"${name}" is followed by the to-ones of its targets.`)
  if (relation.kind === 'lineage') return lineageOf(relation, place)
  if (relation.kind !== 'through') return linking(entityOf(place.world.index, relation.to), relation.by, place)
  const links = linking(entityOf(place.world.index, relation.through), relation.from, place)
  const targets = links.flatMap((link) => oneOf(relation.toward, link) ?? [])
  // Two links may lead to one row.
  return [...new Map(targets.map((each) => [each.row, each])).values()]
}

/** The row itself, whatever it is, and the live rows above or below it. */
function lineageOf({ by, way }: Lineage, place: Place): readonly Place[] {
  const found = new Map([[keyOf(place), placeAt(place, place)]])
  for (const each of found.values()) {
    const next = way === 'up' ? [oneOf(by, each)].filter((above) => above !== null) : linking(place.entity, by, each)
    for (const met of next) if (!found.has(keyOf(met))) found.set(keyOf(met), met)
  }
  return [...found.values()]
}

/** Live rows of an entity whose to-one leads to the row. */
function linking(entity: Entity, by: string, place: Place): readonly Place[] {
  const key = keyOf(place)
  place.world.seek?.({ entity: entity.name, by, value: key })
  return allLive(entity, place).filter(({ row }) => (row[by] ?? null) !== null && textOf(row[by]) === key)
}

/** All live rows of an entity. */
export function allLive(entity: Entity, place: Place): readonly Place[] {
  return (place.world.rows[entity.name] ?? [])
    .filter((row) => isLive({ entity, row }, place.world, place.caller))
    .map((row) => placeAt(place, { entity, row }))
}

function relationOf(entity: Entity, name: string): Relation {
  const relation = entity.relations.find((each) => each.name === name)
  if (relation === undefined) throw new Bug(`"${entity.name}" has no relation "${name}".`)
  return relation
}
