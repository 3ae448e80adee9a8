import { Bug, RequestError } from '#base'
import { isHooked } from '#migrations'
import { noBodies } from '../../bodies/load-bodies.ts'
import { hasHooks } from '../../bodies/row-hooks.ts'
import type { CodeContext } from '../../bodies/run-body.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import type { BatchMutation } from '../batch-mutations.ts'
import { keyOf } from '../key-fields.ts'
import type { UpsertWay } from '../upsert-ways.ts'
import { type BatchInput, type BatchRow, batchPath, sameRows, sameText } from './batch-rows.ts'
import { createHooked, removeHooked, updateHooked, upsertHooked } from './change-hooked-rows.ts'
import type { RowValues } from './column-values.ts'
import { refuseNested } from './refuse-nested.ts'
import { refuseNothing } from './sealed-values.ts'
import { transitHookedRows } from './transit-hooked.ts'
import { type SaidTransition, transitRows } from './transit-rows.ts'
import { upsertItem, upsertRows } from './upsert-rows.ts'
import type { RowKey } from './write-row.ts'
import {
  createRows,
  eachRow,
  type Given,
  type Item,
  runVerbOfRows,
  updateRows,
  type WrittenEntities,
} from './write-rows.ts'

/** For whom rows are written; left out where no code can run. */
interface Asked {
  readonly context?: CodeContext
}

/**
 * Does what a batch asks for; the keys of its rows, in their order.
 *
 * @throws RefusedRows
 */
export async function changeRows(
  client: RequestClient,
  of: BatchMutation & WrittenEntities & Asked,
  { input, rows }: { readonly input: BatchInput; readonly rows: readonly Given<BatchRow>[] },
): Promise<readonly RowKey[]> {
  const written = { ...of, path: batchPath(of) }
  const keys = await (hasHooksOf(of) ? hookedKeys : writtenKeys)(client, written, { input, rows })
  for (const row of rows) if (!(row instanceof RequestError)) refuseNothing(row.values)
  return keys
}

function hasHooksOf({ entity, verb, transition }: BatchMutation): boolean {
  if (verb === 'act') return isHooked(entity, transition!.name)
  return hasHooks(entity) && verb !== 'restore'
}

/** Code runs beside each of the rows; where one of them is faulty already, all are told as if there were none. */
async function hookedKeys(
  client: RequestClient,
  of: BatchMutation & WrittenEntities & Asked,
  given: { readonly input: BatchInput; readonly rows: readonly Given<BatchRow>[] },
): Promise<readonly RowKey[]> {
  const rows = given.rows.filter((row): row is BatchRow => !(row instanceof RequestError))
  const isFaulty = rows.length < given.rows.length || rows.some((row) => nestedFault(of, row) !== null)
  if (of.context === undefined) throw new Bug('Rows with hooks are written by whom nobody knows.')
  const change = { client: { ...client, ahead: null }, context: of.context, of }
  if (isFaulty) return await writtenKeys(change.client, of, given)
  const values = rows.map((row) => row.values ?? {})
  switch (of.verb) {
    case 'create':
      return await createHooked(change, values)
    case 'upsert': {
      const way = of.ways.find(({ name }) => name === given.input.by)!
      const items = withoutSame(
        way,
        eachRow(values, (row) => upsertItem({ ...of, way }, row)),
      )
      if (items.some((item) => 'error' in item)) return await writtenKeys(change.client, of, given)
      return await upsertHooked(change, way, values)
    }
    case 'update':
      await updateHooked(
        change,
        rows.map(({ key }, at) => ({ key: key!, patch: values[at]! })),
      )
      break
    case 'act':
      await transitHookedRows(
        change,
        saidOf(of, given.input),
        rows.map(({ key }) => key!),
      )
      break
    case 'remove':
    case 'delete':
      await removeHooked(
        change,
        of.verb,
        rows.map(({ key }) => key!),
      )
      break
    default:
      throw new Bug(`"${of.verb}" has no hooks.`)
  }
  return rows.map(({ key }) => keyOf(of.entity, of.entities, key!))
}

function saidOf({ transition, context }: BatchMutation & Asked, { note }: BatchInput): SaidTransition {
  return { transition: transition!, note: (note ?? null) as string | null, bodies: context?.code.bodies ?? noBodies }
}

async function writtenKeys(
  client: RequestClient,
  of: BatchMutation & WrittenEntities & Asked,
  { input, rows }: { readonly input: BatchInput; readonly rows: readonly Given<BatchRow>[] },
): Promise<readonly RowKey[]> {
  const part = <T>(read: (row: BatchRow) => T): readonly Given<T>[] =>
    rows.map((row) => (row instanceof RequestError ? row : (nestedFault(of, row) ?? read(row))))
  switch (of.verb) {
    case 'create':
      return await createRows(
        client,
        of,
        part(({ values }) => values!),
      )
    case 'upsert': {
      const upserted = { ...of, way: of.ways.find(({ name }) => name === input.by)! }
      const items = eachRow(rows, ({ values }) => upsertItem(upserted, values!))
      return await upsertRows(client, upserted, withoutSame(upserted.way, items))
    }
    case 'act':
      await transitRows(
        client,
        of,
        saidOf(of, input),
        part(({ key }) => key!),
      )
      break
    case 'update':
      await updateRows(
        client,
        of,
        part(({ key, values }) => ({ key: key!, patch: values! })),
      )
      break
    default:
      await runVerbOfRows(
        client,
        of,
        of.verb,
        part(({ key }) => key!),
      )
  }
  return part(({ key }) => keyOf(of.entity, of.entities, key!)) as readonly RowKey[]
}

/** Those of an upsert are the same where what they are found by is. */
function withoutSame({ fields }: UpsertWay, items: readonly Item[]): readonly Item[] {
  const sought = (item: Item) =>
    'ok' in item ? fields.map((field) => sameText(field, (item.ok.by as RowValues)[field.column])) : null
  const same = sameRows(items.map(sought))
  return items.map((item, index) => {
    const error = same.get(index)
    return error === undefined ? item : { error }
  })
}

function nestedFault(of: WrittenEntities, { values }: BatchRow): RequestError | null {
  try {
    if (values !== null) refuseNested(of, values)
    return null
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
}
