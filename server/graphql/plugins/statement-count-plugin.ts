import { PgSelectStep, PgUnionAllStep } from '@dataplan/pg'
import { ObjectStep, type OperationPlan, type Step } from 'grafast'
import 'postgraphile'
import { keepStatements } from '../known-statements.ts'

/** Who is told how many statements an operation sends at most. */
export interface StatementCounter {
  expect(statements: number): void
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
        const statements = statementsOf(plan)
        if (statements !== null) (context as { transaction?: StatementCounter }).transaction?.expect(statements)
        return plan
      },
    },
  },
}

const counted = new WeakMap<OperationPlan, number | null>()

/** Null where a step may run more than once, or not in time with the others. */
function statementsOf(plan: OperationPlan): number | null {
  let count = counted.get(plan)
  if (count === undefined) {
    keepStatements(plan)
    count = countStatements(plan)
    counted.set(plan, count)
  }
  return count
}

/** What steps and plans keep besides their types. */
interface Internals {
  readonly stepTracker: { readonly activeSteps: Iterable<CountedStep> }
}

interface CountedStep extends Step {
  readonly dependencies: readonly Step[]
  readonly layerPlan: { readonly reason: { readonly type: string } }
}

const oneAtATime = new Set(['defer', 'subscription', 'mutationField'])

function countStatements(plan: OperationPlan): number | null {
  const asking = [...(plan as unknown as Internals).stepTracker.activeSteps].filter(({ dependencies }) =>
    dependencies.some(isPostgresContext),
  )
  const isOdd = asking.some((step) => !asksOnce(step) || oneAtATime.has(step.layerPlan.reason.type))
  return isOdd ? null : asking.length
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
