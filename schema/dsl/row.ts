import type { ItsRef, RowRef, WasRef } from '../types/comparison.ts'
import { declare } from './declare.ts'

/**
 * A value of the row that the rule is about, however deep the condition is: `{ promisedOn: { atLeast: row('wantedOn') } }`. In
 * policies also of a row that it leads to, over two relations at most: `row('customer.owner')`.
 */
export function row<const Name extends string>(name: Name): RowRef<Name> {
  return declare('rowRef', { name })
}

/** A value of the row at this level of the condition: `{ lines: { some: { discount: { over: its('limit') } } } }`. */
export function its(name: string): ItsRef {
  return declare('itsRef', { name })
}

/** A value of the row before the change; only in `becoming`: `{ price: { atMost: was('price') } }`. */
export function was(name: string): WasRef {
  return declare('wasRef', { name })
}
