import type { Caller, Row } from '#policies'
import { columnFields, type Entity, type Model, toOnesOf } from '#schema'
import { historyRows } from './history-rows.ts'
import { idOf, keyAt, keyText, tenants } from './ids.ts'
import { pools } from './pools.ts'
import type { Random } from './random.ts'
import { valueFrom, withWholes } from './values.ts'

/** How many rows each entity has. */
const counts: Readonly<Record<string, number>> = {
  Person: 4,
  Team: 4,
  Member: 7,
  Item: 8,
  Line: 8,
  Badge: 4,
  Label: 3,
  ItemLabel: 7,
  Part: 6,
  Place: 2,
}
const removed = '2026-01-15T00:00:00.000Z'

/** Rows of two tenants, some of them removed, with nulls wherever one may be. */
export function generateRows(random: Random, model: Model): Readonly<Record<string, readonly Row[]>> {
  const places = new Map(model.entities.map((entity) => [entity.name, placesOf(random, entity)]))
  const keys = new Map(model.entities.map((entity) => [entity.name, keysOf(entity, places.get(entity.name)!)]))
  const made = model.entities.map((entity): [string, readonly Row[]] => [
    entity.name,
    places.get(entity.name)!.map((tenant, at) => rowFrom(random, { entity, tenant, at }, { places, keys })),
  ])
  const rows = withoutOrphans(model, Object.fromEntries(made.map(([name, each]) => [name, withoutDoubles(name, each)])))
  const histories = model.entities.filter(({ historyOf }) => historyOf !== null)
  return {
    ...rows,
    ...Object.fromEntries(histories.map((each) => [each.name, historyRows(random, each, model, rows)])),
  }
}

/** What links to each row hold. */
function keysOf(entity: Entity, places: readonly Place[]): readonly string[] {
  return places.map((tenant, at) => keyAt(entity, at, places.slice(0, at).filter((each) => each === tenant).length))
}

/** No two links between the same rows. */
function withoutDoubles(name: string, rows: readonly Row[]): readonly Row[] {
  if (name !== 'ItemLabel') return rows
  return [...new Map(rows.map((row) => [JSON.stringify([row.$tenant, row.item, row.label]), row])).values()]
}

/** What must lead to a row is removed with it, or keeps it: the database sees to that. */
export function withoutOrphans(
  model: Model,
  given: Readonly<Record<string, readonly Row[]>>,
): Readonly<Record<string, readonly Row[]>> {
  const rows = { ...given }
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const isGone = (to: string, row: Row, key: Row[string]): boolean => {
    const target = entities.get(to)!
    const found = rows[to]!.find(
      (each) => keyText(target, each) === key && (each.$tenant ?? row.$tenant) === row.$tenant,
    )
    return found === undefined || found.deletedAt !== null
  }
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
    for (const entity of model.entities) {
      const must = toOnesOf(entity).filter(({ onRemove }) => onRemove !== 'keep')
      rows[entity.name] = rows[entity.name]!.map((row) => {
        if (row.deletedAt !== null) return row
        if (!must.some(({ name, to }) => row[name] !== null && isGone(to, row, row[name]!))) return row
        isSettled = false
        return { ...row, deletedAt: removed }
      })
    }
  }
  return rows
}

/** Whose each row is: one in four is the other tenant's; undefined where rows are nobody's, null of ours. */
function placesOf(random: Random, { name, tenancy }: Entity): readonly Place[] {
  return random.times(counts[name] ?? 0, (at) => {
    if (tenancy === 'none') return undefined
    if (tenancy === 'self') return tenants[at]
    if (tenancy === 'shared' && random.chance(40)) return null
    return tenants[random.chance(25) ? 1 : 0]
  })
}

type Place = string | undefined | null

/** Whose the rows of each entity are, and how they are known. */
interface Places {
  readonly places: ReadonlyMap<string, readonly Place[]>
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** A move that rows made before: where a to-one led until then. */
export interface Move {
  readonly entity: string
  readonly id: string
  readonly relation: string
  readonly from: string
}

/** Some rows have come from elsewhere: what they carry has followed. */
export function generateMoves(
  random: Random,
  model: Model,
  rows: Readonly<Record<string, readonly Row[]>>,
): readonly Move[] {
  return ['Item', 'Line', 'Part', 'Team'].flatMap((name) => {
    const entity = model.entities.find((each) => each.name === name)
    if (entity === undefined) return []
    return rows[name]!.filter((row) => row.deletedAt === null && random.chance(25)).flatMap((row): readonly Move[] => {
      const ones = toOnesOf(entity).filter((one) => row[one.name] !== null && one.to !== 'Person')
      if (ones.length === 0) return []
      const { name: relation, to } = random.pick(ones)
      const target = model.entities.find((each) => each.name === to)!
      // A tree has no circles: rows stand below earlier ones.
      const isBefore = (other: Row) => relation !== entity.tree || isEarlier(other, row)
      const others = rows[to]!.filter(
        (other) => other.$tenant === row.$tenant && other.deletedAt === null && isBefore(other),
      )
      if (others.length === 0) return []
      return [{ entity: name, id: row.id as string, relation, from: keyText(target, random.pick(others)) }]
    })
  })
}

/** Ids are given in order. */
export function isEarlier(other: Row, row: Row): boolean {
  return String(other.id as string) < String(row.id as string)
}

function rowFrom(
  random: Random,
  { entity, tenant, at }: { readonly entity: Entity; readonly tenant: Place; readonly at: number },
  known: Places,
): Row {
  const fields = columnFields(entity).filter(({ builtIn, name }) => !builtIn || name === 'status')
  const isGone = (removable: number) => random.chance(removable)
  const key = known.keys.get(entity.name)![at]!
  // Rows without an id are known by one here alone.
  const id = entity.key[0] === 'id' ? key : idOf(entity.name, at)
  const row = {
    id,
    ...(tenant === undefined ? {} : { $tenant: tenant }),
    ...Object.fromEntries(fields.map((field) => [field.name, valueFrom(random, field)])),
    ...(entity.tenancy === 'shared' ? { isShared: tenant === null } : {}),
    ...Object.fromEntries(
      toOnesOf(entity).map(({ name, to, optional }) => {
        const link = linkFrom(random, { to, optional, tenant }, known)
        // A tree has no circles: rows stand below earlier ones.
        return [name, name === entity.tree && link !== null && link >= id ? null : link]
      }),
    ),
    ...keyValues(entity, at, key),
    deletedAt: entity.link === null && isGone(entity.tenancy === 'self' ? 10 : 18) ? removed : null,
  }
  return withWholes(entity, row)
}

/** Codes differ among rows of a tenant. */
function keyValues({ key, fields }: Entity, at: number, code: string): Row {
  const own = fields.filter(({ name, builtIn }) => !builtIn && key.includes(name))
  return Object.fromEntries(own.map(({ name }) => [name, key.length === 1 ? code : `k${at}`]))
}

/** The key of a row of the same tenant; null where there is none or may be none. */
export function linkFrom(
  random: Random,
  { to, optional, tenant }: { readonly to: string; readonly optional: boolean; readonly tenant: Place },
  { places, keys }: Places,
): string | null {
  if (optional && random.chance(25)) return null
  const all = keys.get(to)!
  const mine = places
    .get(to)!
    .flatMap((each, at) => (each === undefined || each === null || each === tenant ? [all[at]!] : []))
  return mine.length === 0 ? (optional ? null : all[0]!) : random.pick(mine)
}

/** Callers of every sort: several roles, none, visitors, without a claim, without an id, with a removed row, of the other tenant. */
export function generateCallers(random: Random): readonly Caller[] {
  const sets: readonly (readonly string[])[] = [['clerk'], ['lead'], ['boss'], ['auditor'], ['clerk', 'auditor'], []]
  const claims = (): Caller['claims'] => ({
    ...(random.chance(75) ? { region: random.pick(['eu', 'us']) } : {}),
    ...(random.chance(75) ? { grade: random.below(3) } : {}),
    ...(random.chance(60) ? { since: random.pick(pools.date!) } : {}),
    ...(random.chance(60) ? { vip: random.chance(50) } : {}),
  })
  const request = (): Caller['request'] => ({
    ...(random.chance(50) ? { mfa: random.chance(60) } : {}),
    ...(random.chance(70) ? { ip: random.pick(['10.1.2.3', '192.168.0.7', '2001:db8::1']) } : {}),
    ...(random.chance(70) ? { signedInFor: random.pick([30, 4000, 200_000]) } : {}),
  })
  const signedIn = random.times(4, (at) => ({
    id: at === 2 && random.chance(50) ? null : idOf('Person', random.below(4)),
    roles: random.chance(70) ? random.pick(sets) : sets[Math.min(at + 2, 5)]!,
    tenant: tenants[random.chance(85) ? 0 : 1],
    claims: claims(),
    request: request(),
  }))
  const visitor = { id: null, roles: null, tenant: null, claims: {}, request: request() }
  return random.chance(30) ? [...signedIn, visitor] : signedIn
}
