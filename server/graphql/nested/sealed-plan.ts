import { secretsOf } from '#schema'
import { RefusedPlaces } from '../../refused-places.ts'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { countHashes } from '../mutations/count-hashes.ts'
import { hasRuleForField } from '../mutations/has-rule-for-field.ts'
import { sealedValues } from '../mutations/sealed-values.ts'
import type { Writer } from './run-writes.ts'
import { saidAt } from './said-at.ts'
import type { PlannedRow, WritePlan, WriteStep } from './write-plan.ts'

/** With what secrets are sealed, and for which request. */
export interface Sealed {
  readonly sealing: Sealing
  readonly transaction: object
}

/**
 * The plan with every secret hashed or encrypted, so that none is plain when a connection to Postgres is taken.
 *
 * @throws RefusedPlaces, and whatever sealing throws
 */
export async function sealedPlan(
  plan: WritePlan,
  writer: Writer,
  { sealing, transaction }: Sealed,
): Promise<WritePlan> {
  if (plan.steps.every(({ entity }) => secretsOf(entity).length === 0)) return plan
  countHashesOf(plan, writer, transaction)
  const steps: WriteStep[] = []
  for (const step of plan.steps) {
    const rows: PlannedRow[] = []
    for (const row of step.rows) rows.push(await sealedRow(row, step, { ...writer, sealing }))
    steps.push({ ...step, rows })
  }
  return { ...plan, steps }
}

/** Each takes a processor for tens of milliseconds; those that no rule lets the caller write are not hashed. */
function countHashesOf({ steps }: WritePlan, { model, roles }: Writer, transaction: object): void {
  const hashes = steps.flatMap(({ entity, verb, rows }) => {
    const fields = secretsOf(entity).filter(
      ({ name, type }) => type.keep === 'hash' && hasRuleForField({ model, roles, entity, verb }, name),
    )
    return rows.flatMap(({ values, place }) =>
      fields.filter(({ name }) => values[name] != null).map(({ name }) => saidAt(place, name)),
    )
  })
  countHashes(transaction, hashes.length, hashes)
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
