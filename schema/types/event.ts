import type { EntityName } from './names.ts'
import type { StatusOf } from './parts.ts'
import type { Entities } from './registry.ts'

/** What may happen to any row; a row with a lifecycle also reaches states, by whose names those events are called. */
export type RowEvent = 'created' | 'updated' | 'removed' | 'restored' | 'deleted'

/** Name of an event: `Order.created`, or `Order.approved` for the state that was reached. */
export type EventName = keyof Entities extends never ? string : { [N in EntityName]: EventOf<N> }[EntityName]

type EventOf<N extends string> = `${N}.${RowEvent | (StatusOf<N> & string)}`
