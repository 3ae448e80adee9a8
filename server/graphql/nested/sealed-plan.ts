import { RequestError } from '#base'
import { secretsOf } from '#schema'
import { RefusedPlaces } from '../../refused-places.ts'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { maxHashes } from '../mutations/batch-rows.ts'
import { hasRuleForField } from '../mutations/has-rule-for-field.ts'
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
  refuseManyHashes(plan, writer)
  const steps: WriteStep[] = []
  for (const step of plan.steps) {
    const rows: PlannedRow[] = []
    for (const row of step.rows) rows.push(await sealedRow(row, step, { ...writer, sealing }))
    steps.push({ ...step, rows })
  }
  return { ...plan, steps }
}

/** Each takes a processor for tens of milliseconds; those that no rule lets the caller write are not hashed. */
function refuseManyHashes({ steps }: WritePlan, { model, roles }: Writer): void {
  const hashes = steps.flatMap(({ entity, verb, rows }) => {
    const fields = secretsOf(entity).filter(
      ({ name, type }) => type.keep === 'hash' && hasRuleForField({ model, roles, entity, verb }, name),
    )
    return rows.flatMap(({ values }) => fields.filter(({ name }) => values[name] != null))
  })
  if (hashes.length <= maxHashes) return
  throw new RequestError('LIMIT', `A mutation may set ${maxHashes} secrets that are hashed at most.`)
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
