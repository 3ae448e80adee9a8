import { type Line, line } from './line.ts'

/** A condition in English, before it is laid out. */
export type Clause =
  | {
      readonly kind: 'says'
      readonly text: string
    }
  | {
      readonly kind: 'all' | 'any'
      /** At least two. */
      readonly parts: readonly Clause[]
    }
  | {
      readonly kind: 'list'
      /** What stands in front says how many of them must hold. */
      readonly parts: readonly Clause[]
    }
  | {
      readonly kind: 'about'
      /** What the clause below is said of, without a colon: `for none of its lines`. */
      readonly text: string
      readonly clause: Clause
    }

/** A clause of one sentence part. */
export function says(text: string): Clause {
  return { kind: 'says', text }
}

/** Two short clauses stand in one line; more would be read wrongly. */
const longestInline = 110

/** A sentence that begins with these words and ends with the clause; where the clause has several parts, each has a line of its own. */
export function clauseLines(intro: string, clause: Clause): readonly Line[] {
  const short = inline(clause)
  if (short !== null && intro.length + short.length <= longestInline + 60) return [line(`${intro} ${short}`)]
  if (clause.kind === 'about') return clauseLines(`${intro} ${clause.text}:`, clause.clause)
  if (clause.kind === 'says') return [line(`${intro} ${clause.text}`)]
  if (clause.kind === 'list') return [line(intro, clause.parts.flatMap(bullet))]
  const opening = intro.endsWith(':') ? intro.slice(0, -1) : intro
  return [line(`${opening}${opening === '' ? '' : ' '}${heading(clause)}:`, clause.parts.flatMap(bullet))]
}

/** What stands in one line without being misread; null where that is not possible. */
function inline(clause: Clause): string | null {
  if (clause.kind === 'says') return clause.text
  if (clause.kind === 'about' || clause.kind === 'list' || clause.parts.length > 2) return null
  const [first, second] = clause.parts
  if (first?.kind !== 'says' || second?.kind !== 'says') return null
  const text = `${first.text} ${clause.kind === 'all' ? 'and' : 'or'} ${second.text}`
  // Brackets and lists of values in front of `and` would leave open what it joins.
  return text.length > longestInline || /[(]| or .* or | or .* and | and .* or /.test(text) ? null : text
}

function heading(clause: Extract<Clause, { readonly kind: 'all' | 'any' }>): string {
  if (clause.kind === 'any') return 'at least one of these holds'
  // Keys side by side mean and, also beside `anyOf`: whoever wrote a comma may have meant the other.
  return clause.parts.some(({ kind }) => kind === 'any') ? 'all of these hold (a comma means and)' : 'all of these hold'
}

function bullet(clause: Clause): readonly Line[] {
  if (clause.kind === 'says') return [line(`- ${clause.text}`)]
  if (clause.kind === 'about') return clauseLines(`- ${clause.text}:`, clause.clause)
  if (clause.kind === 'list') return clause.parts.flatMap(bullet)
  const short = inline(clause)
  if (short !== null) return [line(`- ${short}`)]
  return [line(`- ${heading(clause)}:`, clause.parts.flatMap(bullet))]
}

/** The clause in one line, with brackets where it would be misread. */
export function clausePhrase(clause: Clause): string {
  if (clause.kind === 'says') return clause.text
  if (clause.kind === 'about') return `${clause.text}: ${inBrackets(clause.clause)}`
  return clause.parts.map(inBrackets).join(joints[clause.kind])
}

const joints = { all: ' and ', any: ' or ', list: '; ' } as const

function inBrackets(clause: Clause): string {
  return clause.kind === 'says' ? clause.text : `(${clausePhrase(clause)})`
}
