import { declare, type MayCondition } from '#schema'

/** The caller may do this with the related row: `{ order: may('read') }`, `{ lines: { some: may('update') } }`. */
export function may<const Verb extends string>(verb: Verb): MayCondition<Verb> {
  return declare('may', { verb })
}
