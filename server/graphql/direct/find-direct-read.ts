import { PgSelectStep } from '@dataplan/pg'
import type { OperationPlan, Step } from 'grafast'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { DirectRead, type PlannedSelect, type ReadPlan } from './direct-read.ts'
import type { LayerPlan, Reader } from './frames.ts'
import { type OutputPlan, plainOutput } from './plain-output.ts'
import { nameOf, PlainSteps } from './plain-steps.ts'
import { constraintsHold, type Holds } from './plan-constraints.ts'

/** What of a plan is read; Grafast keeps more than its types say. */
interface Planned {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly stepTracker: { readonly activeSteps: Iterable<Step> }
  readonly rootLayerPlan: LayerPlan
  readonly rootOutputPlan: OutputPlan
  readonly variableValuesStep: Step
  readonly contextStep: Step
  readonly variableValuesConstraints: readonly unknown[]
  readonly contextConstraints: readonly unknown[]
  readonly rootValueConstraints: readonly unknown[]
}

interface Linked extends Step {
  readonly dependencies: readonly Step[]
  readonly layerPlan: LayerPlan
}

const known = new WeakMap<OperationDefinitionNode, DirectRead>()

/** What does a query without Grafast; null: nothing. */
export function directReadOf(operation: OperationDefinitionNode, schema: GraphQLSchema): DirectRead | null {
  const found = known.get(operation)
  return found?.schema === schema ? found : null
}

/**
 * Looks whether a plan is one that {@link DirectRead} does.
 *
 * @param asking steps that ask Postgres
 */
export function noteDirectRead(plan: OperationPlan, asking: readonly Step[]): void {
  const planned = plan as unknown as Planned
  const found = findReadPlan(planned, asking)
  if (found === null) return
  const { operation, schema } = planned
  const read = directReadOf(operation, schema) ?? new DirectRead(schema, operation)
  read.add(found)
  known.set(operation, read)
}

function findReadPlan(plan: Planned, asking: readonly Step[]): ReadPlan | null {
  const { rootLayerPlan } = plan
  const isFor = audienceOf(plan)
  if (isFor === null || asking.length === 0) return null
  if ([...plan.stepTracker.activeSteps].some((step) => step.hasSideEffects)) return null
  if (!asking.every((step) => isSelect(step, rootLayerPlan) && !dependsOnAny(step, asking))) return null
  const steps = new PlainSteps(rootLayerPlan)
  const places = { variables: steps.give(plan.variableValuesStep), context: steps.give(plan.contextStep) }
  const kept = asking.map((step) => [step as Linked, steps.give(step)] as const)
  const selects = kept.map(([step, place]) => plannedSelect(step, place, steps))
  if (!selects.every((select) => select !== null)) return null
  const write = plainOutput(plan.rootOutputPlan, { steps, shape: steps.root, layer: rootLayerPlan })
  return write === null ? null : { isFor, shape: steps.root, places, selects, write }
}

/** Null: such a plan is one of several by something that is not known here. */
function audienceOf(plan: Planned): { readonly variables: Holds; readonly context: Holds } | null {
  const variables = constraintsHold(plan.variableValuesConstraints)
  const context = constraintsHold(plan.contextConstraints)
  const isFit = variables !== null && context !== null && plan.rootValueConstraints.length === 0
  return isFit ? { variables, context } : null
}

/** True where a step is a select that asks once for the whole request. */
function isSelect(step: Step, root: LayerPlan): boolean {
  return (
    (step as Linked).layerPlan === root && step instanceof PgSelectStep && nameOf(step) === '@dataplan/pg.PgSelectStep'
  )
}

function dependsOnAny(step: Step, those: readonly Step[], seen = new Set<Step>()): boolean {
  if (seen.has(step)) return false
  seen.add(step)
  return (step as Linked).dependencies.some((each) => those.includes(each) || dependsOnAny(each, those, seen))
}

/** Null: it depends on more than plain values. */
function plannedSelect(step: Linked, place: number, steps: PlainSteps): PlannedSelect | null {
  const read = step.dependencies.map((each) => steps.reader(each, steps.root))
  if (!read.every((each) => each !== null)) return null
  const below = new Map<number, Reader>()
  const note = (each: Step) => {
    if (below.has(each.id)) return
    below.set(each.id, steps.reader(each, steps.root)!)
    for (const next of (each as Linked).dependencies) note(next)
  }
  for (const each of step.dependencies) note(each)
  return { step: step as unknown as PlannedSelect['step'], read, below, place }
}
