import { RequestError } from '#base'
import { type HeldColumn, secretsOf } from '#schema'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { rowFieldName, rowsFieldName } from '../api-names.ts'
import type { BatchMutation } from '../batch-mutations.ts'
import { keyFields, keyOf } from '../key-fields.ts'
import type { RowValues } from './column-values.ts'
import { countHashes } from './count-hashes.ts'
import { expectationName } from './expectation.ts'
import { type FieldWrite, hasRuleForField } from './has-rule-for-field.ts'
import { sealedValues } from './sealed-values.ts'
import type { RowTarget } from './write-row.ts'
import type { Given } from './write-rows.ts'

/** Rows that one batch may have. */
export const maxBatchRows = 1_000

/** As GraphQL hands it over. */
export type BatchInput = Readonly<Record<string, unknown>>

/** A row of a batch: its key, if it is there, and its values, if it gets some. */
export interface BatchRow {
  readonly key: RowTarget | null
  readonly values: RowValues | null
}

/** Who asks for a batch. */
export interface BatchAsked extends Pick<FieldWrite, 'model' | 'roles'> {
  readonly sealing: Sealing
  /** Of the request. */
  readonly transaction: object
}

/** Where the input has the rows: `orders`, `ids`, `keys`. */
export function batchPath({ verb, isSingle, entity, entities }: BatchMutation): string {
  if (isSingle) return rowFieldName(entity)
  if (verb === 'create' || verb === 'update' || verb === 'upsert') return rowsFieldName(entity)
  return keyFields(entity, entities).length === 1 ? 'ids' : 'keys'
}

/**
 * The rows of an input, before a connection is taken: secrets hashed or encrypted, each row twice in it refused.
 *
 * @throws RequestError LIMIT
 */
export async function batchRows(
  mutation: BatchMutation,
  input: BatchInput,
  asked: BatchAsked,
): Promise<readonly Given<BatchRow>[]> {
  return await sealedRows(mutation, readRows(mutation, input), asked)
}

/** The rows of an input as they were given. */
export function readRows(mutation: BatchMutation, input: BatchInput): readonly Given<BatchRow>[] {
  const given = input[batchPath(mutation)]
  const rows = (mutation.isSingle ? [given] : given) as readonly unknown[]
  if (rows.length > maxBatchRows)
    throw new RequestError('LIMIT', `A batch has ${maxBatchRows} rows at most.`, { fields: [batchPath(mutation)] })
  return withoutTwins(
    mutation,
    rows.map((row) => readRow(mutation, row)),
  )
}

function readRow({ verb, entity, entities }: BatchMutation, row: unknown): BatchRow {
  if (verb === 'create' || verb === 'upsert') return { key: null, values: row as RowValues }
  const fields = keyFields(entity, entities)
  const isBare = verb !== 'update' && fields.length === 1
  const given = (isBare ? { [fields[0]!.name]: row } : row) as RowValues
  const key = keyOf(entity, entities, given)
  if (verb !== 'update') return { key, values: null }
  return { key: { ...key, [expectationName]: given[expectationName] }, values: given.patch as RowValues }
}

function withoutTwins({ entity, entities }: BatchMutation, rows: readonly BatchRow[]): readonly Given<BatchRow>[] {
  const fields = keyFields(entity, entities)
  const same = sameRows(rows.map(({ key }) => key && fields.map((field) => sameText(field, key[field.name]))))
  return rows.map((row, index) => same.get(index) ?? row)
}

/** What is wrong with rows that are in a batch twice, by their places: which of two changes came last nobody could say. */
export function sameRows(keys: readonly (readonly string[] | null)[]): ReadonlyMap<number, RequestError> {
  const places = new Map<string, number[]>()
  for (const [index, key] of keys.entries())
    if (key !== null) places.set(JSON.stringify(key), [...(places.get(JSON.stringify(key)) ?? []), index])
  const twins = [...places.values()].filter(({ length }) => length > 1)
  return new Map(twins.flatMap((indexes) => indexes.map((index) => [index, twin(indexes)] as const)))
}

function twin(indexes: readonly number[]): RequestError {
  return new RequestError('VALIDATION', `Rows ${indexes.join(' and ')} are the same row.`, { same: indexes })
}

/** Texts that stand for one value are one text. */
export function sameText({ type, columnType }: Pick<HeldColumn, 'type' | 'columnType'>, value: unknown): string {
  const text = String(value)
  if (type.kind === 'text' && type.ignoreCase) return text.toLowerCase()
  if (type.kind === 'uuid') return text.toLowerCase()
  if (type.kind === 'int64' && /^-?\d+$/.test(text)) return BigInt(text).toString()
  return columnType?.startsWith('character(') === true ? text.replace(/ +$/, '') : text
}

async function sealedRows(
  { verb, entity }: BatchMutation,
  rows: readonly Given<BatchRow>[],
  { model, roles, sealing, transaction }: BatchAsked,
): Promise<readonly Given<BatchRow>[]> {
  if (secretsOf(entity).length === 0) return rows
  const verbs = verb === 'upsert' ? (['create', 'update'] as const) : ([verb] as readonly ('create' | 'update')[])
  const hashed = secretsOf(entity).filter(
    ({ name, type }) =>
      type.keep !== 'encrypted' && verbs.some((each) => hasRuleForField({ model, roles, entity, verb: each }, name)),
  )
  const count = rows.flatMap((row) =>
    row instanceof RequestError ? [] : hashed.filter(({ name }) => row.values?.[name] != null),
  ).length
  countHashes(
    transaction,
    count,
    hashed.map(({ name }) => name),
  )
  const sealed: Given<BatchRow>[] = []
  for (const row of rows) sealed.push(await sealedRow(row, { model, roles, entity, verbs, sealing }))
  return sealed
}

interface SealedBy extends Omit<FieldWrite, 'verb'> {
  /** Verbs that may write the row. */
  readonly verbs: readonly ('create' | 'update')[]
  readonly sealing: Sealing
}

async function sealedRow(row: Given<BatchRow>, { verbs, sealing, ...who }: SealedBy): Promise<Given<BatchRow>> {
  if (row instanceof RequestError || row.values === null) return row
  const { values } = row
  const hasRule = (verb: 'create' | 'update') =>
    secretsOf(who.entity).every(({ name }) => values[name] == null || hasRuleForField({ ...who, verb }, name))
  const verb = verbs.find(hasRule) ?? verbs[0]!
  try {
    return { ...row, values: await sealedValues({ ...who, verb }, values, sealing) }
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
}
