import { PgClassExpressionStep, PgSelectSingleStep } from '@dataplan/pg'
import type { OperationPlan, Step } from 'grafast'
import { type ASTNode, GraphQLError } from 'graphql'
import { Bug } from '#base'

/** One row in the answer of a mutation. */
export interface PlannedRow {
  /** What makes it of what was read. */
  readonly step: PgSelectSingleStep
  /** Name of the mutation in the answer. */
  readonly name: string
  /**
   * Writes all data of the answer as JSON.
   *
   * @throws GraphQLError
   */
  write(row: Row | null | undefined): string
  /** An error in the place of the row. */
  placed(error: unknown): GraphQLError
}

type Row = readonly unknown[]

/** What Grafast keeps of an answer besides its types; version 1.1 is pinned. */
interface OutputPlan {
  readonly type: { readonly mode: string; readonly typeName: string }
  readonly rootStep: Step
  readonly sideEffectStep: Step | null
  readonly deferredOutputPlans: readonly unknown[]
  /** By the name in the answer, in order. */
  readonly keys: Readonly<Record<string, { readonly type: '__typename' } | OutputField>>
  readonly executeString: (root: null, path: null, bucket: null, at: 0, value: unknown, flags: 0) => string
}

interface OutputField {
  readonly type: 'outputPlan'
  readonly outputPlan: OutputPlan
  readonly isNonNull: boolean
  readonly locationDetails: { readonly node: ASTNode | readonly ASTNode[] }
}

/** A step that asks nobody. */
interface PlainStep {
  readonly dependencies: readonly Step[]
  readonly unbatchedExecute: (extra: null, row: Row | null | undefined) => unknown
}

type Path = readonly string[]
type Writer = (row: Row | null | undefined) => string

/** The row that a mutation of one field answers; null where it answers anything besides columns of it. */
export function plannedRow(plan: OperationPlan): PlannedRow | null {
  const { rootOutputPlan: root } = plan as unknown as { readonly rootOutputPlan: OutputPlan }
  const [name, ...others] = Object.keys(root.keys)
  const found: Found[] = []
  const write = objectWriter(root, [], (payload, path) =>
    objectWriter(payload.outputPlan, path, (row, rowPath) => {
      found.push({ field: row, path: rowPath })
      return rowWriter(row, rowPath)
    }),
  )
  const [row, ...more] = found
  if (write === null || row === undefined || more.length > 0 || others.length > 0) return null
  const { outputPlan, locationDetails } = row.field
  const placed = (error: unknown) => unreadable(error, locationDetails.node, row.path)
  return { step: outputPlan.rootStep as PgSelectSingleStep, name: name!, write, placed }
}

interface Found {
  readonly field: OutputField
  readonly path: Path
}

/** Writes an object by its fields, each by what `fieldWriter` gives; null where that is null, or the plan is more. */
function objectWriter(
  { type, keys, deferredOutputPlans, sideEffectStep }: OutputPlan,
  path: Path,
  fieldWriter: (field: OutputField, path: Path) => Writer | null,
): Writer | null {
  if ((type.mode !== 'root' && type.mode !== 'object') || deferredOutputPlans.length > 0 || sideEffectStep !== null)
    return null
  const fields: { readonly before: string; readonly write: Writer }[] = []
  for (const [name, key] of Object.entries(keys)) {
    const write = key.type === '__typename' ? () => JSON.stringify(type.typeName) : fieldWriter(key, [...path, name])
    if (write === null) return null
    fields.push({ before: `${fields.length === 0 ? '{' : ','}${JSON.stringify(name)}:`, write })
  }
  return (row) => {
    let text = ''
    for (const { before, write } of fields) text += before + write(row)
    return `${text}}`
  }
}

function rowWriter({ outputPlan, isNonNull }: OutputField, path: Path): Writer | null {
  const { rootStep: step } = outputPlan
  if (!(step instanceof PgSelectSingleStep) || isNonNull) return null
  const single = step as unknown as PlainStep
  const write = objectWriter(outputPlan, path, (field, at) => columnWriter(field, step, at))
  if (write === null) return null
  return (values) => {
    const row = single.unbatchedExecute(null, values) as Row | null
    return row === null ? 'null' : write(row)
  }
}

function columnWriter({ outputPlan: leaf, isNonNull, locationDetails }: OutputField, row: Step, path: Path) {
  const column = leaf.rootStep as unknown as PlainStep
  const isColumn = leaf.rootStep instanceof PgClassExpressionStep && column.dependencies.every((each) => each === row)
  if (!isColumn || leaf.type.mode !== 'leaf' || leaf.sideEffectStep !== null) return null
  return (values: Row | null | undefined): string => {
    try {
      const text = leaf.executeString(null, null, null, 0, column.unbatchedExecute(null, values), 0)
      if (!isNonNull || text !== 'null') return text
    } catch (error) {
      throw unreadable(error, locationDetails.node, path)
    }
    throw unreadable(new Bug('A value is null that cannot be.'), locationDetails.node, path)
  }
}

/** As Grafast places errors. */
function unreadable(error: unknown, nodes: ASTNode | readonly ASTNode[], path: Path): GraphQLError {
  if (!(error instanceof GraphQLError))
    return new GraphQLError((error as Error).message, { nodes, path, originalError: error as Error })
  if (error.path !== undefined) return error
  const { message, extensions, originalError = error } = error
  return new GraphQLError(message, { nodes, path, originalError, extensions })
}
