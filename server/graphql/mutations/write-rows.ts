import { Bug, fitIdentifier, RequestError } from '#base'
import { becauseName } from '#migrations'
import { keyColumnsOf, type Model, objectName } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedRows, type RowFault } from '../../refused-rows.ts'
import { rowsFieldName } from '../api-names.ts'
import type { LinkSide } from '../links.ts'
import type { RowValues } from './column-values.ts'
import { mayExpect } from './expectation.ts'
import { goesInTurn } from './in-turn.ts'
import { type PostgresFault, rowFault } from './row-fault.ts'
import {
  keyColumns,
  newColumns,
  patchColumns,
  type RowKey,
  type RowTarget,
  readKey,
  targetColumns,
  tried,
  type WrittenEntity,
} from './write-row.ts'

/** Rows of an entity that are written together. */
export interface WrittenEntities extends WrittenEntity {
  /** With all that rules say. Left out: nobody knows whether rules look at the rows that are written, so they are written in turn. */
  readonly model?: Model
  /** Links that new rows may be given. */
  readonly links?: readonly LinkSide[]
  /** A rule denies updates or deletes. */
  readonly tellsWhy?: boolean
  /** Where the rows are in the input; left out: `orders`. */
  readonly path?: string
}

/** A row and what becomes of it. */
export interface RowPatch {
  readonly key: RowTarget
  readonly patch: RowValues
}

/**
 * Makes rows, all or none, in one statement; their keys, in the order of the rows. The rules of the caller decide of each row in Postgres.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function createRows(
  client: RequestClient,
  of: WrittenEntities,
  given: readonly Given<RowValues>[],
): Promise<readonly RowKey[]> {
  const { links = [] } = of
  const items = eachRow(given, (row) => ({ columns: newColumns(of, row), ...linksOf(links, row) }))
  const told = { inTurn: inTurn(of, 'create'), ...linkFunctions(links) }
  const keys = await writeRows(client, of, { verb: 'create', items, told })
  return keys.map((key) => readKey(of, String(key)))
}

/**
 * Changes rows, all or none, in one statement.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function updateRows(
  client: RequestClient,
  of: WrittenEntities,
  changes: readonly Given<RowPatch>[],
): Promise<void> {
  const items = eachRow(changes, ({ key, patch }) => ({
    key: targetColumns(of, key),
    columns: patchColumns(of, patch),
  }))
  await writeRows(client, of, { verb: 'update', items, told: { inTurn: inTurn(of, 'update'), ...whyNot(of) } })
}

/**
 * Deletes rows for good, takes them out of sight (`remove`) or brings them back (`restore`): all or none, in one statement.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function runVerbOfRows(
  client: RequestClient,
  of: WrittenEntities,
  verb: 'delete' | 'remove' | 'restore',
  keys: readonly Given<RowTarget>[],
): Promise<void> {
  const items = eachRow(keys, (key) => ({
    key: verb === 'delete' ? targetColumns(of, key) : { ...keyColumns(of, key), '': key.ifUpdatedAt ?? null },
  }))
  const told =
    verb === 'delete'
      ? { inTurn: inTurn(of, 'delete'), ...whyNot(of) }
      : {
          function: fitIdentifier(`${verb}_${objectName(of.entity)}`),
          key: [...keyNames(of), ...(mayExpect(of.entity, verb) ? [''] : [])],
        }
  await writeRows(client, of, { verb, items, told })
}

/** A row, or what is known to be wrong with it. */
export type Given<Row> = Row | RequestError

/** What Postgres is told of a row, or what is wrong with it already. */
export type Item = { readonly ok: Readonly<Record<string, unknown>> } | { readonly error: unknown }

/** Of each row what Postgres is told; faults are kept, so that all are told at once. */
export function eachRow<Row>(
  rows: readonly Given<Row>[],
  read: (row: Row) => Readonly<Record<string, unknown>>,
): readonly Item[] {
  return rows.map((row) => {
    try {
      if (row instanceof RequestError) throw row
      return { ok: read(row) }
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      return { error }
    }
  })
}

/** A change of many rows as Postgres is told of it. */
export interface Batch {
  readonly verb: string
  readonly items: readonly Item[]
  /** What holds for all rows. */
  readonly told: Readonly<Record<string, unknown>>
  /** What is wrong with a row, of an answer that only the function of this verb gives. */
  readonly faultOf?: (answer: string) => RequestError | null
}

/** The keys of new rows as Postgres says them. */
export async function writeRows(
  client: RequestClient,
  of: WrittenEntities,
  { verb, items, told, faultOf }: Batch,
): Promise<readonly unknown[]> {
  const faults: RowFault[] = items.flatMap((item, index) => ('error' in item ? [{ index, error: item.error }] : []))
  const sound = items.flatMap((item, index) => ('ok' in item ? [{ index, item: item.ok }] : []))
  const text = 'select rowhouse.write_rows($1, $2::text::regclass, $3::jsonb, $4::jsonb) as answer'
  const given = JSON.stringify(sound.map(({ item }) => item))
  // Also beside rows that are faulty already: what else is wrong is told in the same answer, and the request keeps nothing.
  const answer =
    sound.length === 0
      ? { keys: [] }
      : await answerOf(client, text, [
          verb,
          of.table,
          given,
          JSON.stringify(faults.length === 0 ? told : { ...told, inTurn: true }),
        ])
  for (const fault of answer.faults ?? []) {
    const { index, item } = sound[fault.index]!
    const columns = (item.columns ?? {}) as Readonly<Record<string, unknown>>
    const own = fault.code === 'RH000' && fault.hint === null ? (faultOf?.(fault.detail ?? '') ?? null) : null
    faults.push({ index, error: own ?? rowFault(fault, tried(of, fault.verb ?? verb, columns), of.links ?? []) })
  }
  if (faults.length > 0) throw new RefusedRows(faults, of.path ?? rowsFieldName(of.entity))
  return answer.keys ?? []
}

interface Answer {
  readonly keys?: readonly unknown[]
  readonly faults?: readonly PostgresFault[]
}

async function answerOf(client: RequestClient, text: string, values: readonly unknown[]): Promise<Answer> {
  const { rows } = await client.query<{ answer: Answer | string | null }>({ text, values })
  const answer = rows[0]?.answer
  if (answer === undefined || answer === null) throw new Bug('Rows were written without an answer.')
  return typeof answer === 'string' ? (JSON.parse(answer) as Answer) : answer
}

/** Whether rules look at what becomes of the rows. */
export function inTurn({ model, entity }: WrittenEntities, verb: 'create' | 'update' | 'delete'): boolean {
  return model === undefined || goesInTurn(model, entity, verb)
}

/** What tells the rule that denies a change. */
export function whyNot(of: WrittenEntities): Readonly<Record<string, unknown>> {
  return of.tellsWhy === true ? { because: becauseName(of.entity), key: keyNames(of) } : {}
}

/** Columns of the key, in its order. */
export function keyNames({ entity, entities }: WrittenEntity): readonly string[] {
  return keyColumnsOf(entity, entities).map(({ column }) => column)
}

/** What adds links to rows. */
export function linkFunctions(links: readonly LinkSide[]): Readonly<Record<string, unknown>> {
  return links.length === 0 ? {} : { links: links.map(({ link }) => fitIdentifier(`add_${link.table}`)) }
}

/** The keys that a row is linked to, for each of the links. */
export function linksOf(links: readonly LinkSide[], row: RowValues): Readonly<Record<string, unknown>> {
  return links.length === 0 ? {} : { links: links.map(({ idsName }) => othersOf(row[idsName])) }
}

function othersOf(given: unknown): readonly string[] | null {
  const others = given as readonly string[] | null | undefined
  return others == null || others.length === 0 ? null : others
}
