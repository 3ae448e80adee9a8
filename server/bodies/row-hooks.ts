import { RequestError, type Row } from '#base'
import type { Entity, HookMoment } from '#schema'
import type { SaidTransition } from '../graphql/mutations/transit-rows.ts'
import { newColumns, patchColumns, type RowKey } from '../graphql/mutations/write-row.ts'
import { type HookedChange, inOrder, laidOver, readRows, type Values } from './lay-over.ts'
import { limitFaults } from './value-faults.ts'

export type { HookedChange } from './lay-over.ts'

/** A row that is changed, and how. */
export interface HookedPatch {
  readonly key: RowKey
  readonly patch: Values
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
    refuseFaulty(change, sound, 'create')
    return await laidOver(change, ['afterValidate', 'beforeCreate'], { ...asked, input: sound })
  })
}

/** Where code counts on values being sound, limits are looked at here; else Postgres does when they are written. */
function refuseFaulty({ of }: HookedChange, values: Values, verb: 'create' | 'update'): void {
  if (of.entity.hooks?.some(({ moment }) => moment === 'afterValidate') !== true) return
  const faults = limitFaults(of, values, verb)
  if (faults.length === 0) return
  const message = faults.map((fault) => fault.message).join(' ')
  throw new RequestError('VALIDATION', message, { fields: faults.map(({ field }) => field) })
}

/** What comes after rows were made. */
export async function afterCreates(change: HookedChange, keys: readonly RowKey[], rows: readonly Values[]) {
  await afterAll(change, ['afterCreate'], { verb: 'create', keys, inputs: rows })
}

/** What becomes of rows as hooks leave it. */
export interface HookedUpdates {
  readonly patches: readonly Values[]
  /** As they were, where hooks want to know. */
  readonly were: readonly (Row | null)[]
}

/**
 * What becomes of rows as hooks leave it. The rows are held by the caller of this.
 *
 * @throws RefusedRows
 */
export async function beforeUpdates(change: HookedChange, changes: readonly HookedPatch[]): Promise<HookedUpdates> {
  const hooks = change.of.entity.hooks ?? []
  if (!hooks.some(({ moment }) => beforeUpdate.has(moment)))
    return { patches: changes.map(({ patch }) => patch), were: [] }
  const rows = await readRows(
    change,
    changes.map(({ key }) => key),
  )
  const patches = await inOrder(change, changes, async ({ patch }, at) => {
    const row = rows[at] ?? null
    const asked = { verb: 'update', row } as const
    const sound = await laidOver(change, ['beforeValidate'], { ...asked, input: patch })
    patchColumns(change.of, sound)
    refuseFaulty(change, sound, 'update')
    return await laidOver(change, ['afterValidate', 'beforeUpdate', 'onChange'], { ...asked, input: sound })
  })
  return { patches, were: rows }
}

const beforeUpdate: ReadonlySet<HookMoment> = new Set([
  ...['beforeValidate', 'afterValidate', 'beforeUpdate', 'onChange'],
  'afterChange',
] as HookMoment[])

/** What comes after rows were changed. */
export async function afterUpdates(
  change: HookedChange,
  keys: readonly RowKey[],
  { patches, were }: HookedUpdates,
): Promise<void> {
  await afterAll(change, ['afterUpdate', 'afterChange'], { verb: 'update', keys, inputs: patches, were })
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

/**
 * Asks the hooks before rows come to another state. The rows are held, and the caller may do it.
 *
 * @throws RefusedRows
 */
export async function beforeTransitions(
  change: HookedChange,
  { transition, note }: SaidTransition,
  keys: readonly RowKey[],
): Promise<readonly Values[]> {
  const { name: verb, to } = transition
  const rows = await readRows(change, keys)
  const inputs = rows.map((row) => ({ verb, from: row?.status ?? null, to, note }))
  await inOrder(change, rows, (row, at) => laidOver(change, ['beforeTransition'], { verb, row, input: inputs[at]! }))
  return inputs
}

/** What comes after rows came to another state. */
export async function afterTransitions(
  change: HookedChange,
  { transition }: SaidTransition,
  { keys, inputs }: Pick<After, 'keys' | 'inputs'>,
): Promise<void> {
  await afterAll(change, ['afterTransition'], { verb: transition.name, keys, inputs })
}

interface After {
  readonly verb: string
  readonly keys: readonly RowKey[]
  readonly inputs: readonly Values[]
  /** The rows before. */
  readonly were?: readonly (Row | null)[]
}

async function afterAll(
  change: HookedChange,
  moments: readonly HookMoment[],
  { verb, keys, inputs, were }: After,
): Promise<void> {
  if (!(change.of.entity.hooks ?? []).some(({ moment }) => moments.includes(moment))) return
  const rows = await readRows(change, keys)
  await inOrder(change, rows, (row, at) =>
    laidOver(change, moments, { verb, row, was: were?.[at] ?? null, input: inputs[at] ?? {} }),
  )
}
