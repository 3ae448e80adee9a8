import { Bug, RequestError, type Row } from '#base'
import { type Hook, type HookMoment, transitionMoments } from '#schema'
import type { RowKey, WrittenEntity } from '../graphql/mutations/write-row.ts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { RefusedRows } from '../refused-rows.ts'
import { openRows } from '../rows/open-rows.ts'
import type { HookCall } from './body.ts'
import { changedField } from './changed-field.ts'
import { checkedValues } from './checked-values.ts'
import { type CodeContext, rowsCaller, runBody } from './run-body.ts'
import { runScript } from './run-script.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Values of a row, by name. */
export type Values = Readonly<Record<string, unknown>>

/** A change of rows of an entity that has hooks, with whoever asks. Each method is about all rows of the change, in their order. */
export interface HookedChange {
  readonly client: RequestClient
  readonly context: CodeContext
  /** `path`: where several rows are in the input. */
  readonly of: WrittenEntity & { readonly path?: string }
}

/** One after the other; of several rows it is told which is refused. */
export async function inOrder<Given, Made>(
  { of: { path = 'rows' } }: HookedChange,
  given: readonly Given[],
  run: (each: Given, at: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = []
  for (const [index, each] of given.entries())
    try {
      made.push(await run(each, index))
    } catch (error) {
      if (given.length === 1) throw error
      throw new RefusedRows([{ index, error }], path)
    }
  return made
}

/** What hooks are asked about. `was`: the row before, where `row` is what became of it. */
export type AskedHook = Pick<HookCall, 'verb' | 'row' | 'input'> & { readonly was?: Row | null }

/** Moments whose answers are laid over what is written. */
const laying: ReadonlySet<HookMoment> = new Set([
  ...['beforeValidate', 'afterValidate', 'beforeCreate', 'beforeUpdate', 'onChange'],
] as HookMoment[])

/** Runs the hooks of moments, each over what the one before it answered; what becomes of the values. */
export async function laidOver(
  change: HookedChange,
  moments: readonly HookMoment[],
  asked: AskedHook,
): Promise<Values> {
  let input = asked.input
  const hooks = (change.of.entity.hooks ?? []).filter(({ moment }) => moments.includes(moment))
  for (const hook of hooks) {
    const changed = changeOf(change, hook, { ...asked, input })
    if (changed === undefined) continue
    const { verb, row } = asked
    const told = transitionMoments.includes(hook.moment) ? input : withoutSecrets(change.of.entity, input)
    const answer = await runHook(change, hook, { verb, row, input: told, change: changed })
    if (laying.has(hook.moment) && (verb === 'create' || verb === 'update'))
      input = { ...input, ...checkedValues(change, verb, answer) }
  }
  return input
}

/** What the hook is for; undefined where it is for something else than what is done. */
function changeOf({ of }: HookedChange, hook: Hook, asked: AskedHook): HookCall['change'] | undefined {
  if (hook.of === null) return null
  if (transitionMoments.includes(hook.moment)) return hook.of === asked.verb ? null : undefined
  const row = hook.moment === 'afterChange' ? (asked.was ?? null) : asked.row
  return changedField(of.entity, hook.of, { row, input: asked.input }) ?? undefined
}

async function runHook(
  { client, context }: HookedChange,
  { runs, moment }: Hook,
  asked: AskedHook & Pick<HookCall, 'change'>,
): Promise<unknown> {
  const { hooks, scripts } = context.code.bodies
  const script = scripts.get(runs)
  if (script !== undefined)
    return await runBody(client, context, (call) =>
      runScript(call, { script, client, context, input: asked.input, row: asked.row }),
    )
  const body = hooks.get(runs)
  if (body === undefined) throw new Bug(`Nothing was loaded from "${runs}".`)
  return await runBody(client, context, async (call) => {
    try {
      return await body.run({ ...call, ...asked, moment })
    } catch (error) {
      throw refusalOf(error)
    }
  })
}

/** The message of an `Error` is meant for whoever writes; all else that is thrown is a fault of the code. */
function refusalOf(error: unknown): unknown {
  const isMeant = error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && !('code' in error)
  return isMeant ? new RequestError('VALIDATION', error.message) : error
}

/** Rows as their caller reads them, in one statement. */
export async function readRows({ client, context, of }: HookedChange, keys: readonly RowKey[]) {
  const rows = openRows(client, rowsCaller(context))
  try {
    return await rows.byKeys(of.entity.name, keys)
  } finally {
    await rows.close()
  }
}
