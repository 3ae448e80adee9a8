import type { Verification } from './context.ts'
import { everyField } from './every-field.ts'

/** Patterns mean the same in Postgres and in JavaScript. */
export function verifyPatterns({ model, problems }: Verification): void {
  for (const { field, path } of everyField(model)) {
    if (field.type.kind !== 'text' || field.type.matches === null) continue
    const pattern = compilePattern(field.type.matches)
    if (!pattern.ok) problems.report('FIELD_PATTERN_INVALID', { path: [...path, 'matches'] }, pattern.message)
  }
}

/** A pattern that matches whole values, or what is wrong with it. */
export type Pattern = { readonly ok: true; readonly matches: RegExp } | { readonly ok: false; readonly message: string }

/** Compiles a pattern, refusing what has no equal in Postgres. */
export function compilePattern(source: string): Pattern {
  let matches: RegExp
  try {
    // By itself first: `a)|(b` is sound only inside of the group.
    new RegExp(source, 'u')
    matches = new RegExp(`^(?:${source})$`, 'u')
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/u: /, '') : String(error)
    return { ok: false, message: `This is no regular expression: ${reason}.` }
  }
  const foreign = foreignPart(source)
  if (foreign === null) return { ok: true, matches }
  return { ok: false, message: `"${foreign}" has no equal in the regular expressions of Postgres.` }
}

/** Back-references, Unicode properties, code points in braces, and NUL, which no text of Postgres holds. */
const foreignEscape = /^\\(?:[1-9k0pP]|u\{|x00|u0000)/

/** Repetitions end at 255 in Postgres. */
const maxRepetitions = 255

function foreignPart(source: string): string | null {
  if (source.includes('\0')) return '\\0'
  for (const { 0: escaped, index } of source.matchAll(/\\./gs)) {
    if (foreignEscape.test(source.slice(index))) return escaped
  }
  const plain = source.replaceAll(/\\./gs, '__')
  // Flags inside of the pattern.
  const group = /\(\?(?![:=!<])[^)]{0,3}/.exec(plain)
  if (group !== null) return group[0]
  for (const [repetition, least = '0', most = '0'] of plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    if (Math.max(Number(least), Number(most)) > maxRepetitions) return repetition
  }
  return null
}
