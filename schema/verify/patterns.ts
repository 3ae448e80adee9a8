import { postgresPattern } from '#base'
import type { Verification } from './context.ts'
import { everyType } from './every-type.ts'

/** Patterns mean the same in Postgres and in JavaScript. */
export function verifyPatterns({ model, problems }: Verification): void {
  for (const { type, path } of everyType(model)) {
    if (type.kind !== 'text' || type.matches === null) continue
    const pattern = compilePattern(type.matches)
    if (!pattern.ok) problems.report('FIELD_PATTERN_INVALID', { path: [...path, 'matches'] }, pattern.message)
  }
}

/** A pattern that matches whole values, or what is wrong with it. */
export type Pattern = { readonly ok: true; readonly matches: RegExp } | { readonly ok: false; readonly message: string }

/** Compiles a pattern, refusing what cannot be translated for Postgres. */
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
  const translation = postgresPattern(source)
  if (translation.ok) return { ok: true, matches }
  const { reason, at } = translation
  return { ok: false, message: `At character ${at} the pattern ${reason}, which Postgres cannot check.` }
}
