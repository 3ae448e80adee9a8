import { Bug, type Json, RequestError } from '#base'
import type { Action, Field } from '#schema'
import { readOutput } from '../../bodies/action-output.ts'
import type { ActionCall } from '../../bodies/body.ts'
import { type CodeContext, runBody } from '../../bodies/run-body.ts'
import { runScript } from '../../bodies/run-script.ts'
import { handOver } from '../../jobs/hand-over.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { readStored, shownPath } from '../../structures/read-stored.ts'
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
 * Does what an action runs, with the row locked and the caller's right to it checked in Postgres before: code of the app, a script, or a job that is added
 * in the same transaction.
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
  const given = actionInput(action, input)
  const waiting = { ...client, ahead: null }
  await beginAction(waiting, of, action, target)
  if (action.runs.startsWith('workers/')) {
    await handOver(waiting, context.code.bodies, { task: action.runs, input: { ...given, ...key } })
    return { output: null, notes: [] }
  }
  const notes: string[] = []
  const note = (text: string) => {
    if (notes.length < most.notes) notes.push(String(text).slice(0, most.characters))
  }
  const output = await runBody(waiting, context, async (call) => {
    const row = await call.db.get(of.entity.name, key)
    if (row === null) throw new RequestError('NOT_FOUND', 'There is no such row.')
    return await outputOf({ client: waiting, of, action, context }, { ...call, row, input: given, note })
  })
  return { output, notes }
}

interface Running {
  readonly client: RequestClient
  readonly of: WrittenEntity
  readonly action: Action
  readonly context: CodeContext
}

/** Of a script the caller is told what is wrong with its answer; what code of the app answers is a fault of the server. */
async function outputOf({ client, of, action, context }: Running, call: ActionCall): Promise<Json> {
  const { actions, scripts } = context.code.bodies
  const script = scripts.get(action.runs)
  const body = actions.get(action.runs)
  if (script === undefined && body === undefined) throw new Bug(`Nothing was loaded from "${action.runs}".`)
  const value =
    script === undefined
      ? await body!.run(call)
      : await runScript(call, { script, client, context, input: call.input, row: call.row })
  const answered = readOutput(action.output, of.entities, value)
  if ('output' in answered) return answered.output
  const message = `"${action.runs}": ${answered.fault}`
  throw script === undefined ? new Error(message) : new RequestError('VALIDATION', message)
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
