import { context, type ExecutableStep, lambda, object } from 'grafast'
import type { Entity, Model } from '#schema'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { maxWrittenRows, planWrites, tooManyRows } from './plan-writes.ts'
import { sealedPlan } from './sealed-plan.ts'
import type { RootRow, WritePlan } from './write-plan.ts'

/** A mutation that makes or changes rows. */
export interface PlannedMutation<Input> {
  /** That the schema was built from. */
  readonly model: Model
  readonly entity: Entity
  readonly verb: 'create' | 'update'
  /** The rows that it is about. */
  readonly roots: (input: Input) => readonly RootRow[]
}

interface Given<Input> {
  readonly input: Input
  readonly sealing: Sealing
  /** Of the request. */
  readonly transaction: object
  readonly roles: readonly string[] | null
  /** With all that rules say. */
  readonly rules: Model
}

/** Before a connection is taken, for a hash takes its time: what a mutation writes, with its secrets hashed or encrypted. */
export function plannedWrites<Input>(mutation: PlannedMutation<Input>, $input: ExecutableStep): ExecutableStep {
  const { model, entity, verb, roots } = mutation
  const asked = (what: string) => context().get(what as never)
  const $given = object({
    ...{ input: $input, sealing: asked('sealing'), transaction: asked('transaction') },
    ...{ roles: asked('roles'), rules: asked('rowhouseModel') },
  })
  return lambda($given, (given) => {
    const { input, sealing, transaction, roles, rules } = given as unknown as Given<Input>
    const plan = planWrites(model, { entity, verb }, roots(input))
    return sealedPlan(plan, { model: rules, roles }, { sealing, transaction })
  })
}

/**
 * Counts what a request writes, in all of its mutations.
 *
 * @param request anything that is one for the whole request
 * @throws RequestError LIMIT
 */
export function countWrites(request: object, { size }: Pick<WritePlan, 'size'>): void {
  const written = (counts.get(request) ?? 0) + size
  if (written > maxWrittenRows) throw tooManyRows()
  counts.set(request, written)
}

const counts = new WeakMap<object, number>()
