import { Bug, quoteIdentifier, RequestError } from '#base'
import { type Entity, isStructured } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { decimalToMinor } from '../field-codec.ts'
import { isPatchable, oneOfSides, oneOfValues } from '../one-of.ts'
import { patchableFields, type WritableField, writableFields } from '../writable-fields.ts'
import { storedValue } from './stored-value.ts'

/** Values by field name, as GraphQL hands them over: a missing key is absent, null is null. */
export type RowValues = Readonly<Record<string, unknown>>

/** Makes a row; its id. The rules of the caller decide in Postgres. */
export async function createRow(client: RequestClient, entity: Entity, given: RowValues): Promise<string> {
  const columns = { ...toColumns(writableFields(entity), given), ...oneOfValues(oneOfSides(entity), given) }
  const id = await answerOf(client, 'select rowhouse.create_row($1::text::regclass, $2::jsonb) as answer', [
    tableOf(entity),
    JSON.stringify(columns),
  ])
  return id
}

/**
 * Changes a row.
 *
 * @throws RequestError VALIDATION when nothing is changed, NOT_FOUND, FORBIDDEN
 */
export async function updateRow(client: RequestClient, entity: Entity, id: string, patch: RowValues): Promise<void> {
  const sides = oneOfSides(entity).filter((side) => isPatchable(entity, side))
  const columns = { ...toColumns(patchableFields(entity), patch), ...oneOfValues(sides, patch) }
  if (Object.keys(columns).length === 0) throw new RequestError('VALIDATION', 'The patch changes nothing.')
  const answer = await answerOf(
    client,
    'select rowhouse.update_row($1::text::regclass, $2::uuid, $3::jsonb) as answer',
    [tableOf(entity), id, JSON.stringify(columns)],
  )
  expectAnswer('updated', answer)
}

/**
 * Deletes a row for good.
 *
 * @throws RequestError NOT_FOUND, FORBIDDEN
 */
export async function deleteRow(client: RequestClient, entity: Entity, id: string): Promise<void> {
  const text = 'select rowhouse.delete_row($1::text::regclass, $2::uuid) as answer'
  expectAnswer('deleted', await answerOf(client, text, [tableOf(entity), id]))
}

/**
 * Takes a row out of sight (`remove`) or brings it back (`restore`).
 *
 * @throws RequestError NOT_FOUND
 */
export async function runVerb(client: RequestClient, entity: Entity, verb: 'remove' | 'restore', id: string) {
  const verbFunction = `rowhouse_private.${quoteIdentifier(`${verb}_${entity.table}`)}`
  expectAnswer(`${verb}d`, await answerOf(client, `select ${verbFunction}($1::uuid) as answer`, [id]))
}

function tableOf(entity: Entity): string {
  return `app.${quoteIdentifier(entity.table)}`
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
    const { type } = field
    if (isStructured(type)) {
      columns[field.column] = storedValue(field, value)
      continue
    }
    refuseFiner(field, value)
    columns[field.column] =
      type.kind === 'money' && type.minor && typeof value === 'string' ? decimalToMinor(value, type.scale) : value
  }
  return columns
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
