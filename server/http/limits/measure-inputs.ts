import type { Operation } from './count-rows.ts'
import { deepestInput, documentInputs } from './document-inputs.ts'
import { isPattern, isSearch, wildcardsIn } from './input-words.ts'

/** How much an operation is told in its arguments and variables. */
export interface InputMeasures {
  /** Levels of lists and objects. */
  readonly depth: number
  /** Items of the longest list. */
  readonly items: number
  /** What filters, orders and groups name, wherever they are asked for. */
  readonly conditions: number
  /** Searches for words, in lists and in filters. */
  readonly searches: number
  /** Signs for anything, `%`, of the pattern that has most. */
  readonly wildcards: number
}

type Sums = { -readonly [Name in keyof InputMeasures]: number }

/**
 * Measures arguments and variables of an operation. Fields of its document must have been counted: each is looked at wherever it is spread, though once for all
 * requests; what takes time each time are the variables.
 */
export function measureInputs({
  document,
  variableValues,
}: Pick<Operation, 'document' | 'variableValues'>): InputMeasures {
  const { literals, uses, defaults } = documentInputs(document)
  const sums: Sums = { ...literals }
  const given = variableValues ?? {}
  measureValue(given, sums, 0)
  for (const [name, { conditions, orders, patterns, searches }] of uses) {
    const value = Object.hasOwn(given, name) ? given[name] : defaults.get(name)
    if (conditions > 0) addConditions(value, sums, conditions)
    // Many values of an "in", further inside, are one condition.
    if (Array.isArray(value)) sums.conditions += value.length * orders
    if (patterns > 0 && typeof value === 'string') sums.wildcards = Math.max(sums.wildcards, wildcardsIn(value))
    if (isSearch(value)) sums.searches += searches
  }
  return sums
}

/** What JSON holds, wherever it is used. */
function measureValue(value: unknown, sums: Sums, level: number): void {
  if (typeof value !== 'object' || value === null) return
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (Array.isArray(value)) sums.items = Math.max(sums.items, value.length)
  sums.depth = Math.max(sums.depth, level)
  if (level < deepestInput) for (const each of inner) measureValue(each, sums, level + 1)
}

/** What a variable says that is a filter, or part of one, so many times. */
function addConditions(value: unknown, sums: Sums, times: number): void {
  const found = { conditions: 0, searches: 0 }
  countIn(value, found, { sums, level: 0 })
  sums.conditions += found.conditions * times
  sums.searches += found.searches * times
}

function countIn(
  value: unknown,
  found: { conditions: number; searches: number },
  { sums, level }: { readonly sums: Sums; readonly level: number },
): void {
  if (typeof value !== 'object' || value === null || level > deepestInput) return
  const inside = { sums, level: level + 1 }
  if (Array.isArray(value)) {
    for (const each of value) countIn(each, found, inside)
    return
  }
  for (const [key, each] of Object.entries(value)) {
    found.conditions += 1
    if (typeof each === 'string' && isPattern(key)) sums.wildcards = Math.max(sums.wildcards, wildcardsIn(each))
    if (key === 'search' && isSearch(each)) found.searches += 1
    countIn(each, found, inside)
  }
}
