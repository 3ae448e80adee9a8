/** What may happen to any row; a row with a lifecycle also reaches states, by whose names those events are called. */
export type RowEvent = 'created' | 'updated' | 'removed' | 'restored' | 'deleted'
