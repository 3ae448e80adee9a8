import type { Catalog } from '../catalog/catalog.ts'
import { catalogFacts, type Fact } from './catalog-facts.ts'
import type { Extra } from './live-catalog.ts'

/** One way in which a database is not what it should be. */
export interface Difference {
  /** `table`, `column`, `constraint`, `index`, `policy`, `trigger`, `grant`, `function`, `role`, or the kind of an extra. */
  readonly kind: string
  /** `app.order`, `app.order tenant`, `rowhouse.claim(name text)`. */
  readonly object: string
  /** `missing`, `unexpected`, or the property that differs. */
  readonly what: string
  /** Value of the property; null when there is none. */
  readonly expected: string | null
  readonly actual: string | null
}

type Comparable = Catalog & { readonly extras?: readonly Extra[] }

/**
 * Every difference between two catalogs, sorted by kind and object. Both must be in Postgres's words: the one from
 * `canonicalCatalog`, the other from `readCatalog`.
 */
export function compareCatalogs(expected: Comparable, actual: Comparable): readonly Difference[] {
  const wanted = catalogFacts(expected)
  const found = catalogFacts(actual)
  const keys = [...new Set([...wanted.keys(), ...found.keys()])].sort()
  return keys.flatMap((key) => compareFacts(wanted.get(key) ?? null, found.get(key) ?? null))
}

function compareFacts(wanted: Fact | null, found: Fact | null): readonly Difference[] {
  if (wanted === null) return found === null ? [] : [presence(found, 'unexpected')]
  if (found === null) return [presence(wanted, 'missing')]
  const properties = [...new Set([...Object.keys(wanted.values), ...Object.keys(found.values)])]
  return properties.flatMap((what) => {
    const expected = wanted.values[what] ?? null
    const actual = found.values[what] ?? null
    return expected === actual ? [] : [{ kind: wanted.kind, object: wanted.object, what, expected, actual }]
  })
}

function presence(fact: Fact, what: 'missing' | 'unexpected'): Difference {
  return { kind: fact.kind, object: fact.object, what, expected: null, actual: null }
}

/** One line for people: `policy app.order tenant: roles should be "public", but is ":MEMBER"`. */
export function formatDifference(difference: Difference): string {
  const object = `${difference.kind} ${difference.object}`
  if (difference.what === 'missing') return `${object}: missing`
  if (difference.what === 'unexpected') return `${object}: unexpected`
  const [expected, actual] = [difference.expected, difference.actual].map((value) => JSON.stringify(value) ?? 'null')
  return `${object}: ${difference.what} should be ${expected}, but is ${actual}`
}
