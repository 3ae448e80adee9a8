import type { Sql } from '#base'
import type { CopyTarget } from './send-rows.ts'

/** Column that says in which order the seed has the rows. No column of an entity has a blank. */
export const sequenceColumn = 'seed row'

/** A table that rows with the same columns wait in. It is gone before the transaction ends. */
export interface Stage {
  readonly table: Sql
  /** Columns that the rows give. */
  readonly columns: readonly string[]
  readonly target: CopyTarget
}
