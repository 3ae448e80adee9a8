import type { Row } from '#policies'
import { type Entity, embedsOf, type Field, type FieldType, leavesOf, requiredParts } from '#schema'
import { pools } from './pools.ts'
import type { Random } from './random.ts'

/** A value that the field may hold. */
export function valueFrom(random: Random, { name, type, optional }: Field): Row[string] {
  if (optional && random.chance(30)) return null
  if (name === 'until') return random.pick(type.kind === 'date' ? untilDays : untilInstants)
  return someOf(random, type)
}

const untilDays = ['2026-02-01', '2199-01-31', '2198-02-01']
const untilInstants = ['2026-02-01T00:00:00.001Z', '2199-01-31T23:30:00.000Z', '2198-02-01T00:00:00.000Z']

function someOf(random: Random, type: FieldType): Row[string] {
  if (type.kind === 'shape') return { size: random.chance(70) ? random.pick(pools.int!) : null }
  if (type.kind === 'dict') return random.chance(40) ? {} : { a: 1, "b'": random.below(9) }
  if (type.kind === 'base64') return random.pick(['', 'AAEC', '/+8='])
  if (type.kind === 'list' && type.of.kind === 'shape') return random.times(random.below(3), (size) => ({ size }))
  if (type.kind === 'list') return random.some(pools[type.of.kind]!, 0, 35)
  if (type.kind === 'choice') return random.pick(type.values).value
  if (type.kind !== 'period') return random.pick(pools[type.kind]!)
  const [a, b] = [random.pick(pools[type.of]!), random.pick(pools[type.of]!)].map(String).sort()
  // A period that holds nothing is refused.
  const isOpen = random.chance(20) || a === b
  return `[${random.chance(20) ? '' : `"${a}"`},${isOpen ? '' : `"${b}"`})`
}

/** A value object is there with its required parts or not at all; of what is one of several at most one is there. */
export function withWholes(entity: Entity, row: Row): Row {
  const absent = embedsOf(entity).flatMap((embed) => {
    const required = requiredParts(embed)
    const isAbsent = embed.optional && required.some(({ name }) => (row[name] ?? null) === null)
    return isAbsent ? leavesOf(embed).map(({ name }) => name) : []
  })
  const others = entity.relations.flatMap((relation) => {
    if (relation.kind !== 'oneOf') return []
    const set = relation.targets.filter((target) => (row[target.relation] ?? null) !== null)
    return set.slice(1).map((target) => target.relation)
  })
  const none = [...absent, ...others].filter((name) => name in row).map((name) => [name, null] as const)
  return none.length === 0 ? row : { ...row, ...Object.fromEntries(none) }
}
