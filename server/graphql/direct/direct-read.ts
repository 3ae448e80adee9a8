import type { ExecutionDetails, Step } from 'grafast'
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql'
import type { RequestTransaction } from '../../postgres/request-transaction.ts'
import type { Frame, FrameShape, Reader } from './frames.ts'
import type { Writer } from './plain-output.ts'
import type { Holds } from './plan-constraints.ts'
import { singleDetails } from './single-details.ts'

/** A plan of a query whose statements depend on nothing but the request. */
export interface ReadPlan {
  /** For which variables and contexts it was made. */
  readonly isFor: { readonly variables: Holds; readonly context: Holds }
  readonly shape: FrameShape
  /** Where values of the request stand in its frame. */
  readonly places: { readonly variables: number; readonly context: number }
  readonly selects: readonly PlannedSelect[]
  readonly write: Writer
}

/** One statement of it. */
export interface PlannedSelect {
  readonly step: Step & { execute(details: ExecutionDetails): Promise<readonly unknown[]> }
  /** What it depends on, in order. */
  readonly read: readonly Reader[]
  /** These, and what they depend on, by the numbers of steps. */
  readonly below: ReadonlyMap<number, Reader>
  /** Where its rows stand in the frame. */
  readonly place: number
}

/** What of a request a direct read works with. */
export interface ReadContext {
  readonly transaction: Pick<RequestTransaction, 'expect'>
}

/** As many plans of one query are kept, as Grafast keeps of an operation. */
const maxPlans = 50

/**
 * Does a query as Grafast does, by the steps of its plan, but one after the other: without what it keeps for any other plan, which is half of what a list of some rows costs this
 * process. It answers what succeeds.
 */
export class DirectRead {
  readonly schema: GraphQLSchema
  readonly #operation: OperationDefinitionNode
  readonly #plans: ReadPlan[] = []

  constructor(schema: GraphQLSchema, operation: OperationDefinitionNode) {
    this.schema = schema
    this.#operation = operation
  }

  /** Another plan of the same query, for other callers or variables. */
  add(plan: ReadPlan): void {
    if (this.#plans.unshift(plan) > maxPlans) this.#plans.pop()
  }

  /** Data as JSON. Null: something is wrong, and Grafast shall tell what, or plan first; statements may have been sent. */
  async run(variables: Readonly<Record<string, unknown>>, context: ReadContext): Promise<string | null> {
    const { coerced } = getVariableValues(this.schema, this.#operation.variableDefinitions ?? [], variables)
    if (coerced === undefined) return null
    const plan = this.#plans.find(({ isFor }) => isFor.variables(coerced) && isFor.context(context))
    if (plan === undefined) return null
    const frame = plan.shape.frame(null, undefined)
    frame[plan.places.variables] = coerced
    frame[plan.places.context] = context
    context.transaction.expect(plan.selects.length)
    // All are sent at once; none is left behind when another fails.
    const reading = await Promise.allSettled(plan.selects.map((select) => readRows(select, frame)))
    if (reading.some(({ status }) => status === 'rejected')) return null
    try {
      return plan.write(frame)
    } catch {
      return null
    }
  }
}

async function readRows({ step, read, below, place }: PlannedSelect, frame: Frame): Promise<void> {
  const values = read.map((each) => each(frame))
  const readStep = (id: number) => {
    const reader = below.get(id)
    return reader === undefined ? undefined : { value: reader(frame) }
  }
  const [rows] = await step.execute(singleDetails(values, readStep))
  frame[place] = await rows
}
