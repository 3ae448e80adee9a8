import type { EntityName } from '../types/names.ts'
import type { PartOfOptions } from '../types/part-of.ts'
import type { One } from '../types/relation.ts'
import { declare } from './declare.ts'

/** This row belongs inside a row of `to`: a required to-one; deleted, removed and restored together with it. */
export function partOf<const N extends EntityName>(to: N, options?: PartOfOptions): One<N, false> {
  return declare('relation', { kind: 'partOf', to, options: options ?? {} })
}
