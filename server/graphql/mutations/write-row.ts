import { Bug, quoteIdentifier, RequestError } from '#base'
import { columnFields, type Entity, type EntityMap, type HeldColumn, keyColumnsOf, objectName, toOnesOf } from '#schema'
import { lateKey } from '../../postgres/late-value.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedWrite, type TriedChange } from '../../refused-write.ts'
import { keyFields } from '../key-fields.ts'
import { isPatchable, oneOfSides, oneOfValues } from '../one-of.ts'
import { patchableFields, writableFields } from '../writable-fields.ts'
import { columnValues, type RowValues } from './column-values.ts'
import { expectation, expectationName, mayExpect } from './expectation.ts'
import { insertRow, leaveRow } from './insert-row.ts'
import { plainColumns } from './plain-columns.ts'
import { refusing } from './refusing.ts'

/** What identifies a row, by the names of its key's fields: `{ id }`, or `{ orderId, productId }`. */
export type RowKey = Readonly<Record<string, unknown>>

/** A row by its key; with `ifUpdatedAt`, as long as it was not changed since then. */
export type RowTarget = RowKey & { readonly ifUpdatedAt?: unknown }

/** An entity among those that it refers to, and who writes. */
export interface WrittenEntity {
  readonly entity: Entity
  /** What its rows are written through, quoted: the table, or the face of it that shows whole rows. */
  readonly table: string
  readonly entities: EntityMap
  /** Roles of the caller; null: a visitor. */
  readonly roles: readonly string[] | null
}

/** Makes a row; its key. The rules of the caller decide in Postgres. What is done here besides sending it, `direct/send-create.ts` has to do as well, or to refuse. */
export async function createRow(client: RequestClient, of: WrittenEntity, given: RowValues): Promise<RowKey> {
  const columns = newColumns(of, given)
  const row = { table: of.table, columns, plain: plainColumns(of.entity, of.entities) }
  const { ahead } = client
  const late = ahead?.isKeyLate === true ? lateKeyOf(of) : null
  if (ahead !== null && late !== null) {
    leaveRow({ ...client, ahead }, row)
    return late
  }
  const created = await refusing(tried(of, 'create', columns), () => insertRow(client, row).catch(refuseValue))
  if (created === '') throw new Bug(`No row of "${of.entity.name}" was made, and nothing said why.`)
  return readKey(of, created)
}

/** What columns of a new row are given. */
export function newColumns(
  { entity, entities }: Pick<WrittenEntity, 'entity' | 'entities'>,
  given: RowValues,
): Record<string, unknown> {
  return {
    ...columnValues(writableFields(entity, entities), given, 'create'),
    ...oneOfValues(oneOfSides(entity), given),
  }
}

/** The key of a row that is under way to Postgres; null where its values are not those that Postgres writes. */
export function lateKeyOf({ entity, entities }: Pick<WrittenEntity, 'entity' | 'entities'>): RowKey | null {
  const fields = keyFields(entity, entities)
  if (fields.some(({ type, columnType }) => columnType !== null || !plainKinds.has(type.kind))) return null
  return Object.fromEntries(fields.map(({ name }, at) => [name, lateKey(at, fields.length)]))
}

const plainKinds: ReadonlySet<string> = new Set(['uuid', 'text', 'int', 'int64'])

/** The key of a new row, of what Postgres says of it. */
export function readKey({ entity, entities }: WrittenEntity, created: string): RowKey {
  const fields = keyFields(entity, entities)
  const values: readonly unknown[] = fields.length === 1 ? [created] : JSON.parse(created)
  return Object.fromEntries(fields.map((field, at) => [field.name, shownKey(field, values[at])]))
}

/** Blanks that fill a text of fixed length are none of its own. */
function shownKey({ columnType }: HeldColumn, value: unknown): unknown {
  return columnType?.startsWith('character(') === true ? String(value).replace(/ +$/, '') : value
}

/**
 * Changes a row.
 *
 * @throws RequestError VALIDATION when nothing is changed, NOT_FOUND, STALE
 * @throws RefusedWrite
 */
export async function updateRow(
  client: RequestClient,
  of: WrittenEntity,
  key: RowTarget,
  patch: RowValues,
): Promise<void> {
  const columns = patchColumns(of, patch)
  const text = 'select rowhouse.update_row($1::text::regclass, $2::jsonb, $3::jsonb) as answer'
  const values = [of.table, JSON.stringify(targetColumns(of, key)), JSON.stringify(columns)]
  const change = tried(of, 'update', columns)
  const updated = refusing(change, () => answerOf(client, text, values)).then((answer) =>
    expectAnswer('updated', answer, change),
  )
  if (client.ahead === null) return await updated
  client.ahead.leave(updated)
  client.finish()
}

/**
 * What columns of a row become.
 *
 * @throws RequestError VALIDATION when nothing is changed
 */
export function patchColumns({ entity, entities }: WrittenEntity, patch: RowValues): Record<string, unknown> {
  const sides = oneOfSides(entity).filter((side) => isPatchable(entity, side))
  const columns = { ...columnValues(patchableFields(entity, entities), patch, 'update'), ...oneOfValues(sides, patch) }
  if (Object.keys(columns).length === 0) throw new RequestError('VALIDATION', 'The patch changes nothing.')
  return columns
}

/**
 * Deletes a row for good.
 *
 * @throws RequestError NOT_FOUND, STALE
 * @throws RefusedWrite
 */
export async function deleteRow(client: RequestClient, of: WrittenEntity, key: RowTarget): Promise<void> {
  const text = 'select rowhouse.delete_row($1::text::regclass, $2::jsonb) as answer'
  const values = [of.table, JSON.stringify(targetColumns(of, key))]
  const change = tried(of, 'delete')
  expectAnswer('deleted', await refusing(change, () => answerOf(client, text, values)), change)
}

/**
 * Takes a row out of sight (`remove`) or brings it back (`restore`).
 *
 * @throws RequestError NOT_FOUND, STALE
 * @throws RefusedWrite
 */
export async function runVerb(client: RequestClient, of: WrittenEntity, verb: 'remove' | 'restore', key: RowTarget) {
  const verbFunction = `rowhouse_private.${quoteIdentifier(`${verb}_${objectName(of.entity)}`)}`
  const ifUpdatedAt = mayExpect(of.entity, verb) ? (key.ifUpdatedAt ?? null) : null
  const values = [...Object.values(keyColumns(of, key)), ...(ifUpdatedAt === null ? [] : [ifUpdatedAt])]
  const places = values.map((_, at) => `$${at + 1}`).join(', ')
  const change = tried(of, verb)
  const text = `select ${verbFunction}(${places}) as answer`
  // `restore` + `d` is right, `remove` + `d` as well.
  expectAnswer(`${verb}d`, await refusing(change, () => answerOf(client, text, values)), change)
}

/** The key by column, in its order. */
export function keyColumns(
  { entity, entities }: Pick<WrittenEntity, 'entity' | 'entities'>,
  key: RowKey,
): Readonly<Record<string, unknown>> {
  const columns = keyColumnsOf(entity, entities)
  const fields = keyFields(entity, entities)
  return Object.fromEntries(fields.map(({ name }, at) => [columns[at]!.column, key[name]]))
}

/** The same, with what the row is expected to be. */
export function targetColumns(of: Pick<WrittenEntity, 'entity' | 'entities'>, target: RowTarget) {
  return { ...keyColumns(of, target), ...expectation(of.entity, target.ifUpdatedAt) }
}

/** A change in the words of rules, for whoever is refused. */
export function tried(
  { entity, roles }: Pick<WrittenEntity, 'entity' | 'roles'>,
  verb: string,
  columns: Readonly<Record<string, unknown>> = {},
): TriedChange {
  const named = [...columnFields(entity), ...toOnesOf(entity)].filter(({ column }) => Object.hasOwn(columns, column))
  return { entity: entity.name, verb, given: named.map(({ name }) => name), roles }
}

/** The one value that a platform function answers. */
export async function answerOf(client: RequestClient, text: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await client.query<{ answer: unknown }>({ text, values }).catch(refuseValue)
  const answer = rows[0]?.answer
  if (typeof answer !== 'string') throw new Bug(`A platform function gave no answer: ${text}`)
  return answer
}

/** A value that a write finds out of range is the caller's: no column has it yet. */
function refuseValue(error: unknown): never {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  if (error instanceof Error && typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code))
    throw new RequestError('VALIDATION', 'A value cannot be read, or is out of range.')
  throw error
}

/**
 * Passes the answer that was hoped for.
 *
 * @throws RequestError NOT_FOUND, STALE
 * @throws RefusedWrite
 */
export function expectAnswer(done: string, answer: string, change: TriedChange): void {
  if (answer === done) return
  if (answer === 'missing') throw new RequestError('NOT_FOUND', 'There is no such row.')
  if (answer === 'stale') throw stale()
  if (answer === 'refused') throw new RefusedWrite(change, null, null)
  throw new Bug(`A platform function answered "${answer}".`)
}

/** Of a row that the caller may read. */
export function stale(): RequestError {
  return new RequestError('STALE', 'The row was changed since it was read.', { fields: [expectationName] })
}
