import type { Caller, Row } from '#policies'
import { type Entity, type Field, type FieldType, type Model, toOnesOf } from '#schema'
import { idOf, tenants } from './ids.ts'
import { pools } from './pools.ts'
import type { Random } from './random.ts'

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
}
const removed = '2026-01-15T00:00:00.000Z'

/** Rows of two tenants, some of them removed, with nulls wherever one may be. */
export function generateRows(random: Random, model: Model): Readonly<Record<string, readonly Row[]>> {
  const places = new Map(model.entities.map((entity) => [entity.name, placesOf(random, entity)]))
  const rows = model.entities.map((entity): [string, readonly Row[]] => [
    entity.name,
    places.get(entity.name)!.map((tenant, at) => rowFrom(random, { entity, tenant, at }, places)),
  ])
  return Object.fromEntries(rows)
}

/** Whose each row is: one in four is the other tenant's; undefined where rows are nobody's. */
function placesOf(random: Random, { name, tenancy }: Entity): readonly (string | undefined)[] {
  return random.times(counts[name]!, () => (tenancy === 'none' ? undefined : tenants[random.chance(25) ? 1 : 0]))
}

type Places = ReadonlyMap<string, readonly (string | undefined)[]>

function rowFrom(
  random: Random,
  { entity, tenant, at }: { readonly entity: Entity; readonly tenant: string | undefined; readonly at: number },
  places: Places,
): Row {
  const fields = entity.fields.filter(({ builtIn, name }) => !builtIn || name === 'status')
  const isGone = (removable: number) => random.chance(removable)
  return {
    id: idOf(entity.name, at),
    ...(tenant === undefined ? {} : { $tenant: tenant }),
    ...Object.fromEntries(fields.map((field) => [field.name, valueFrom(random, field)])),
    ...Object.fromEntries(
      toOnesOf(entity).map(({ name, to, optional }) => [name, linkFrom(random, { to, optional, tenant }, places)]),
    ),
    deletedAt: isGone(18) ? removed : null,
  }
}

/** A value that the field may hold. */
export function valueFrom(random: Random, { type, optional }: Field): Row[string] {
  if (optional && random.chance(30)) return null
  return someOf(random, type)
}

function someOf(random: Random, type: FieldType): Row[string] {
  if (type.kind === 'list') return random.some(pools[type.of.kind]!, 0, 35)
  if (type.kind === 'choice') return random.pick(type.values).value
  if (type.kind !== 'period') return random.pick(pools[type.kind]!)
  const [a, b] = [random.pick(pools[type.of]!), random.pick(pools[type.of]!)].map(String).sort()
  // A period that holds nothing is refused.
  const isOpen = random.chance(20) || a === b
  return `[${random.chance(20) ? '' : `"${a}"`},${isOpen ? '' : `"${b}"`})`
}

/** The key of a row of the same tenant; null where there is none or may be none. */
export function linkFrom(
  random: Random,
  { to, optional, tenant }: { readonly to: string; readonly optional: boolean; readonly tenant: string | undefined },
  places: Places,
): string | null {
  if (optional && random.chance(25)) return null
  const mine = places.get(to)!.flatMap((each, at) => (each === undefined || each === tenant ? [idOf(to, at)] : []))
  return mine.length === 0 ? (optional ? null : idOf(to, 0)) : random.pick(mine)
}

/** Callers of every sort: several roles, none, visitors, without a claim, without an id, with a removed row, of the other tenant. */
export function generateCallers(random: Random): readonly Caller[] {
  const sets: readonly (readonly string[])[] = [['clerk'], ['lead'], ['boss'], ['auditor'], ['clerk', 'auditor'], []]
  const claims = (): Caller['claims'] => ({
    ...(random.chance(75) ? { region: random.pick(['eu', 'us']) } : {}),
    ...(random.chance(75) ? { grade: random.below(3) } : {}),
  })
  const signedIn = random.times(3, (at) => ({
    id: at === 2 && random.chance(50) ? null : idOf('Person', random.below(4)),
    roles: random.chance(70) ? random.pick(sets) : sets[at + 2]!,
    tenant: tenants[random.chance(85) ? 0 : 1],
    claims: claims(),
    request: {},
  }))
  const visitor = { id: null, roles: null, tenant: null, claims: {}, request: {} }
  return random.chance(30) ? [...signedIn, visitor] : signedIn
}
