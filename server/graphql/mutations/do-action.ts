import { Bug, type Json, RequestError, type Row } from '#base'
import type { Action, EntityMap, Field } from '#schema'
import { readOutput } from '../../bodies/action-output.ts'
import type { ActionCall, BodyCall } from '../../bodies/body.ts'
import { type CodeContext, runBody } from '../../bodies/run-body.ts'
import { runScript } from '../../bodies/run-script.ts'
import { handOver } from '../../jobs/hand-over.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { readStored, shownPath } from '../../structures/read-stored.ts'
import type { RowKey } from './write-row.ts'

/** An action that Postgres has begun, of an entity or of the app. */
export interface Begun {
  readonly client: RequestClient
  readonly entities: EntityMap
  readonly action: Pick<Action, 'runs' | 'output'>
  readonly context: CodeContext
}

/** What an action answers: its notes, and what the author says. */
export interface ActionAnswer {
  readonly output: Json
  readonly notes: readonly string[]
}

/** Notes that one action may give, and characters of each. */
const most = { notes: 100, characters: 2_000 }

/**
 * Does what an action runs: code of the app, a script, or a job that is added in the same transaction.
 *
 * @param rowOf the row that code is given; null: of the app, whose actions have none
 * @throws RequestError
 */
export async function doAction(
  begun: Begun,
  { given, key }: { readonly given: Readonly<Record<string, unknown>>; readonly key: RowKey },
  rowOf: ((call: BodyCall) => Promise<Row>) | null,
): Promise<ActionAnswer> {
  const { client, action, context } = begun
  if (action.runs.startsWith('workers/')) {
    await handOver(client, context.code.bodies, { task: action.runs, input: { ...given, ...key } })
    return { output: null, notes: [] }
  }
  const notes: string[] = []
  const note = (text: string) => {
    if (notes.length < most.notes) notes.push(String(text).slice(0, most.characters))
  }
  const output = await runBody(client, context, async (call) => {
    const row = rowOf === null ? {} : { row: await rowOf(call) }
    return await outputOf(begun, { ...call, ...row, input: given, note })
  })
  return { output, notes }
}

type Call = Omit<ActionCall, 'row'> & { readonly row?: Row }

/** Of a script the caller is told what is wrong with its answer; what code of the app answers is a fault of the server. */
async function outputOf({ client, entities, action, context }: Begun, call: Call): Promise<Json> {
  const { actions, scripts } = context.code.bodies
  const script = scripts.get(action.runs)
  const body = actions.get(action.runs)
  if (script === undefined && body === undefined) throw new Bug(`Nothing was loaded from "${action.runs}".`)
  const value =
    script === undefined
      ? await body!.run(call as ActionCall)
      : await runScript(call, { script, client, context, input: call.input, row: call.row ?? null })
  const answered = readOutput(action.output, entities, value)
  if ('output' in answered) return answered.output
  const message = `"${action.runs}": ${answered.fault}`
  throw script === undefined ? new Error(message) : new RequestError('VALIDATION', message)
}

/**
 * With defaults; null for what is left out.
 *
 * @throws RequestError VALIDATION
 */
export function actionInput(
  { input }: Pick<Action, 'input'>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(input.map((field) => [field.name, inputValue(field, given[field.name])]))
}

function inputValue({ name, type, default: usual }: Field, given: unknown): unknown {
  if (given === undefined || given === null) return given === undefined && usual?.kind === 'value' ? usual.value : null
  const read = readStored(type, given)
  if (read.ok) return given
  const path = shownPath([name, ...read.at])
  throw new RequestError('VALIDATION', `"${path}" ${read.fault}.`, { fields: [name] })
}
