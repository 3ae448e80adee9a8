import { kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ModelPath } from '../model/model.ts'
import { didYouMeanHint } from './hint.ts'

/**
 * Reads an object of options by name. Each reader answers null for an option that is absent, and reports one of the wrong
 * kind. {@link Options.done} reports the options that nobody asked for.
 */
export interface Options {
  readonly path: ModelPath
  /** Any value, unread. Undefined when absent. */
  raw(name: string): unknown
  /** Free text without NUL; `''` is refused. */
  text(name: string): string | null
  /** A name or other short word. */
  word(name: string): string | null
  flag(name: string): boolean
  integer(name: string): number | null
  number(name: string): number | null
  oneOf<const T extends string>(name: string, words: readonly T[]): T | null
  /** An object's entries, in order. */
  entries(name: string): readonly (readonly [string, unknown])[]
  done(hints?: Readonly<Record<string, string>>): void
}

/** Opens the options at a path. What is no plain object is reported and read as empty. */
export function readOptions(given: unknown, path: ModelPath, problems: Problems): Options {
  const values = new Map(entriesOf(given, path, problems))
  const asked = new Set<string>()
  const take = (name: string): unknown => {
    asked.add(name)
    return values.get(name)
  }
  const wrong = (name: string, wanted: string): null => {
    const hint = formHint(name, wanted)
    problems.report('OPTION_INVALID', { path: [...path, name] }, `"${name}" must be ${wanted}.`, { hint })
    return null
  }
  const typed = <T>(name: string, wanted: string, fits: (value: unknown) => value is T): T | null => {
    const value = take(name)
    if (!values.has(name)) return null
    return fits(value) ? value : wrong(name, wanted)
  }
  return {
    path,
    raw: take,
    text: (name) => readText(typed(name, 'a text', isString), [...path, name], problems),
    word: (name) => typed(name, 'a name in quotes', isString),
    flag: (name) => typed(name, '`true` or `false`', isBoolean) ?? false,
    integer: (name) => typed(name, 'a whole number', isInteger),
    number: (name) => typed(name, 'a finite number', isFiniteNumber),
    oneOf: <const T extends string>(name: string, words: readonly T[]) => {
      const isWord = (value: unknown): value is T => words.some((word) => word === value)
      return typed(name, words.map((word) => `"${word}"`).join(' or '), isWord)
    },
    entries: (name) => {
      const value = take(name)
      return values.has(name) ? entriesOf(value, [...path, name], problems) : []
    },
    done(hints = {}) {
      for (const name of values.keys()) {
        if (asked.has(name)) continue
        const hint = hints[name] ?? didYouMeanHint(name, [...asked])
        problems.report('OPTION_UNKNOWN', { path: [...path, name], part: 'key' }, `There is no option "${name}".`, {
          hint,
        })
      }
    },
  }
}

/** How an option is written, by what it must be. */
function formHint(name: string, wanted: string): string {
  if (wanted.startsWith('`true`')) return `Write \`${name}: true\` without quotes, or leave it out.`
  if (wanted.endsWith('number')) return `Write digits without quotes, such as \`${name}: 20\`.`
  return wanted.startsWith('"') ? 'Write one of these words, in quotes.' : `Write it in quotes: \`${name}: '…'\`.`
}

/** Entries of a plain object in order. Anything else is reported and has none. */
export function entriesOf(
  given: unknown,
  path: ModelPath,
  problems: Problems,
): readonly (readonly [string, unknown])[] {
  if (given === undefined) return []
  if (isPlainObject(given)) return Object.entries(given)
  problems.report('OPTION_INVALID', { path }, `This must be an object, written as { … }.`)
  return []
}

/** True for an object literal: no class, no list, no declaration, no changed prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || kindOf(value) !== null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A text that Postgres can hold and a person can read, or null with a report. */
export function readText(
  text: string | null,
  path: ModelPath,
  problems: Problems,
  part: 'key' | 'value' = 'value',
): string | null {
  if (text === null) return null
  const fault = faultOf(text)
  if (fault === null) return text
  problems.report('TEXT_INVALID', { path, part }, fault)
  return null
}

function faultOf(text: string): string | null {
  if (text.trim() === '') return 'This text is empty.'
  if (text.includes('\0')) return 'This text holds a NUL character.'
  return text.isWellFormed() ? null : 'This text holds half of a surrogate pair.'
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
