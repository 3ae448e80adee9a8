import type { RowId, RowQuery } from '#base'
import type { EntityName } from '#schema'
import type { ScriptRow } from './plain.ts'

/** Rows, in the caller's transaction and under the caller's rights. A refusal is thrown; it has the `code` that GraphQL answers. */
export interface ScriptDb {
  /** The rows that the caller may read and the condition keeps. */
  find<const N extends EntityName>(entity: N, query?: RowQuery): Promise<readonly ScriptRow<N>[]>
  /** The row; null where there is none that the caller may read. */
  get<const N extends EntityName>(entity: N, id: RowId): Promise<ScriptRow<N> | null>
  /** The new row, as far as the caller may read it. */
  create<const N extends EntityName>(entity: N, values: object): Promise<ScriptRow<N>>
  /** The row as it is now; null where the caller may no longer read it. */
  update<const N extends EntityName>(entity: N, id: RowId, values: object): Promise<ScriptRow<N> | null>
  /** Nothing; the row is hidden and may be restored. */
  remove(entity: EntityName, id: RowId): Promise<null>
  /** The row that is back; null where the caller may not read it. */
  restore<const N extends EntityName>(entity: N, id: RowId): Promise<ScriptRow<N> | null>
  /** Nothing; the row is gone for good. */
  delete(entity: EntityName, id: RowId): Promise<null>
  /** What a transition or an action answers. */
  act(entity: EntityName, verb: string, id: RowId, input?: object): Promise<unknown>
  /** What an action of the app answers. */
  act(action: string, input?: object): Promise<unknown>
}
