import { declare } from '../dsl/declare.ts'

/** Declarations that several fields share, each made once. */
export interface SharedTypes {
  choice(name: string, values: unknown): unknown
  /** Every declaration made so far, by name. */
  readonly all: ReadonlyMap<string, unknown>
}

/** An empty collection. */
export function sharedTypes(): SharedTypes {
  const all = new Map<string, unknown>()
  return {
    all,
    choice(name, values) {
      const known = all.get(name) ?? declare('choiceType', { name, values, at: null })
      all.set(name, known)
      return known
    },
  }
}
