import { Bug, type Json, RequestError } from '#base'
import type { Action, Field } from '#schema'
import { type CodeContext, runBody } from '../../bodies/run-body.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { readStored, shownPath } from '../../structures/read-stored.ts'
import { keyFields } from '../key-fields.ts'
import { beginAction } from './begin-action.ts'
import type { RowKey, RowTarget, WrittenEntity } from './write-row.ts'

/** What a caller wants to be done. */
export interface AskedAction {
  readonly action: Action
  readonly target: RowTarget
  readonly key: RowKey
  readonly input: Readonly<Record<string, unknown>>
}

/** What an action answers: the row's key, its notes, and what the author says. */
export interface ActionAnswer {
  readonly output: Json
  readonly notes: readonly string[]
}

/** Notes that one action may give, and characters of each. */
const most = { notes: 100, characters: 2_000 }

/**
 * Does what an action runs, with the row locked and the caller's right to it checked in Postgres before.
 *
 * @throws RequestError
 * @throws RefusedWrite
 */
export async function runAction(
  client: RequestClient,
  of: WrittenEntity,
  { action, target, key, input }: AskedAction,
  context: CodeContext,
): Promise<ActionAnswer> {
  const body = context.code.bodies.actions.get(action.runs)
  if (body === undefined) throw new Bug(`Nothing was loaded from "${action.runs}".`)
  const given = actionInput(action, input)
  const waiting = { ...client, ahead: null }
  await beginAction(waiting, of, action, target)
  const notes: string[] = []
  const note = (text: string) => {
    if (notes.length < most.notes) notes.push(String(text).slice(0, most.characters))
  }
  const output = await runBody(waiting, context, async (call) => {
    const row = await call.db.get(of.entity.name, key)
    if (row === null) throw new RequestError('NOT_FOUND', 'There is no such row.')
    return answered(of, action, await body.run({ ...call, row, input: given, note }))
  })
  return { output, notes }
}

/** With defaults; null for what is left out. */
function actionInput({ input }: Action, given: AskedAction['input']): AskedAction['input'] {
  return Object.fromEntries(input.map((field) => [field.name, inputValue(field, given[field.name])]))
}

function inputValue({ name, type, default: usual }: Field, given: unknown): unknown {
  if (given === undefined || given === null) return given === undefined && usual?.kind === 'value' ? usual.value : null
  const read = readStored(type, given)
  if (read.ok) return given
  const path = shownPath([name, ...read.at])
  throw new RequestError('VALIDATION', `"${path}" ${read.fault}.`, { fields: [name] })
}

/** As the answer is kept: plain JSON, a row by its key. */
function answered(of: WrittenEntity, { output }: Action, value: unknown): Json {
  if (output === undefined) return null
  const plain = JSON.parse(
    JSON.stringify(value ?? null, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)),
  ) as Json
  if (output.kind === 'values' || plain === null) return plain
  const fields = keyFields(of.entities.get(output.entity)!, of.entities)
  const row = (typeof plain === 'object' ? plain : { [fields[0]!.name]: plain }) as Readonly<Record<string, Json>>
  return Object.fromEntries(fields.map(({ name }) => [name, row[name] ?? null]))
}
