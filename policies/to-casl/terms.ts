import type { PackedConditions, PackedValue } from './packed-abilities.ts'

/** A test of one field of the row, as CASL does it. */
export interface Test {
  readonly field: string
  readonly op: string
  readonly value: PackedValue
}

/** Tests that must all hold. One that only the server can do makes the whole term a question for it. */
export interface Term {
  readonly tests: readonly Test[]
  readonly isLocal: boolean
}

/** Terms of which one must hold: CASL knows no `or` inside of a rule, so each becomes a rule. None: never true. */
export type Terms = readonly Term[]

/** True of every row. */
export const always: Terms = [{ tests: [], isLocal: true }]
/** True of no row. */
export const never: Terms = []
/** For the server to say. */
export const relational: Terms = [{ tests: [], isLocal: false }]

/** Beyond this many it is cheaper to ask. */
const mostTerms = 24

/** True of every row. */
export function isAlways(terms: Terms): boolean {
  return terms.some(({ tests, isLocal }) => isLocal && tests.length === 0)
}

/** One of them holds. */
export function anyOf(all: readonly Terms[]): Terms {
  return bounded(all.flat())
}

/** All of them hold. */
export function allOf(all: readonly Terms[]): Terms {
  if (all.some((terms) => terms.length === 0)) return never
  return all.reduce<Terms>((left, right) => bounded(left.flatMap((a) => right.map((b) => both(a, b)))), always)
}

/** The same, asked of the server. */
export function asRelational(terms: Terms): Terms {
  return terms.length === 0 ? never : relational
}

/** The conditions of a local term; undefined where it has none. */
export function conditionsOfTerm({ tests }: Term): PackedConditions | undefined {
  if (tests.length === 0) return undefined
  const made: Record<string, Record<string, PackedValue>> = {}
  for (const { field, op, value } of tests) made[field] = { ...made[field], [op]: value }
  return made
}

function bounded(terms: Terms): Terms {
  if (isAlways(terms)) return always
  const locals = terms.filter(({ isLocal }) => isLocal)
  if (locals.length > mostTerms) return relational
  return locals.length === terms.length ? terms : [...locals, ...relational]
}

function both(a: Term, b: Term): Term {
  if (!a.isLocal || !b.isLocal) return relational[0]!
  const tests = b.tests.reduce<readonly Test[] | null>(
    (kept, test) => (kept === null ? null : withTest(kept, test)),
    a.tests,
  )
  return tests === null ? relational[0]! : { tests, isLocal: true }
}

/** Each operator stands once for a field; null where two cannot be said as one. */
function withTest(tests: readonly Test[], test: Test): readonly Test[] | null {
  const same = tests.find(({ field, op }) => field === test.field && op === test.op)
  if (same === undefined) {
    const unequal = test.op === '$ne' ? tests.find(({ field, op }) => field === test.field && op === '$nin') : undefined
    return unequal === undefined
      ? [...tests, test]
      : replaced(tests, unequal, { ...unequal, value: union(unequal.value, test.value) })
  }
  if (JSON.stringify(same.value) === JSON.stringify(test.value)) return tests
  if (test.op === '$nin') return replaced(tests, same, { ...same, value: union(same.value, test.value) })
  if (test.op !== '$ne') return null
  const others = tests.filter((each) => each !== same)
  return withTest(others, { field: test.field, op: '$nin', value: union(same.value, test.value) })
}

function replaced(tests: readonly Test[], old: Test, test: Test): readonly Test[] {
  return tests.map((each) => (each === old ? test : each))
}

function union(a: PackedValue, b: PackedValue): PackedValue {
  const list = (value: PackedValue) => (typeof value === 'object' && value !== null ? value : [value])
  return [...new Set([...list(a), ...list(b)])]
}
