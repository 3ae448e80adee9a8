import { Bug, toText } from '#base'
import { tellsWhy } from '#migrations'
import { indexModel, type ModelIndex, rowsSql } from '#policies'
import { type Entity, type EntityMap, type Model, secretsOf } from '#schema'
import {
  afterCreates,
  afterUpdates,
  beforeCreates,
  beforeUpdates,
  type HookedChange,
  hasHooks,
} from '../../bodies/row-hooks.ts'
import type { CodeContext } from '../../bodies/run-body.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedPlaces } from '../../refused-places.ts'
import { RefusedRows } from '../../refused-rows.ts'
import { keyOf } from '../key-fields.ts'
import type { LinkSide } from '../links.ts'
import type { RowValues } from '../mutations/column-values.ts'
import { explainRefusal } from '../mutations/explain-refusal.ts'
import { refuseNothing } from '../mutations/sealed-values.ts'
import { writeLinks } from '../mutations/write-links.ts'
import { createRow, keyColumns, type RowKey, updateRow } from '../mutations/write-row.ts'
import { createRows, type RowPatch, updateRows, type WrittenEntities } from '../mutations/write-rows.ts'
import { holdRows } from './hold-rows.ts'
import { linkRows } from './link-rows.ts'
import { nestedModel } from './nested-sides.ts'
import type { LinkedKey, PlannedRow, Slot, WritePlan, WriteStep } from './write-plan.ts'

/** An entity as steps write it. */
type Written = Required<Omit<WrittenEntities, 'path'>>

/** Who writes, in which model. */
export interface Writer {
  readonly model: Model
  /** Of the caller; null: a visitor. */
  readonly roles: readonly string[] | null
  /** Of the request, where its code may run; left out: none does. */
  readonly context?: CodeContext
}

/**
 * Does the steps of a plan, one after the other; the keys of the rows that the mutation is about. The rules of the caller decide of each row in
 * Postgres. A new row by itself, of a document that is known, goes past all of this: by `direct/send-create.ts`.
 *
 * @throws RefusedPlaces
 */
export async function runWrites(client: RequestClient, writer: Writer, plan: WritePlan): Promise<readonly RowKey[]> {
  const keys = new Map<Slot, RowKey>()
  const writing = isOneStatement(plan) ? client : { ...client, ahead: null }
  const afterwards: (() => Promise<void>)[] = []
  for (const step of plan.steps) {
    const of = written(writer, step.entity)
    const run = step.verb === 'create' ? createAll : updateAll
    const hooked = hasHooks(step.entity) ? { client: writing, context: contextOf(writer), of } : null
    await run(writing, of, { step, keys, hooked, afterwards })
  }
  // With all that is written together.
  for (const after of afterwards) await after()
  for (const { rows } of plan.steps) for (const { values } of rows) refuseNothing(values)
  return plan.roots.map((slot) => keys.get(slot)!)
}

/** A row by itself, of which nothing is looked at once it is written. */
function isOneStatement({ steps }: WritePlan): boolean {
  const [step, ...others] = steps
  if (step === undefined || others.length > 0 || step.rows.length !== 1 || hasHooks(step.entity)) return false
  return step.rows[0]!.links.length === 0 && !step.rows[0]!.hasMore && secretsOf(step.entity).length === 0
}

function contextOf({ context }: Writer): CodeContext {
  if (context === undefined) throw new Bug('Rows with hooks are written by whom nobody knows.')
  return context
}

interface Running {
  readonly step: WriteStep
  readonly keys: Map<Slot, RowKey>
  /** Null: no code runs beside it. */
  readonly hooked: HookedChange | null
  /** What is done when all is written. */
  readonly afterwards: (() => Promise<void>)[]
}

async function createAll(client: RequestClient, of: Written, { step, keys, hooked, afterwards }: Running) {
  const { rows } = step
  const given = rows.map((row) => ({ ...valuesOf(row, keys), ...linkedValues(row, keys) }))
  const values = hooked === null ? given : await inPlaces(rows, () => beforeCreates(hooked, given))
  const created = await inPlaces(rows, () =>
    rows.length === 1 ? createOne(client, of, { row: rows[0]!, values: values[0]! }) : createRows(client, of, values),
  )
  rows.forEach(({ slot }, at) => {
    keys.set(slot, created[at]!)
  })
  if (hooked !== null) afterwards.push(() => inPlaces(rows, () => afterCreates(hooked, created, values)))
}

/** A row alone costs less than a list of one. */
async function createOne(
  client: RequestClient,
  of: Written,
  { row, values }: { readonly row: PlannedRow; readonly values: RowValues },
): Promise<readonly RowKey[]> {
  const key = await createRow(client, of, values)
  for (const side of new Set(row.links.map((each) => each.side))) {
    const others = values[side.idsName] as readonly string[]
    await writeLinks(client, side, 'link', { id: String(firstOf(key)), others, roles: of.roles })
  }
  return [key]
}

async function updateAll(client: RequestClient, of: Written, { step, keys, hooked, afterwards }: Running) {
  for (const { slot, key } of step.rows) keys.set(slot, keyOf(of.entity, of.entities, key!))
  const rows = step.rows.map((row) => ({ row, key: row.key!, patch: valuesOf(row, keys) }))
  const held = rows.filter(({ row, patch }) => row.hasMore && Object.keys(patch).length === 0)
  const changed = rows.filter((each) => !held.includes(each))
  const placesOf = (some: typeof rows) => some.map(({ row }) => row)
  if (held.length > 0)
    await inPlaces(placesOf(held), () =>
      holdRows(
        client,
        of,
        held.map(({ key }) => key),
      ),
    )
  if (changed.length > 0) {
    const places = placesOf(changed)
    if (hooked === null) await inPlaces(places, () => updateEach(client, of, changed))
    else {
      const after = await inPlaces(places, () => updateHooked(hooked, of, changed))
      afterwards.push(() => inPlaces(places, after))
    }
  }
  for (const [at, side] of linkSides(step.rows)) {
    const linked = step.rows.filter(({ links }) => links.some((each) => each.side === side))
    const given = linked.map((row) => ({ id: String(firstOf(row.key!)), others: linkedValues(row, keys)[at]! }))
    await inPlaces(linked, () => linkRows(client, of, side, given))
  }
}

/** Held before hooks look at them: what they decide by stays as it is. Answers what is done when all is written. */
async function updateHooked(
  hooked: HookedChange,
  of: Written,
  changes: readonly RowPatch[],
): Promise<() => Promise<void>> {
  const { client } = hooked
  await holdRows(
    client,
    of,
    changes.map(({ key }) => key),
  )
  const keys = changes.map(({ key }) => keyOf(of.entity, of.entities, key))
  const updates = await beforeUpdates(
    hooked,
    changes.map(({ patch }, at) => ({ key: keys[at]!, patch })),
  )
  await updateEach(
    client,
    of,
    keys.map((key, at) => ({ key, patch: updates.patches[at]! })),
  )
  return () => afterUpdates(hooked, keys, updates)
}

async function updateEach(client: RequestClient, of: Written, changes: readonly RowPatch[]): Promise<void> {
  const [first] = changes
  if (first === undefined || changes.length > 1) return await updateRows(client, of, changes)
  const run = (each: RequestClient) => updateRow(each, of, first.key, first.patch)
  // One that goes ahead is done again where it is refused.
  if (!of.tellsWhy || client.ahead !== null) return await run(client)
  await explainRefusal(
    client,
    { entity: of.entity, verb: 'update', key: Object.values(keyColumns(of, first.key)) },
    run,
  )
}

function linkSides(rows: readonly PlannedRow[]): ReadonlyMap<string, LinkSide> {
  return new Map(rows.flatMap(({ links }) => links.map(({ side }) => [side.idsName, side] as const)))
}

/** `tagIds`, with rows that were made before. */
function linkedValues(
  { links }: PlannedRow,
  keys: ReadonlyMap<Slot, RowKey>,
): Readonly<Record<string, readonly string[]>> {
  const values: Record<string, readonly string[]> = {}
  for (const { side, others } of links)
    values[side.idsName] = [...(values[side.idsName] ?? []), ...others.map((each) => otherKey(each, keys))]
  return values
}

function otherKey(other: LinkedKey | Slot, keys: ReadonlyMap<Slot, RowKey>): string {
  return String(typeof other === 'number' ? firstOf(keys.get(other)!) : other.key)
}

/** Rows are referred to by keys of one column. */
function firstOf(key: RowKey): unknown {
  return Object.values(key)[0]
}

/** The values of a row, with the keys of rows that were made before it. */
function valuesOf({ values, refs }: PlannedRow, keys: ReadonlyMap<Slot, RowKey>): RowValues {
  if (refs.length === 0) return values
  const given = refs.map(({ name, within, slot }) => {
    const key = firstOf(keys.get(slot)!)
    return [name, within === null ? key : { [within]: key }] as const
  })
  return { ...values, ...Object.fromEntries(given) }
}

/** What is wrong with a row is told with its place. */
async function inPlaces<T>(rows: readonly PlannedRow[], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const faults = error instanceof RefusedRows ? error.faults : [{ index: 0, error }]
    throw new RefusedPlaces(faults.map(({ index, error: each }) => ({ place: rows[index]!.place, error: each })))
  }
}

function written({ model, roles }: Writer, entity: Entity): Written {
  let known = kept.get(model)
  if (known === undefined) {
    known = {
      entities: new Map(model.entities.map((each) => [each.name, each])),
      index: indexModel(model),
      tables: new Map(),
    }
    kept.set(model, known)
  }
  const { entities, index, tables } = known
  let table = tables.get(entity.name)
  if (table === undefined) {
    const { links } = nestedModel(model).sidesOf(entity)
    table = { table: toText(rowsSql(entity, index)), tellsWhy: tellsWhy(entity, index), links }
    tables.set(entity.name, table)
  }
  return { model, entity, entities, roles, ...table }
}

interface Known {
  readonly entities: EntityMap
  readonly index: ModelIndex
  readonly tables: Map<string, Pick<Written, 'table' | 'tellsWhy' | 'links'>>
}

const kept = new WeakMap<Model, Known>()
