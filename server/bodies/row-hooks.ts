import { Bug, RequestError, type Row } from '#base'
import type { Entity, Hook, HookMoment } from '#schema'
import { newColumns, patchColumns, type RowKey, type WrittenEntity } from '../graphql/mutations/write-row.ts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { RefusedRows } from '../refused-rows.ts'
import { openRows } from '../rows/open-rows.ts'
import type { HookCall } from './body.ts'
import { changedField } from './changed-field.ts'
import { checkedValues } from './checked-values.ts'
import { type CodeContext, rowsCaller, runBody } from './run-body.ts'
import { runScript } from './run-script.ts'
import { withoutSecrets } from './without-secrets.ts'

type Values = Readonly<Record<string, unknown>>

/** A row that is changed, and how. */
export interface HookedPatch {
  readonly key: RowKey
  readonly patch: Values
}

/** A change of rows of an entity that has hooks, with whoever asks. Each method is about all rows of the change, in their order. */
export interface HookedChange {
  readonly client: RequestClient
  readonly context: CodeContext
  /** `path`: where several rows are in the input. */
  readonly of: WrittenEntity & { readonly path?: string }
}

/** True where code runs beside changes of the entity. */
export function hasHooks({ hooks }: Pick<Entity, 'hooks'>): boolean {
  return hooks !== undefined
}

/**
 * The values of new rows as hooks leave them.
 *
 * @throws RefusedRows
 */
export async function beforeCreates(change: HookedChange, rows: readonly Values[]): Promise<readonly Values[]> {
  return await inOrder(change, rows, async (given) => {
    const asked = { verb: 'create', row: null } as const
    const sound = await laidOver(change, ['beforeValidate'], { ...asked, input: given })
    newColumns(change.of, sound)
    return await laidOver(change, ['beforeCreate'], { ...asked, input: sound })
  })
}

/** What comes after rows were made. */
export async function afterCreates(change: HookedChange, keys: readonly RowKey[], rows: readonly Values[]) {
  await afterAll(change, 'afterCreate', { verb: 'create', keys, inputs: rows })
}

/**
 * What becomes of rows as hooks leave it. The rows are held by the caller of this.
 *
 * @throws RefusedRows
 */
export async function beforeUpdates(change: HookedChange, changes: readonly HookedPatch[]): Promise<readonly Values[]> {
  const hooks = change.of.entity.hooks ?? []
  if (!hooks.some(({ moment }) => beforeUpdate.has(moment))) return changes.map(({ patch }) => patch)
  const rows = await readRows(
    change,
    changes.map(({ key }) => key),
  )
  return await inOrder(change, changes, async ({ patch }, at) => {
    const row = rows[at] ?? null
    const asked = { verb: 'update', row } as const
    const sound = await laidOver(change, ['beforeValidate'], { ...asked, input: patch })
    patchColumns(change.of, sound)
    const wanted = await laidOver(change, ['beforeUpdate'], { ...asked, input: sound })
    return await laidOver(change, ['onChange'], { ...asked, input: wanted })
  })
}

const beforeUpdate: ReadonlySet<HookMoment> = new Set(['beforeValidate', 'beforeUpdate', 'onChange'])

/** What comes after rows were changed. */
export async function afterUpdates(change: HookedChange, keys: readonly RowKey[], patches: readonly Values[]) {
  await afterAll(change, 'afterUpdate', { verb: 'update', keys, inputs: patches })
}

/**
 * Asks the hooks before rows go.
 *
 * @throws RefusedRows
 */
export async function beforeRemovals(
  change: HookedChange,
  verb: 'remove' | 'delete',
  keys: readonly RowKey[],
): Promise<readonly (Row | null)[]> {
  const hooks = (change.of.entity.hooks ?? []).filter(({ moment }) => moment.endsWith('Remove'))
  if (hooks.length === 0) return keys.map(() => null)
  const rows = await readRows(change, keys)
  await inOrder(change, rows, async (row) => {
    if (row === null) return
    await laidOver(change, ['beforeRemove'], { verb, row, input: {} })
  })
  return rows
}

/** What comes after rows are gone, each as it was. */
export async function afterRemovals(change: HookedChange, verb: 'remove' | 'delete', rows: readonly (Row | null)[]) {
  await inOrder(change, rows, async (row) => {
    if (row !== null) await laidOver(change, ['afterRemove'], { verb, row, input: {} })
  })
}

interface After {
  readonly verb: 'create' | 'update'
  readonly keys: readonly RowKey[]
  readonly inputs: readonly Values[]
}

async function afterAll(change: HookedChange, moment: HookMoment, { verb, keys, inputs }: After): Promise<void> {
  if (!(change.of.entity.hooks ?? []).some((hook) => hook.moment === moment)) return
  const rows = await readRows(change, keys)
  await inOrder(change, rows, (row, at) => laidOver(change, [moment], { verb, row, input: inputs[at] ?? {} }))
}

/** One after the other; of several rows it is told which is refused. */
async function inOrder<Given, Made>(
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

type Asked = Pick<HookCall, 'verb' | 'row' | 'input'>

/** Runs the hooks of a moment, each over what the one before it answered. */
async function laidOver(change: HookedChange, moments: readonly HookMoment[], asked: Asked): Promise<Values> {
  let input = asked.input
  const hooks = (change.of.entity.hooks ?? []).filter(({ moment }) => moments.includes(moment))
  for (const hook of hooks) {
    const changed = hook.of === null ? null : changedField(change.of.entity, hook.of, { row: asked.row, input })
    if (hook.of !== null && changed === null) continue
    const told = withoutSecrets(change.of.entity, input)
    const answer = await runHook(change, hook, { ...asked, input: told, change: changed })
    if (!hook.moment.startsWith('after') && asked.verb !== 'remove' && asked.verb !== 'delete')
      input = { ...input, ...checkedValues(change, asked.verb, answer) }
  }
  return input
}

async function runHook(
  { client, context }: HookedChange,
  { runs, moment }: Hook,
  asked: Asked & Pick<HookCall, 'change'>,
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

/** Rows as whoever asks reads them. */
export async function readRows({ client, context, of }: HookedChange, keys: readonly RowKey[]) {
  const rows = openRows(client, rowsCaller(context))
  try {
    return await rows.byKeys(of.entity.name, keys)
  } finally {
    await rows.close()
  }
}
