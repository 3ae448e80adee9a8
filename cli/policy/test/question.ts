import type { RowValue } from '#policies'

/** An expectation in words: `ann updates o1.margin { margin: "5" }`. */
export interface Asked {
  readonly actor: string
  /** As it is written: `updates`. */
  readonly verb: string
  /** Name of a row; of an entity where a row is to be made. */
  readonly subject: string
  readonly field: string | null
  /** The names of rows are kept apart from texts. */
  readonly values: Readonly<Record<string, GivenValue>>
}

/** A value, or the name of a row. */
export type GivenValue = { readonly value: RowValue } | { readonly row: string }

const whole = /^\s*(\w+)\s+(\w+)\s+(\w+)(?:\.(\w+))?\s*(\{[\s\S]*\})?\s*$/

/** Reads an expectation; null when it is none. */
export function readQuestion(text: string): Asked | null {
  const [, actor, verb, subject, field = null, given] = whole.exec(text) ?? []
  if (actor === undefined || verb === undefined || subject === undefined) return null
  const values = given === undefined ? {} : readValues(given.slice(1, -1))
  return values === null ? null : { actor, verb, subject, field, values }
}

const pair = /^\s*(\w+(?:\.\w+)*)\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|\w+)\s*(?:,|$)/

function readValues(text: string): Readonly<Record<string, GivenValue>> | null {
  const values: Record<string, GivenValue> = {}
  let rest = text
  while (rest.trim() !== '') {
    const [found, name, word] = pair.exec(rest) ?? []
    if (found === undefined || name === undefined || word === undefined) return null
    values[name] = readValue(word)
    rest = rest.slice(found.length)
  }
  return values
}

function readValue(word: string): GivenValue {
  if (/^["']/.test(word)) return { value: word.slice(1, -1).replaceAll(/\\(.)/g, '$1') }
  if (word === 'true' || word === 'false') return { value: word === 'true' }
  if (word === 'null') return { value: null }
  return /^-?\d/.test(word) ? { value: Number(word) } : { row: word }
}

/** `read` → `reads`, `approve` → `approves`, `notify` → `notifies`, `ship` → `ships`, `pass` → `passes`. */
export function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`
  return /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`
}
