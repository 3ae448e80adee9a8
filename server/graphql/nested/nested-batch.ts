import { RequestError } from '#base'
import { RefusedRows } from '../../refused-rows.ts'
import type { BatchMutation } from '../batch-mutations.ts'
import { type BatchAsked, type BatchInput, type BatchRow, batchPath, readRows } from '../mutations/batch-rows.ts'
import type { RowValues } from '../mutations/column-values.ts'
import { type NestedModel, nestedModel } from './nested-sides.ts'
import { planWrites } from './plan-writes.ts'
import { sealedPlan } from './sealed-plan.ts'
import type { WritePlan } from './write-plan.ts'

/**
 * What a batch writes where some of its rows have rows inside: all rows of a level and relation together. Null where none has, and for what has
 * none.
 *
 * @throws RefusedRows where a row is in the batch twice
 * @throws RequestError LIMIT, VALIDATION
 */
export async function nestedBatch(
  mutation: BatchMutation,
  input: BatchInput,
  { model, roles, sealing, transaction }: BatchAsked,
): Promise<WritePlan | null> {
  const { verb, entity } = mutation
  if (verb !== 'create' && verb !== 'update') return null
  const sides = nestedModel(model).sidesOf(entity)
  const rows = readRows(mutation, input)
  if (!rows.some((row) => !(row instanceof RequestError) && hasNested(sides, row.values))) return null
  const path = batchPath(mutation)
  const faults = rows.flatMap((row, index) => (row instanceof RequestError ? [{ index, error: row }] : []))
  if (faults.length > 0) throw new RefusedRows(faults, path)
  const roots = (rows as readonly BatchRow[]).map(({ key, values }, index) => ({
    ...{ at: `${path}.${index}`, index, key },
    values: values ?? {},
  }))
  return await sealedPlan(planWrites(model, { entity, verb }, roots), { model, roles }, { sealing, transaction })
}

function hasNested(
  { ones, choices, lists, fars }: ReturnType<NestedModel['sidesOf']>,
  values: RowValues | null,
): boolean {
  if (values === null) return false
  if ([...ones, ...lists, ...fars].some(({ name }) => values[name] != null)) return true
  return choices.some(({ side, targets }) => {
    const given = values[side.relation.name] as RowValues | null | undefined
    return targets.some(({ name }) => given?.[name] != null)
  })
}
