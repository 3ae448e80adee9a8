import { declare } from '../dsl/declare.ts'

/** Declarations that several fields share, each made once. */
export interface SharedTypes {
  choice(name: string, values: unknown): unknown
  shape(name: string, parts: unknown): unknown
  embed(name: string, fields: unknown): unknown
  /** Every declaration made so far, by name. */
  readonly all: ReadonlyMap<string, unknown>
}

/** An empty collection. */
export function sharedTypes(): SharedTypes {
  const all = new Map<string, unknown>()
  const once = (name: string, make: () => unknown): unknown => {
    const known = all.get(name) ?? make()
    all.set(name, known)
    return known
  }
  return {
    all,
    choice: (name, values) => once(name, () => declare('choiceType', { name, values, at: null })),
    embed: (name, fields) => once(name, () => declare('embedType', { name, fields, at: null })),
    shape: (name, parts) => once(name, () => declare('shapeType', { name, parts, at: null })),
  }
}
