import type { RowRef } from '../types/comparison.ts'
import { declare } from './declare.ts'

/** Another field of the same row: `{ promisedOn: { atLeast: row('wantedOn') } }`. */
export function row<const Name extends string>(name: Name): RowRef<Name> {
  return declare('rowRef', { name })
}
