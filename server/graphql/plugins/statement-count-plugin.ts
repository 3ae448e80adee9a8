import { PgSelectStep, PgUnionAllStep } from '@dataplan/pg'
import { ObjectStep, type OperationPlan, type Step } from 'grafast'
import type { PlannedChange } from '../../postgres/change-ahead.ts'
import { noteDirectCreate } from '../direct/find-direct-create.ts'
import { noteDirectRead } from '../direct/find-direct-read.ts'
import { keepStatements } from '../known-statements.ts'
import { plannedChange } from '../planned-change.ts'
import 'postgraphile'

/** Who is told how many statements an operation sends at most. */
export interface StatementCounter {
  expect(statements: number): void
  /** The same of a mutation of one change. */
  expectChange(change: PlannedChange): void
}

/**
 * Counts, when an operation is planned, the steps that ask Postgres: each select asks once, however many rows there are. So the
 * transaction of a read knows its last statement when it comes. What our own steps ask (`can`) is theirs to know.
 */
export const StatementCountPlugin: GraphileConfig.Plugin = {
  name: 'StatementCountPlugin',
  version: '1.0.0',
  grafast: {
    middleware: {
      establishOperationPlan(next, { context }) {
        const plan = next()
        const { transaction, isInside } = context as { transaction?: StatementCounter; isInside?: true }
        // What code asks for inside of a request is no last statement of it.
        if (isInside === true) return plan
        const { statements, change } = expectationOf(plan)
        if (statements !== null) transaction?.expect(statements)
        if (change !== null) transaction?.expectChange(change)
        return plan
      },
    },
  },
}

interface Expectation {
  /** Null where a step may run more than once, or not in time with the others. */
  readonly statements: number | null
  readonly change: PlannedChange | null
}

const expected = new WeakMap<OperationPlan, Expectation>()

function expectationOf(plan: OperationPlan): Expectation {
  let known = expected.get(plan)
  if (known === undefined) {
    const asking = askingSteps(plan)
    known = { statements: countStatements(asking), change: later(asking) ? null : plannedChange(plan, asking) }
    if (plan.operation.operation === 'query' || known.change !== null) keepStatements(plan)
    if (plan.operation.operation === 'query') noteDirectRead(plan, asking)
    if (known.change !== null) noteDirectCreate(plan, known.change, asking)
    expected.set(plan, known)
  }
  return known
}

/** What steps and plans keep besides their types. */
interface Internals {
  readonly stepTracker: { readonly activeSteps: Iterable<CountedStep> }
}

interface CountedStep extends Step {
  readonly dependencies: readonly Step[]
  readonly layerPlan: { readonly reason: { readonly type: string } }
}

function askingSteps(plan: OperationPlan): readonly CountedStep[] {
  const steps = [...(plan as unknown as Internals).stepTracker.activeSteps]
  return steps.filter(({ dependencies }) => dependencies.some(isPostgresContext))
}

/** True where some are not done in time with the others. */
function later(asking: readonly CountedStep[]): boolean {
  return asking.some(({ layerPlan }) => layerPlan.reason.type === 'defer' || layerPlan.reason.type === 'subscription')
}

function countStatements(asking: readonly CountedStep[]): number | null {
  const isOdd = later(asking) || asking.some((step) => !asksOnce(step) || isOfMutation(step))
  return isOdd ? null : asking.length
}

function isOfMutation({ layerPlan }: CountedStep): boolean {
  return layerPlan.reason.type === 'mutationField'
}

function asksOnce(step: Step): boolean {
  return !step.hasSideEffects && (step instanceof PgSelectStep || step instanceof PgUnionAllStep)
}

/** The context of our executor: the only way to Postgres. */
function isPostgresContext(step: Step): boolean {
  return (
    step instanceof ObjectStep &&
    (step as unknown as { readonly keys: readonly string[] }).keys.includes('withPgClient')
  )
}
