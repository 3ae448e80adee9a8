import type { Definition } from '../types/definition.ts'
import type { AnyFields, AnyRelations, Entity } from '../types/parts.ts'
import { callSite } from './call-site.ts'
import { declare } from './declare.ts'

/**
 * Declares an entity: its table, GraphQL type and forms follow from it. `id`, `createdAt`, `updatedAt` and `deletedAt` are
 * there without being said. Names of other entities are plain strings, known from the generated registry.
 */
export function entity<
  const N extends string,
  const F extends AnyFields,
  const R extends AnyRelations = Record<never, never>,
  const S extends string = never,
  const T extends string = never,
  const A = Record<never, never>,
  const C = unknown,
>(name: N, definition: Definition<F, R, S, T, A, C>): Entity<N, F, R, S, T, A, C> {
  return declare('entity', { name, definition, at: callSite() })
}
