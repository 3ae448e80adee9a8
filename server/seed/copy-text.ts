import { valueText } from './value-text.ts'

/** A value as `copy … from stdin` reads it, or what is wrong with it. */
export type CopyText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: string }

/** What Postgres reads as null. */
const nothing: CopyText = { ok: true, text: '\\N' }
const special = /[\\\n\r\t\0]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * A value in the text format of `copy`, as the same text that `jsonb_populate_record` would read: objects are JSON, and so are lists
 * that are not arrays of Postgres.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2
 */
export function copyText(value: unknown, isArray: boolean): CopyText {
  switch (typeof value) {
    case 'string':
      return plainText(value)
    case 'number':
      return Number.isFinite(value) ? { ok: true, text: String(value) } : { ok: false, fault: 'is no number' }
    case 'boolean':
      return { ok: true, text: value ? 't' : 'f' }
    case 'bigint':
      return { ok: true, text: String(value) }
    case 'undefined':
      return nothing
    case 'object':
      if (value === null) return nothing
      return plainText(isArray && Array.isArray(value) ? arrayText(value) : jsonText(value))
    default:
      return { ok: false, fault: 'is no value' }
  }
}

/** A text, with what `copy` takes for something else escaped. */
export function plainText(text: string): CopyText {
  if (!special.test(text)) return text.isWellFormed() ? { ok: true, text } : halved
  if (text.includes('\0')) return { ok: false, fault: 'holds a NUL character' }
  if (!text.isWellFormed()) return halved
  return { ok: true, text: text.replaceAll(/[\\\n\r\t]/g, (char) => escapes[char]!) }
}

/** UTF-8 cannot say it; it would come back as another character. */
const halved: CopyText = { ok: false, fault: 'holds half of a character' }

/** A moment in time is the text that it has in JSON. */
function jsonText(value: object): string {
  const text = JSON.stringify(value)
  return value instanceof Date ? (JSON.parse(text) ?? '') : text
}

/** `{"a","b"}` @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayText(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (value === null || value === undefined) return 'null'
    return `"${valueText(value).replaceAll(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}
