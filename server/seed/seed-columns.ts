import { didYouMean } from '#base'
import {
  type EmbedField,
  type Entity,
  type Field,
  isEmbed,
  isStructured,
  isZoneless,
  leavesOf,
  membersOf,
  periodText,
} from '#schema'
import { readStored, shownPath } from '../structures/read-stored.ts'
import { utcText } from '../structures/utc-text.ts'
import type { SeedValue } from './define-seed.ts'

interface Place {
  readonly entity: Entity
  readonly problems: string[]
}

/** Simple values by column. */
export type SeedColumns = Readonly<Record<string, SeedValue>>

/** What a seed says of a field, by column: a value object has one for each of its parts, all of them null where it is missing. */
export function seedColumns(field: Field, value: SeedValue, place: Place): SeedColumns {
  if (isEmbed(field)) return embedColumns(field, value, place)
  const { type, column, name } = field
  // Sealed where the whole row is there.
  if (type.kind === 'secret') return { [column]: value }
  if (isStructured(type)) return { [column]: storedSeed(field, value, place) }
  // Postgres would store the text of the object.
  if (isObject(value) && type.kind === 'text') place.problems.push(`"${name}" of "${place.entity.name}" is one text.`)
  if (isZoneless(field)) return { [column]: utcSeed(value) }
  if (type.kind !== 'period' || value === null) return { [column]: value }
  const { from = null, to = null } = isObject(value) ? value : {}
  const isRead = isObject(value) && [from, to].every((end) => end === null || typeof end === 'string')
  const range = isRead ? periodText(type.of, { from: from as string | null, to: to as string | null }) : null
  if (range === null)
    place.problems.push(`"${name}" of "${place.entity.name}" must be { from, to }, and end after it begins.`)
  return { [column]: range }
}

/** A column without zone would drop that of the text. */
function utcSeed(value: SeedValue): SeedValue {
  const text: unknown = value instanceof Date ? value.toJSON() : value
  return typeof text === 'string' ? utcText(text) : value
}

/** Values with parts are read here, for the database would refuse their other forms and not say which part it is. */
function storedSeed({ name, type }: Field, value: SeedValue, { entity, problems }: Place): SeedValue {
  const read = readStored(type, value)
  if (read.ok) return read.value
  problems.push(`"${entity.name}.${shownPath([name, ...read.at])}" ${read.fault}.`)
  return null
}

function embedColumns(embed: EmbedField, value: SeedValue, place: Place): SeedColumns {
  if (value === null) return Object.fromEntries(leavesOf(embed).map(({ column }) => [column, null]))
  const columns: Record<string, SeedValue> = {}
  if (!isObject(value)) {
    place.problems.push(`"${embed.name}" of "${place.entity.name}" must be an object of its parts.`)
    return columns
  }
  const parts = membersOf(embed)
  const names = embed.type.fields.map(({ name }) => name)
  for (const [name, given] of Object.entries(value)) {
    const part = parts.find((each) => each.name === `${embed.name}.${name}`)
    if (part !== undefined) Object.assign(columns, seedColumns(part, given, place))
    else place.problems.push(`"${embed.name}" of "${place.entity.name}" has no part "${name}".${meant(name, names)}`)
  }
  return columns
}

/** The end of a message about a name that does not exist: the one that was probably meant. */
export function meant(name: string, candidates: readonly string[]): string {
  const suggestion = didYouMean(name, candidates)
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`
}

function isObject(value: unknown): value is { readonly [part: string]: SeedValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
