import { type ExecutionDetails, isPromiseLike, type Step } from 'grafast'
import { FrameShape, itemPlace, type LayerPlan, parentOf, type Reader } from './frames.ts'
import { singleDetails } from './single-details.ts'

/** A value that Grafast has more to say of than to hand it on. */
export class NotPlain extends Error {}

/** What of a step is read and called besides its types; version 1.1 is pinned. */
interface PlannedStep {
  readonly constructor: { readonly $$export?: { readonly moduleName: string; readonly exportName: string } }
  readonly layerPlan: LayerPlan
  readonly isSyncAndSafe: boolean
  readonly hasSideEffects: boolean
  readonly dependencies: readonly Step[]
  readonly dependencyForbiddenFlags: readonly number[]
  readonly dependencyOnReject: readonly unknown[]
  unbatchedExecute(extra: null, ...values: readonly unknown[]): unknown
  execute(details: ExecutionDetails): readonly unknown[]
}

/** Of a dependency like any other: null is handed on, errors are not. */
const commonFlags = 29

/** Steps that make a value of others and ask nobody: called as Grafast calls them, with nothing but the values. */
const callable = new Set(
  [
    ...[
      '__InputDefault',
      '__InputList',
      '__InputObject',
      '__InputStaticLeaf',
      'Access',
      'ApplyInput',
      'Constant',
      'Edge',
      'First',
    ],
    ...['Lambda', 'Last', 'List', 'Object', 'PageInfo'],
  ]
    .map((name) => `grafast.${name}Step`)
    .concat(['PgClassExpression', 'PgCursor', 'PgSelectSingle'].map((name) => `@dataplan/pg.${name}Step`)),
)

type Handed = (value: unknown) => unknown

/** Steps that hand on a part of what they depend on first, as long as it is the rows of a select that were all read. */
const handing: Readonly<Record<string, (step: object) => Handed | null>> = {
  'grafast.ConnectionStep': (step) => (isWholeConnection(step) ? withRows : null),
  'grafast.ConnectionItemsStep': () => rowsOf,
  '@dataplan/pg.PgSelectRowsStep': () => rowsOf,
}

/**
 * Reads the values of steps without Grafast's own way to run them, by calling them one after the other, each once for an item. Only of steps that are known here to need no
 * more than the values of others.
 */
export class PlainSteps {
  readonly root: FrameShape
  readonly #shapes = new Map<LayerPlan, FrameShape | null>()

  constructor(root: LayerPlan) {
    this.root = new FrameShape(root, null)
    this.#shapes.set(root, this.root)
  }

  /** Gives a step the value that stands at a place of the frame of the request. */
  give(step: Step): number {
    const place = this.root.place()
    this.root.readerOf(step, () => (frame) => frame[place])
    return place
  }

  /** The frame that the steps of a layer are in; null: layers of another kind are about. */
  shapeOf(layer: LayerPlan): FrameShape | null {
    let shape = this.#shapes.get(layer)
    if (shape === undefined) {
      const { parentLayerPlan } = layer.reason
      const above = parentLayerPlan === undefined ? null : this.shapeOf(parentLayerPlan)
      shape = above === null ? null : shapeBelow(layer, above)
      this.#shapes.set(layer, shape)
    }
    return shape
  }

  /** Reads a step in frames of a shape; null: it cannot be read so. */
  reader(step: Step, from: FrameShape): Reader | null {
    const own = this.shapeOf((step as unknown as PlannedStep).layerPlan)
    if (own === null) return null
    let levels = 0
    for (let shape: FrameShape | null = from; shape !== own; shape = shape.parent) {
      if (shape === null) return null
      levels++
    }
    const reader = own.readerOf(step, () => this.#make(step as unknown as PlannedStep, own))
    return reader === null ? null : above(reader, levels)
  }

  #make(step: PlannedStep, shape: FrameShape): Reader | null {
    const name = nameOf(step)
    if (name === 'grafast.__ItemStep') return (frame) => frame[itemPlace]
    const isCommon =
      !step.hasSideEffects &&
      step.dependencyForbiddenFlags.every((flags) => flags === commonFlags) &&
      step.dependencyOnReject.every((value) => value == null)
    const run = isCommon ? runOf(step, name) : null
    const readers = run === null ? [] : step.dependencies.map((each) => this.reader(each, shape))
    if (run === null || !readers.every((each) => each !== null)) return null
    const place = shape.place()
    const read = called(run, readers)
    return (frame) => {
      const known = frame[place]
      if (known !== undefined) return known
      const value = read(frame)
      frame[place] = value
      return value
    }
  }
}

function shapeBelow(layer: LayerPlan, above: FrameShape): FrameShape | null {
  if (layer.parentSideEffectStep !== null) return null
  if (layer.reason.type === 'nullableBoundary') return above
  const isList = layer.reason.type === 'listItem' && layer.reason.stream == null
  return isList ? new FrameShape(layer, above) : null
}

function above(read: Reader, levels: number): Reader {
  if (levels === 0) return read
  const next = above(read, levels - 1)
  return (frame) => next(parentOf(frame))
}

/** Of its own class, not of one below it. */
export function nameOf(step: object): string {
  const { constructor: made } = step as Pick<PlannedStep, 'constructor'>
  const told = Object.hasOwn(made, '$$export') ? made.$$export : undefined
  return told === undefined ? '' : `${told.moduleName}.${told.exportName}`
}

type Run = (...values: readonly unknown[]) => unknown

function runOf(step: PlannedStep, name: string): Run | null {
  const handed = handing[name]
  if (handed !== undefined) return handed(step)
  // What a select is told of one inside of it.
  if (name === '@dataplan/pg.PgSelectInlineApplyStep') return (...values) => step.execute(singleDetails(values))[0]
  // What a lambda gives may be a promise, which is looked at.
  if (!callable.has(name) || !(step.isSyncAndSafe || name === 'grafast.LambdaStep')) return null
  const isOwnValue = name === '@dataplan/pg.PgClassExpressionStep' || name === '@dataplan/pg.PgSelectSingleStep'
  if (isOwnValue) return (row) => step.unbatchedExecute(null, row)
  return (...values) => plain(step.unbatchedExecute(null, ...values))
}

function called(run: Run, readers: readonly Reader[]): Reader {
  const [only, ...others] = readers
  if (only !== undefined && others.length === 0) return (frame) => run(only(frame))
  return (frame) => run(...readers.map((read) => read(frame)))
}

/** Errors, and what is not there yet, are for Grafast to hand on. */
function plain(value: unknown): unknown {
  if (value instanceof Error) throw new NotPlain()
  if (isPromiseLike(value)) {
    // Grafast makes another one, and tells of its end.
    Promise.resolve(value).catch(() => undefined)
    throw new NotPlain()
  }
  return value
}

interface Rows {
  readonly items?: unknown
}

function rowsOf(rows: unknown): unknown {
  const items = (rows as Rows | null | undefined)?.items
  if (!Array.isArray(items)) throw new NotPlain()
  return items
}

function withRows(rows: unknown): unknown {
  rowsOf(rows)
  return rows
}

/** True where the list itself knows its pages. */
function isWholeConnection(step: object): boolean {
  const { paramsDepId, collectionDepId, neededCollection } = step as Readonly<Record<string, unknown>>
  return paramsDepId === null && collectionDepId === 0 && neededCollection === true
}
