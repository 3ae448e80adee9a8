import type { Json } from '#base'
import type { ActionOutput, EntityMap } from '#schema'
import { keyFields } from '../graphql/key-fields.ts'
import { readStored, shownPath } from '../structures/read-stored.ts'

/** What code answered, as the answer is kept: plain JSON, a row by its key. Or what is wrong with it, in words. */
export type Answered = { readonly output: Json } | { readonly fault: string }

/** Reads what an action answered as its declaration says; null where it answers nothing of its own. */
export function readOutput(output: ActionOutput | undefined, entities: EntityMap, value: unknown): Answered {
  if (output === undefined) return { output: null }
  const plain = plainJson(value)
  if (plain === null) return { output: null }
  if (output.kind === 'row') return readKey(output.entity, entities, plain)
  if (typeof plain !== 'object' || Array.isArray(plain)) return { fault: 'It answers no values by their names.' }
  const values = plain as Readonly<Record<string, Json>>
  for (const { name, type, optional } of output.fields) {
    const each = values[name] ?? null
    if (each === null && !optional) return { fault: `"${name}" of its output is missing.` }
    const read = readStored(type, each)
    if (!read.ok) return { fault: `"${shownPath([name, ...read.at])}" of its output ${read.fault}.` }
  }
  return { output: plain }
}

/** Of a row nothing but its key; an id alone is one. */
function readKey(entity: string, entities: EntityMap, plain: Json): Answered {
  const fields = keyFields(entities.get(entity)!, entities)
  const row = (typeof plain === 'object' ? plain : { [fields[0]!.name]: plain }) as Readonly<Record<string, Json>>
  const isKey = fields.every(({ name, type }) => (row[name] ?? null) !== null && readStored(type, row[name]).ok)
  if (!isKey) return { fault: `It answers no row of "${entity}".` }
  return { output: Object.fromEntries(fields.map(({ name }) => [name, row[name]!])) }
}

function plainJson(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value ?? null, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)),
  ) as Json
}
