import { bracket, type CharSet, complement, digits, lineEnds, spaces, wordChars } from './char-set.ts'

/** A pattern for Postgres' `~`, or why there is none: `reason` goes on after "it", `at` is the character (from 1) where it begins. */
export type PatternTranslation =
  | { readonly ok: true; readonly pattern: string }
  | { readonly ok: false; readonly reason: string; readonly at: number }

/**
 * Translates the source of a JavaScript regular expression (no flags) to a Postgres one that accepts the same whole values.
 * Classes are spelled out, because `\d`, `\w` and `\b` mean other things in Postgres; a character is a code point.
 * Back references, `\p{…}` and inline flags are refused.
 *
 * @see https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS
 */
export function postgresPattern(source: string): PatternTranslation {
  const reader: Reader = { chars: Array.from(source), at: 0, termAt: 0 }
  try {
    new RegExp(source)
    const pattern = alternatives(reader)
    if (reader.at < reader.chars.length) throw new Untranslatable('closes a group that was never opened')
    return { ok: true, pattern: `^(?:${pattern})$` }
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, reason: 'is no regular expression', at: 1 }
    if (error instanceof Untranslatable) return { ok: false, reason: error.message, at: reader.termAt + 1 }
    throw error
  }
}

class Untranslatable extends Error {}

interface Reader {
  readonly chars: readonly string[]
  at: number
  /** Where the term begins that is being read, for messages. */
  termAt: number
}

/** Postgres' limit for the numbers in `{n,m}`. */
const maxRepeat = 255

function alternatives(reader: Reader): string {
  let result = terms(reader)
  while (take(reader, '|')) result += `|${terms(reader)}`
  return result
}

function terms(reader: Reader): string {
  let result = ''
  while (reader.at < reader.chars.length && !peek(reader, '|') && !peek(reader, ')')) {
    reader.termAt = reader.at
    const { text, repeats } = term(reader)
    reader.termAt = reader.at
    const repeat = quantifier(reader)
    if (repeat !== '' && !repeats) throw new Untranslatable('repeats an assertion')
    result += text + repeat
  }
  return result
}

interface Term {
  readonly text: string
  /** False for what matches a place, not a character. */
  readonly repeats: boolean
}

const atom = (text: string): Term => ({ text, repeats: true })
const place = (text: string): Term => ({ text, repeats: false })

function term(reader: Reader): Term {
  const char = next(reader)
  if (char === '^' || char === '$') return place(char)
  if (char === '.') return atom(bracket(complement(lineEnds)))
  if (char === '(') return group(reader)
  if (char === '[') return atom(charClass(reader))
  if (char === '\\') return escaped(reader)
  return atom(literal(char))
}

function group(reader: Reader): Term {
  const opening = ['?:', '?=', '?!', '?<=', '?<!'].find((each) => takeAll(reader, each))
  if (opening === undefined && take(reader, '?')) {
    if (!take(reader, '<')) throw new Untranslatable('sets flags inside the pattern')
    while (next(reader) !== '>');
  }
  const inner = alternatives(reader)
  if (!take(reader, ')')) throw new Untranslatable('does not close a group')
  const text = `(${opening ?? '?:'}${inner})`
  return opening === undefined || opening === '?:' ? atom(text) : place(text)
}

function quantifier(reader: Reader): string {
  const text = simpleQuantifier(reader) ?? counted(reader)
  // Lazy or greedy makes no difference to whether the whole value matches.
  if (text !== '') take(reader, '?')
  return text
}

function simpleQuantifier(reader: Reader): string | null {
  return ['*', '+', '?'].find((each) => take(reader, each)) ?? null
}

function counted(reader: Reader): string {
  const match = /^\{(\d+)(,(\d*))?\}/.exec(reader.chars.slice(reader.at, reader.at + 40).join(''))
  if (match === null) return ''
  if (Number(match[1]) > maxRepeat || Number(match[3] ?? 0) > maxRepeat) {
    throw new Untranslatable(`repeats more than ${maxRepeat} times`)
  }
  reader.at += match[0].length
  return match[0]
}

function escaped(reader: Reader): Term {
  if (take(reader, 'b')) return place(wordEdge)
  if (take(reader, 'B')) return place(noWordEdge)
  const set = shorthand(reader)
  if (set !== null) return atom(bracket(set))
  if (/[1-9k]/.test(reader.chars[reader.at] ?? '')) throw new Untranslatable('refers back to a group')
  return atom(literal(String.fromCodePoint(escapedCode(reader))))
}

const word = bracket(wordChars)
const wordEdge = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
const noWordEdge = `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`

function shorthand(reader: Reader): CharSet | null {
  const sets: Readonly<Record<string, CharSet>> = { d: digits, w: wordChars, s: spaces }
  for (const [letter, set] of Object.entries(sets)) {
    if (take(reader, letter)) return set
    if (take(reader, letter.toUpperCase())) return complement(set)
  }
  return null
}

const controls: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d }

function escapedCode(reader: Reader): number {
  const char = next(reader)
  const control = controls[char]
  if (control !== undefined) return control
  if (char === 'x') return hexCode(reader, 2)
  if (char === 'u') return hexCode(reader, 4)
  if (char === 'c' && /[A-Za-z]/.test(reader.chars[reader.at] ?? '')) return next(reader).charCodeAt(0) % 32
  if (char === 'p' || char === 'P') throw new Untranslatable(`uses a Unicode property, "\\${char}"`)
  if (/[A-Za-z0-9]/.test(char)) throw new Untranslatable(`uses the escape "\\${char}"`)
  return code(char)
}

function hexCode(reader: Reader, length: number): number {
  const text = reader.chars.slice(reader.at, reader.at + length).join('')
  if (text.length !== length || !/^[0-9a-fA-F]+$/.test(text)) throw new Untranslatable('has an unfinished escape')
  reader.at += length
  return code(String.fromCharCode(Number.parseInt(text, 16)))
}

function charClass(reader: Reader): string {
  const negated = take(reader, '^')
  const ranges: (readonly [number, number])[] = []
  while (!take(reader, ']')) {
    const from = classMember(reader)
    if (!dashFollows(reader) || typeof from !== 'number') {
      ranges.push(...(typeof from === 'number' ? [[from, from] as const] : from))
      continue
    }
    next(reader)
    const to = classMember(reader)
    if (typeof to !== 'number') throw new Untranslatable('ends a range with a class')
    ranges.push([from, to])
  }
  if (ranges.length === 0 && !negated) return '(?!)'
  return bracket(negated ? complement(ranges) : ranges)
}

function dashFollows(reader: Reader): boolean {
  return peek(reader, '-') && reader.chars[reader.at + 1] !== ']'
}

function classMember(reader: Reader): number | CharSet {
  if (!take(reader, '\\')) return code(next(reader))
  if (take(reader, 'b')) return 0x08
  return shorthand(reader) ?? escapedCode(reader)
}

function literal(char: string): string {
  if (/^[A-Za-z0-9 _!"#%&',/:;<=>@`~-]$/.test(char)) return char
  if (/^[!-~]$/.test(char)) return `\\${char}`
  return bracket([[code(char), code(char)]])
}

function code(char: string): number {
  const value = char.codePointAt(0) ?? 0
  if (value === 0) throw new Untranslatable('asks for NUL, which Postgres text cannot hold')
  if (value >= 0xd800 && value <= 0xdfff) throw new Untranslatable('asks for half a character (a surrogate)')
  return value
}

function next(reader: Reader): string {
  const char = reader.chars[reader.at]
  if (char === undefined) throw new Untranslatable('ends too early')
  reader.at += 1
  return char
}

function peek(reader: Reader, char: string): boolean {
  return reader.chars[reader.at] === char
}

function take(reader: Reader, char: string): boolean {
  if (!peek(reader, char)) return false
  reader.at += 1
  return true
}

function takeAll(reader: Reader, text: string): boolean {
  if (reader.chars.slice(reader.at, reader.at + text.length).join('') !== text) return false
  reader.at += text.length
  return true
}
