import { Bug, quoteIdentifier, RequestError } from '#base'
import { type Entity, type EntityMap, type HeldColumn, isStructured, keyColumnsOf, objectName } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { decimalToMinor } from '../field-codec.ts'
import { isZoneless, utcText } from '../held-codec.ts'
import { keyFields } from '../key-fields.ts'
import { isPatchable, oneOfSides, oneOfValues } from '../one-of.ts'
import { patchableFields, type WritableField, writableFields } from '../writable-fields.ts'
import { storedValue } from './stored-value.ts'

/** Values by field name, as GraphQL hands them over: a missing key is absent, null is null. */
export type RowValues = Readonly<Record<string, unknown>>

/** What identifies a row, by the names of its key's fields: `{ id }`, or `{ orderId, productId }`. */
export type RowKey = Readonly<Record<string, unknown>>

/** An entity among those that it refers to. */
export interface WrittenEntity {
  readonly entity: Entity
  readonly entities: EntityMap
}

/** Makes a row; its key. The rules of the caller decide in Postgres. */
export async function createRow(client: RequestClient, of: WrittenEntity, given: RowValues): Promise<RowKey> {
  const columns = {
    ...toColumns(writableFields(of.entity, of.entities), given),
    ...oneOfValues(oneOfSides(of.entity), given),
  }
  const created = await answerOf(client, 'select rowhouse.create_row($1::text::regclass, $2::jsonb) as answer', [
    tableOf(of.entity),
    JSON.stringify(columns),
  ])
  const fields = keyFields(of.entity, of.entities)
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
 * @throws RequestError VALIDATION when nothing is changed, NOT_FOUND, FORBIDDEN
 */
export async function updateRow(
  client: RequestClient,
  of: WrittenEntity,
  key: RowKey,
  patch: RowValues,
): Promise<void> {
  const sides = oneOfSides(of.entity).filter((side) => isPatchable(of.entity, side))
  const columns = { ...toColumns(patchableFields(of.entity, of.entities), patch), ...oneOfValues(sides, patch) }
  if (Object.keys(columns).length === 0) throw new RequestError('VALIDATION', 'The patch changes nothing.')
  const answer = await answerOf(
    client,
    'select rowhouse.update_row($1::text::regclass, $2::jsonb, $3::jsonb) as answer',
    [tableOf(of.entity), JSON.stringify(keyColumns(of, key)), JSON.stringify(columns)],
  )
  expectAnswer('updated', answer)
}

/**
 * Deletes a row for good.
 *
 * @throws RequestError NOT_FOUND, FORBIDDEN
 */
export async function deleteRow(client: RequestClient, of: WrittenEntity, key: RowKey): Promise<void> {
  const text = 'select rowhouse.delete_row($1::text::regclass, $2::jsonb) as answer'
  expectAnswer('deleted', await answerOf(client, text, [tableOf(of.entity), JSON.stringify(keyColumns(of, key))]))
}

/**
 * Takes a row out of sight (`remove`) or brings it back (`restore`).
 *
 * @throws RequestError NOT_FOUND
 */
export async function runVerb(client: RequestClient, of: WrittenEntity, verb: 'remove' | 'restore', key: RowKey) {
  const verbFunction = `rowhouse_private.${quoteIdentifier(`${verb}_${objectName(of.entity)}`)}`
  const values = Object.values(keyColumns(of, key))
  const places = values.map((_, at) => `$${at + 1}`).join(', ')
  expectAnswer(`${verb}d`, await answerOf(client, `select ${verbFunction}(${places}) as answer`, values))
}

/** The key by column, in its order. */
function keyColumns({ entity, entities }: WrittenEntity, key: RowKey): Readonly<Record<string, unknown>> {
  const columns = keyColumnsOf(entity, entities)
  const fields = keyFields(entity, entities)
  return Object.fromEntries(fields.map(({ name }, at) => [columns[at]!.column, key[name]]))
}

function tableOf(entity: Entity): string {
  return `${quoteIdentifier(entity.schema)}.${quoteIdentifier(entity.table)}`
}

/** The one value that a platform function answers. */
export async function answerOf(client: RequestClient, text: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await client.query<{ answer: unknown }>({ text, values })
  const answer = rows[0]?.answer
  if (typeof answer !== 'string') throw new Bug(`A platform function gave no answer: ${text}`)
  return answer
}

/**
 * Passes the answer that was hoped for.
 *
 * @throws RequestError NOT_FOUND, FORBIDDEN
 */
export function expectAnswer(done: string, answer: string): void {
  // `restore` + `d` is right, `remove` + `d` as well.
  if (answer === done) return
  if (answer === 'missing') throw new RequestError('NOT_FOUND', 'There is no such row.')
  if (answer === 'refused') throw new RequestError('FORBIDDEN', 'No rule allows this change.')
  throw new Bug(`A platform function answered "${answer}".`)
}

/** Only known fields, by column; JSON that `jsonb_populate_record` reads exactly: numbers of any size are texts. */
function toColumns(fields: readonly WritableField[], values: RowValues): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined) continue
    if (isStructured(field.type)) {
      columns[field.column] = storedValue(field, value)
      continue
    }
    refuseFiner(field, value)
    columns[field.column] = storedScalar(field, value)
  }
  return columns
}

/** As the column holds it: amounts in the smallest unit, instants in UTC where there is no zone. */
function storedScalar({ type, columnType }: WritableField, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (type.kind === 'money' && type.minor) return decimalToMinor(value, type.scale)
  return isZoneless(columnType) ? utcText(value) : value
}

/** Postgres would round what has more digits than the field. */
function refuseFiner({ name, type }: WritableField, value: unknown): void {
  if ((type.kind !== 'money' && type.kind !== 'decimal') || typeof value !== 'string') return
  const [digits, exponent = '0'] = value.toLowerCase().split('e')
  const fraction = /\.(\d*?)0*$/.exec(digits!)?.[1] ?? ''
  if (fraction.length - Number(exponent) <= type.scale || !/[1-9]/.test(digits!)) return
  const message = `"${name}" has ${type.scale} digits after the point at most.`
  throw new RequestError('VALIDATION', message, { fields: [name] })
}
