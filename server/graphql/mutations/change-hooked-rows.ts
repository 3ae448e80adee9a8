import { RequestError } from '#base'
import {
  afterCreates,
  afterRemovals,
  afterUpdates,
  beforeCreates,
  beforeRemovals,
  beforeUpdates,
  type HookedChange,
} from '../../bodies/row-hooks.ts'
import { rowsCaller } from '../../bodies/run-body.ts'
import { seenRows } from '../../bodies/seen-rows.ts'
import { openRows } from '../../rows/open-rows.ts'
import { keyOf } from '../key-fields.ts'
import { holdRows } from '../nested/hold-rows.ts'
import type { UpsertWay } from '../upsert-ways.ts'
import { sameText } from './batch-rows.ts'
import type { RowValues } from './column-values.ts'
import type { RowKey, RowTarget } from './write-row.ts'
import { createRows, runVerbOfRows, updateRows, type WrittenEntities } from './write-rows.ts'

/** A change of several rows of an entity with hooks. */
export interface HookedBatch extends HookedChange {
  readonly of: WrittenEntities
}

/** Makes rows with the hooks beside them; their keys. */
export async function createHooked(change: HookedBatch, given: readonly RowValues[]): Promise<readonly RowKey[]> {
  const values = await beforeCreates(change, given)
  const keys = await createRows(change.client, change.of, values)
  await afterCreates(change, keys, values)
  return keys
}

/** Changes rows with the hooks beside them. */
export async function updateHooked(
  change: HookedBatch,
  changes: readonly { readonly key: RowTarget; readonly patch: RowValues }[],
): Promise<void> {
  const { client, of } = change
  const keys = changes.map(({ key }) => keyOf(of.entity, of.entities, key))
  await holdRows(
    client,
    of,
    changes.map(({ key }) => key),
  )
  const updates = await beforeUpdates(
    change,
    changes.map(({ patch }, at) => ({ key: keys[at]!, patch })),
  )
  await updateRows(
    client,
    of,
    updates.patches.map((patch, at) => ({ key: keys[at]!, patch })),
  )
  await afterUpdates(change, keys, updates)
}

/** Removes or deletes rows with the hooks beside them. */
export async function removeHooked(
  change: HookedBatch,
  verb: 'remove' | 'delete',
  targets: readonly RowTarget[],
): Promise<void> {
  const { entity, entities } = change.of
  const keys = targets.map((target) => keyOf(entity, entities, target))
  const rows = await beforeRemovals(change, verb, keys)
  await runVerbOfRows(change.client, change.of, verb, await seenRows(change, verb, targets, rows))
  await afterRemovals(change, verb, rows)
}

/**
 * Makes rows, or changes those that the caller sees with the same unique values, each with its hooks. A row that somebody else makes meanwhile is told
 * as CONFLICT: hooks of the other kind have run for it.
 */
export async function upsertHooked(
  change: HookedBatch,
  way: UpsertWay,
  given: readonly RowValues[],
): Promise<readonly RowKey[]> {
  const found = await soughtRows(change, way, given)
  const names = new Set(way.fields.map(({ name }) => name))
  const places = given.map((values, index) => ({ index, values, key: found[index] ?? null }))
  const made = places.filter(({ key }) => key === null)
  const created =
    made.length === 0
      ? []
      : await createHooked(
          change,
          made.map(({ values }) => values),
        )
  const changed = places.flatMap(({ values, key }) => {
    const patch = Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)))
    return key === null || Object.keys(patch).length === 0 ? [] : [{ key, patch }]
  })
  if (changed.length > 0) await updateHooked(change, changed)
  return places.map(({ key, index }) => key ?? created[made.findIndex((each) => each.index === index)]!)
}

/** Keys of those that are there. */
async function soughtRows(
  { client, context, of }: HookedBatch,
  { fields, nullsEqual }: UpsertWay,
  given: readonly RowValues[],
): Promise<readonly (RowKey | null)[]> {
  for (const values of given) {
    const lacking = fields.filter(({ name }) => values[name] === undefined || (values[name] === null && !nullsEqual))
    if (lacking.length === 0) continue
    const names = lacking.map(({ name }) => name)
    const message = `${names.map((name) => `"${name}"`).join(' and ')} is required to find the row.`
    throw new RequestError('VALIDATION', message, { fields: names })
  }
  const where = {
    anyOf: given.map((values) => Object.fromEntries(fields.map(({ name }) => [name, { is: values[name] }]))),
  }
  const rows = openRows(client, rowsCaller(context))
  const found = await rows.find(of.entity.name, { where, first: 1_000 })
  await rows.close()
  const textOf = (row: RowValues) => JSON.stringify(fields.map((field) => sameText(field, row[field.name])))
  const known = new Map(found.map((row) => [textOf(row), keyOf(of.entity, of.entities, row)]))
  return given.map((values) => known.get(textOf(values)) ?? null)
}
