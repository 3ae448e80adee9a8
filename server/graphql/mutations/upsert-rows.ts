import { RequestError } from '#base'
import { isShared } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { isPatchable, oneOfSides, oneOfValues } from '../one-of.ts'
import type { UpsertWay } from '../upsert-ways.ts'
import { patchableFields } from '../writable-fields.ts'
import { columnValues, type RowValues } from './column-values.ts'
import { refuseNested } from './refuse-nested.ts'
import { newColumns, type RowKey, readKey } from './write-row.ts'
import {
  type Item,
  inTurn,
  keyNames,
  linkFunctions,
  linksOf,
  type WrittenEntities,
  whyNot,
  writeRows,
} from './write-rows.ts'

/**
 * Makes rows, or changes those that the caller sees with the same unique values: all or none, in one statement; their keys, in the order of the
 * rows. What exists keeps the values that it was found by, and fields that are never changed.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function upsertRows(
  client: RequestClient,
  of: WrittenEntities & { readonly way: UpsertWay },
  items: readonly Item[],
): Promise<readonly RowKey[]> {
  const { way, links = [] } = of
  const caseless = way.fields.filter(({ type }) => type.kind === 'text' && type.ignoreCase).map(({ column }) => column)
  const keys = await writeRows(client, of, {
    ...{ verb: 'upsert', items },
    told: {
      inTurn: inTurn(of, 'create') || inTurn(of, 'update'),
      ...{ key: keyNames(of), caseless, isShared: isShared(of.entity) },
      ...whyNot(of),
      ...linkFunctions(links),
    },
  })
  return keys.map((key) => readKey(of, String(key)))
}

/**
 * What Postgres is told of a row.
 *
 * @throws RequestError VALIDATION, naming fields
 */
export function upsertItem(
  of: WrittenEntities & { readonly way: UpsertWay },
  row: RowValues,
): Readonly<Record<string, unknown>> {
  refuseNested(of, row)
  const columns = newColumns(of, row)
  return {
    by: soughtValues(of.way, columns),
    columns,
    changes: changesOf(of, row),
    ...linksOf(of.links ?? [], row),
  }
}

function soughtValues({ fields, nullsEqual }: UpsertWay, columns: Readonly<Record<string, unknown>>) {
  const isLacking = (value: unknown) => value === undefined || (value === null && !nullsEqual)
  const lacking = fields.filter(({ column }) => isLacking(columns[column])).map(({ name }) => name)
  if (lacking.length > 0) {
    const names = lacking.map((name) => `"${name}"`).join(' and ')
    throw new RequestError('VALIDATION', `${names} is required to find the row.`, { fields: lacking })
  }
  return Object.fromEntries(fields.map(({ column }) => [column, columns[column]]))
}

/** What is never changed is taken by new rows alone, and so is what the row is found by. */
function changesOf({ entity, entities, way }: WrittenEntities & { readonly way: UpsertWay }, row: RowValues) {
  const found = new Set(way.fields.map(({ column }) => column))
  const fields = patchableFields(entity, entities).filter(({ column }) => !found.has(column))
  const sides = oneOfSides(entity).filter((side) => isPatchable(entity, side))
  return { ...columnValues(fields, row, 'update'), ...oneOfValues(sides, row) }
}
