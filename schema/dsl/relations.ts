import type { EntityName } from '../types/names.ts'
import type {
  HasOne,
  HasOneOptions,
  Many,
  ManyByOptions,
  ManyDownOptions,
  ManyLinkOptions,
  ManyThroughOptions,
  ManyUpOptions,
  One,
  OneOf,
  OneOfOptions,
  OneOptions,
} from '../types/relation.ts'
import { declare } from './declare.ts'

/** This row holds the id of one row of `to`. */
export function one<const N extends EntityName, const Optional extends boolean = false>(
  to: N,
  options?: OneOptions<Optional>,
): One<N, Optional> {
  return declare('relation', { kind: 'one', to, options: options ?? {} })
}

/** At most one row of `to` holds this row's id: the other side of a unique to-one relation. */
export function hasOne<const N extends EntityName>(to: N, options: HasOneOptions): HasOne<N> {
  return declare('relation', { kind: 'hasOne', to, options })
}

/** One row of one of several entities; each has a key of its own in this row. */
export function oneOf<const N extends EntityName, const Optional extends boolean = false>(
  to: readonly N[],
  options?: OneOfOptions<Optional>,
): OneOf<N, Optional> {
  return declare('relation', { kind: 'oneOf', to, options: options ?? {} })
}

/**
 * Many rows of `to`: the other side of a to-one relation or of a link, both ends of an entity in between, a link, whose
 * table is made and named for you, or the rows above or below in a tree.
 */
export function many<const N extends EntityName, const Linked extends true = never>(
  to: N,
  options: ManyByOptions | ManyThroughOptions | ManyUpOptions | ManyDownOptions | ManyLinkOptions<Linked>,
): Many<N, true extends Linked ? true : false> {
  return declare('relation', { kind: 'many', to, options })
}
