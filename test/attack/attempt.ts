import type { GraphQLSchema } from 'graphql'
import type { Entity, Model } from '#schema'

/** A request that holds one id; asked twice, with an id of somebody else's row and with one of no row, it must be answered alike. */
export interface Attempt {
  readonly name: string
  readonly query: string
  /** @param id of a row of {@link target} */
  variables(id: string): object
  /** Entity whose id is asked for. */
  readonly target: string
}

/** Values that make a row of an entity: everything required, relations by their own ids. */
export type MakeRow = (entity: Entity) => Readonly<Record<string, unknown>>

/** What {@link tenantAttempts} needs to know. */
export interface AttemptSource {
  readonly schema: GraphQLSchema
  readonly model: Model
  /** Id of a row of the caller's own. */
  readonly ownId: (entity: string) => string
  readonly makeRow: MakeRow
  /** A change that is harmless: a field and its value. */
  readonly patch: MakeRow
}

/** Entity that a uuid of an entity is an id of; null for those that are data. */
export function targetOf(entity: Entity, field: string): string | null {
  if (field === 'id') return entity.name
  const found = entity.relations.find((relation) => `${relation.name}Id` === field)
  return found === undefined || found.kind === 'oneOf' ? null : found.to
}
