import type { EntityName } from '../types/names.ts'
import type {
  HasOne,
  HasOneOptions,
  Many,
  ManyByOptions,
  ManyThroughOptions,
  One,
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

/** Many rows of `to`: the other side of a to-one relation, or both ends of an entity in between. */
export function many<const N extends EntityName>(to: N, options: ManyByOptions | ManyThroughOptions): Many<N> {
  return declare('relation', { kind: 'many', to, options })
}
