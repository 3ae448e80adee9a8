import { Bug, RequestError } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedRows, type RowFault } from '../../refused-rows.ts'
import { RefusedWrite } from '../../refused-write.ts'
import { refusing } from '../mutations/refusing.ts'
import { type RowTarget, stale, targetColumns, tried, type WrittenEntity } from '../mutations/write-row.ts'

/**
 * Makes sure that the caller may change rows, and that nobody else does meanwhile.
 *
 * @throws RefusedRows
 * @throws RefusedWrite where no rule lets the caller change any
 */
export async function holdRows(client: RequestClient, of: WrittenEntity, targets: readonly RowTarget[]): Promise<void> {
  const text = `select rowhouse.update_row($1::text::regclass, value, '{}') as answer
from pg_catalog.jsonb_array_elements($2::jsonb) with ordinality order by ordinality`
  const values = [of.table, JSON.stringify(targets.map((target) => targetColumns(of, target)))]
  const change = tried(of, 'update')
  const { rows } = await refusing(change, () => client.query<{ answer: unknown }>({ text, values }))
  const faults = rows.flatMap(({ answer }, index): readonly RowFault[] => {
    if (answer === 'updated') return []
    if (answer === 'missing') return [{ index, error: new RequestError('NOT_FOUND', 'There is no such row.') }]
    if (answer === 'stale') return [{ index, error: stale() }]
    if (answer === 'refused') return [{ index, error: new RefusedWrite(change, null, null) }]
    throw new Bug(`A platform function answered "${String(answer)}".`)
  })
  if (faults.length > 0) throw new RefusedRows(faults, of.entity.name)
}
