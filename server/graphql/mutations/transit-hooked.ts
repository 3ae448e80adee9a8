import { actionName } from '#migrations'
import { afterTransitions, beforeTransitions, type HookedChange } from '../../bodies/row-hooks.ts'
import { RefusedRows } from '../../refused-rows.ts'
import { keyOf } from '../key-fields.ts'
import { mayExpect } from './expectation.ts'
import { type SaidTransition, transitionFault, transitRows } from './transit-rows.ts'
import { keyColumns, type RowTarget } from './write-row.ts'
import { keyNames, type WrittenEntities, writeRows } from './write-rows.ts'

/** Transitions of rows with the code that runs beside them. */
export interface HookedTransitions extends HookedChange {
  readonly of: WrittenEntities
}

/**
 * Brings a row to another state with the hooks beside it.
 *
 * @throws what {@link transitHookedRows} tells of it
 */
export async function transitHookedRow(
  change: HookedTransitions,
  said: SaidTransition,
  target: RowTarget,
): Promise<void> {
  try {
    await transitHookedRows(change, said, [target])
  } catch (error) {
    throw error instanceof RefusedRows ? error.faults[0]!.error : error
  }
}

/**
 * Brings rows to another state with the hooks beside them, all or none. Postgres locks the rows and looks at state, rule and guard before code runs, and again
 * when it carries the transition out: code may have changed something meanwhile.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function transitHookedRows(
  change: HookedTransitions,
  said: SaidTransition,
  targets: readonly RowTarget[],
): Promise<void> {
  const { client, of } = change
  await begin(change, said, targets)
  const keys = targets.map((target) => keyOf(of.entity, of.entities, target))
  const inputs = await beforeTransitions(change, said, keys)
  await transitRows(client, of, said, keys)
  await afterTransitions(change, said, { keys, inputs })
}

/** One statement for all rows. */
async function begin({ client, of }: HookedTransitions, { transition }: SaidTransition, targets: readonly RowTarget[]) {
  const isExpected = mayExpect(of.entity, 'update')
  const items = targets.map((target) => ({
    ok: { key: { ...keyColumns(of, target), ...(isExpected ? { '#since': target.ifUpdatedAt ?? null } : {}) } },
  }))
  const key = [...keyNames(of), ...(isExpected ? ['#since'] : [])]
  const told = { function: actionName(of.entity, transition.name), key }
  const faultOf = (answer: string) => transitionFault(of.entity, transition, answer)
  await writeRows(client, of, { verb: transition.name, items, told, faultOf })
}
