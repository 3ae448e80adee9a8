import { PgSelectRowsStep, PgSelectStep, SideEffectWithPgClientStep } from '@dataplan/pg'
import { FirstStep, ObjectStep, type OperationPlan, type Step } from 'grafast'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { PlannedChange } from '../../postgres/change-ahead.ts'
import { DirectCreate } from './direct-create.ts'
import { directWriteOf } from './direct-write.ts'
import { plannedRow } from './planned-row.ts'
import { type ValueReader, valueReader } from './value-reader.ts'

/** What of a plan is read; Grafast keeps more than its types say. */
interface Planned {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly variableValuesStep: Step
  readonly variableValuesConstraints: readonly unknown[]
  readonly contextConstraints: readonly unknown[]
  readonly rootValueConstraints: readonly unknown[]
}

interface Linked extends Step {
  readonly dependencies: readonly Step[]
}

const known = new WeakMap<OperationDefinitionNode, DirectCreate>()

/** What does an operation without Grafast; null: nothing. */
export function directCreateOf(operation: OperationDefinitionNode, schema: GraphQLSchema): DirectCreate | null {
  const found = known.get(operation)
  return found?.plan.schema === schema ? found : null
}

/** Looks whether a plan is one that {@link DirectCreate} does. */
export function noteDirectCreate(plan: OperationPlan, change: PlannedChange, asking: readonly Step[]): void {
  const found = findDirectCreate(plan, change, asking)
  if (found !== null) known.set((plan as unknown as Planned).operation, found)
}

function findDirectCreate(plan: OperationPlan, change: PlannedChange, asking: readonly Step[]): DirectCreate | null {
  const { schema, operation, variableValuesStep, ...constraints } = plan as unknown as Planned
  const { variableValuesConstraints, contextConstraints, rootValueConstraints } = constraints
  // Such a plan is one of several, by what else the request says.
  if ([variableValuesConstraints, contextConstraints, rootValueConstraints].some((each) => each.length > 0)) return null
  const changing = asking.find((each) => each instanceof SideEffectWithPgClientStep)
  const write = changing === undefined ? null : directWriteOf(changing)
  const row = plannedRow(plan)
  if (changing === undefined || write === null || row === null || !change.isSure || change.tellsKey) return null
  const select = selectOf(row.step)
  const readInput = inputReader(changing, variableValuesStep)
  if (select === null || readInput === null || !asking.includes(select)) return null
  const readKeys = (select as unknown as Linked).dependencies.map((each) => valueReader(each, changing))
  return new DirectCreate({ schema, operation, change, write, readInput, select, readKeys, row })
}

/** Of what `changeStep` is told, the input as it was given. */
function inputReader(changing: Step, variables: Step): ValueReader | null {
  for (const told of (changing as Linked).dependencies) {
    if (!(told instanceof ObjectStep)) continue
    const { keys, dependencies } = told as unknown as Linked & { readonly keys: readonly string[] }
    const given = dependencies[keys.indexOf('given')]
    if (given !== undefined) return valueReader(given, variables)
  }
  return null
}

/** The select whose first row a step makes something of. */
function selectOf(step: Step): PgSelectStep | null {
  const [first] = (step as Linked).dependencies
  if (!(first instanceof FirstStep)) return null
  const [rows] = (first as unknown as Linked).dependencies
  if (!(rows instanceof PgSelectRowsStep)) return null
  const [select] = (rows as unknown as Linked).dependencies
  return select instanceof PgSelectStep ? select : null
}
