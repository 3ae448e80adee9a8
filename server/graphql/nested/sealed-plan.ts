import { secretsOf } from '#schema'
import { RefusedPlaces } from '../../refused-places.ts'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { sealedValues } from '../mutations/sealed-values.ts'
import type { Writer } from './run-writes.ts'
import type { PlannedRow, WritePlan, WriteStep } from './write-plan.ts'

/**
 * The plan with every secret hashed or encrypted, so that none is plain when a connection to Postgres is taken.
 *
 * @throws RefusedPlaces, and whatever sealing throws
 */
export async function sealedPlan(plan: WritePlan, writer: Writer, sealing: Sealing): Promise<WritePlan> {
  if (plan.steps.every(({ entity }) => secretsOf(entity).length === 0)) return plan
  const steps: WriteStep[] = []
  for (const step of plan.steps) {
    const rows: PlannedRow[] = []
    for (const row of step.rows) rows.push(await sealedRow(row, step, { ...writer, sealing }))
    steps.push({ ...step, rows })
  }
  return { ...plan, steps }
}

async function sealedRow(
  row: PlannedRow,
  { entity, verb }: WriteStep,
  { model, roles, sealing }: Writer & { readonly sealing: Sealing },
): Promise<PlannedRow> {
  if (secretsOf(entity).length === 0) return row
  try {
    return { ...row, values: await sealedValues({ model, roles, entity, verb }, row.values, sealing) }
  } catch (error) {
    throw new RefusedPlaces([{ place: row.place, error }])
  }
}
