import { PgSelectStep } from '@dataplan/pg'
import { ConstantStep, type ExecutionDetails, LambdaStep, ListStep, type OperationPlan, type Step } from 'grafast'
import type { ClientQuery } from '../postgres/with-pg-client.ts'
import type { GivenStatement } from './fenced-executor.ts'
import { FencedExecutor } from './fenced-executor.ts'

/**
 * Grafast writes the SQL of a select anew for each request, which costs a fifth of a small one. Where nothing but the sizes of its pages and the values of
 * its parameters can differ between two runs of a plan, it is written once: statements are kept, never rows.
 */
export function keepStatements(plan: OperationPlan): void {
  for (const step of (plan as unknown as Internals).stepTracker.activeSteps)
    if (step instanceof PgSelectStep && isKeepable(step as unknown as Select)) keepOf(step as unknown as Select)
}

/** What steps and plans keep besides their types; version 1.1 is pinned. */
interface Internals {
  readonly stepTracker: { readonly activeSteps: Iterable<Step> }
}

interface Placeholder {
  readonly dependencyIndex: number
  readonly codec: { readonly toPg: (value: never) => unknown }
  readonly alreadyEncoded: boolean
}

/** What says which rows of a list are read; each a place among the dependencies. */
interface Paged {
  readonly dependencies: readonly Step[]
  readonly firstStepId: number | null
  readonly lastStepId: number | null
  readonly offsetStepId: number | null
  readonly afterStepId: number | null
  readonly beforeStepId: number | null
  readonly applyDepIds: readonly number[]
}

interface Select extends Paged {
  readonly resource: { readonly executor: unknown }
  readonly mode: string
  readonly fetchOneExtra: boolean
  readonly streamDetailsDepIds: readonly number[] | null
  readonly deferreds: readonly unknown[]
  readonly contextId: number
  placeholders: readonly Placeholder[]
  execute: (details: ExecutionDetails) => Promise<readonly unknown[]>
}

/** What Grafast makes of the rows of one select. */
interface Selected {
  readonly m: unknown
  readonly cursorDetails: unknown
  readonly groupDetails: unknown
}

interface Kept extends Selected {
  readonly text: string
  readonly name: string | undefined
  /** In their order: the value of a placeholder, or what is the same each time. */
  readonly values: readonly unknown[]
}

/** Sizes of pages that one select of a plan is kept with. */
const maxKept = 5

function isKeepable(step: Select): boolean {
  return (
    step.resource.executor instanceof FencedExecutor &&
    (step.mode === 'normal' || step.mode === 'aggregate') &&
    step.execute === (PgSelectStep.prototype.execute as unknown) &&
    step.deferreds.length === 0 &&
    (step.streamDetailsDepIds ?? []).length === 0
  )
}

/** The steps that say how many rows are read, of the list and of those inside of it; null where anything else of a request decides what is asked. */
function sizesOf(step: Paged): readonly Step[] | null {
  if (step.afterStepId !== null || step.beforeStepId !== null) return null
  const at = [step.firstStepId, step.lastStepId, step.offsetStepId].filter((each) => each !== null)
  const inner = step.applyDepIds.map((each) => {
    const applied = step.dependencies[each]!
    if (applied.constructor.name === 'PgSelectInlineApplyStep') return sizesOf(applied as unknown as Paged)
    return isFixed(applied) ? [] : null
  })
  return inner.includes(null)
    ? null
    : [...at.map((each) => step.dependencies[each]!), ...inner.flatMap((each) => each!)]
}

/** True where a step gives the same for every request: Grafast itself takes those for one that do the same with the same. */
function isFixed(step: Step): boolean {
  const isOfDependencies = step instanceof ConstantStep || step instanceof LambdaStep || step instanceof ListStep
  const { dependencies } = step as unknown as { readonly dependencies: readonly Step[] }
  return isOfDependencies && !step.hasSideEffects && dependencies.every(isFixed)
}

function keepOf(step: Select): void {
  const sizes = sizesOf(step)
  if (sizes === null) return
  const asBefore = step.execute
  const executor = step.resource.executor as FencedExecutor
  const known = new Map<string, Kept>()
  keptOf.set(step as unknown as Step, known)
  step.execute = async (details) => {
    const page = pageOf(step, details)
    const key = page === null || details.count !== 1 ? null : keyOf(sizes, details)
    if (page === null || key === null) return await asBefore.call(step, details)
    const kept = known.get(key)
    if (kept === undefined) return await first(step, details, { asBefore, keep: (made) => remember(known, key, made) })
    const values = kept.values.map((value) => (value instanceof Place ? value.read(details) : value))
    const { text, name } = kept
    const context = details.values[step.contextId]!.unaryValue()
    const rows = await executor.rowsOf(context, { text, values, name })
    return [selected(rows, { kept, page, isOneExtra: step.fetchOneExtra })]
  }
}

/** What is kept of each select. */
const keptOf = new WeakMap<Step, ReadonlyMap<string, Kept>>()

/**
 * The statement that is kept of a select without pages; null where there is none yet, or it takes a value that is not given.
 *
 * @param given for each thing that it depends on; undefined: not given
 */
export function writtenStatement(select: Step, given: readonly unknown[]): ClientQuery | null {
  const kept = keptOf.get(select)?.get(withoutSizes)
  const isGiven = kept?.values.every((value) => !(value instanceof Place) || given[value.at] !== undefined)
  if (kept === undefined || isGiven !== true) return null
  const details = { values: given.map((value) => ({ at: () => value })) } as unknown as ExecutionDetails
  const { text, name, values } = kept
  const told = values.map((value) => (value instanceof Place ? value.read(details) : value))
  return { text, values: told, ...(name === undefined ? {} : { name }) }
}

const withoutSizes = ''

/** All sizes in one text; null where one is not known here, or none. */
function keyOf(sizes: readonly Step[], details: ExecutionDetails): string | null {
  const { store } = (details.extra as unknown as Running)._bucket
  let key = withoutSizes
  for (const { id } of sizes) {
    const value = store.get(id)
    const size = value === undefined || value.isBatch ? notKnown : value.unaryValue()
    if (size != null && typeof size !== 'number') return null
    key += `${size} `
  }
  return key
}

const notKnown = Symbol('not known')

/** What Grafast tells steps besides its types. */
interface Running {
  readonly _bucket: { readonly store: ReadonlyMap<number, ExecutionDetails['values'][number]> }
}

/** The one that was made first is forgotten first. */
function remember(known: Map<string, Kept>, key: string, made: Kept): void {
  if (known.size >= maxKept) known.delete(known.keys().next().value!)
  known.set(key, made)
}

interface Page {
  readonly first: number | null | undefined
  readonly offset: number | null | undefined
}

/** Null: read from its end, or not at all. */
function pageOf({ firstStepId, lastStepId, offsetStepId }: Select, { values }: ExecutionDetails): Page | null {
  const read = (at: number | null) => (at === null ? null : values[at]!.unaryValue()) as number | null | undefined
  const first = read(firstStepId)
  return first === 0 || read(lastStepId) != null ? null : { first, offset: read(offsetStepId) }
}

/** As Grafast does it when a list is read from its start. */
function selected(
  rows: readonly unknown[],
  { kept, page, isOneExtra }: { readonly kept: Kept; readonly page: Page; readonly isOneExtra: boolean },
): object {
  const { first, offset } = page
  const hasMore = isOneExtra && first != null && rows.length > first
  const { m, cursorDetails, groupDetails } = kept
  return {
    hasNextPage: hasMore,
    hasPreviousPage: offset != null && offset !== 0,
    items: hasMore ? rows.slice(0, first) : rows,
    cursorDetails,
    groupDetails,
    m,
  }
}

interface First {
  readonly asBefore: Select['execute']
  readonly keep: (made: Kept) => void
}

/** Runs a select as Grafast does, and notes what was sent, and where the values of its parameters are in it. */
async function first(step: Select, details: ExecutionDetails, { asBefore, keep }: First): Promise<readonly unknown[]> {
  const placeholders = step.placeholders
  const executor = step.resource.executor as FencedExecutor
  let sent: GivenStatement | null = null
  let answer: Promise<readonly unknown[]>
  // Until its statement is sent, nothing else runs.
  step.placeholders = placeholders.map((placeholder) => withPlace(placeholder))
  try {
    answer = executor.noting(
      (statement) => {
        sent = statement
        return statement.values.map((value) => (value instanceof Place ? value.read(details) : value))
      },
      () => asBefore.call(step, details),
    )
  } finally {
    step.placeholders = placeholders
  }
  const found = await answer
  const [result] = found as readonly (Selected | null | undefined)[]
  if (sent !== null && result != null && placeholders.every((each) => given(each, details) != null)) {
    const { m, cursorDetails, groupDetails } = result
    keep({ ...(sent as GivenStatement), m, cursorDetails, groupDetails })
  }
  return found
}

/** Where the value of a placeholder stands among the parameters of a statement. */
class Place {
  readonly #placeholder: Placeholder

  constructor(placeholder: Placeholder) {
    this.#placeholder = placeholder
  }

  /** Among the dependencies of the step. */
  get at(): number {
    return this.#placeholder.dependencyIndex
  }

  read(details: ExecutionDetails): unknown {
    const { codec, alreadyEncoded } = this.#placeholder
    const value = given(this.#placeholder, details)
    if (value == null) return null
    return alreadyEncoded ? value : codec.toPg(value as never)
  }
}

function given({ dependencyIndex }: Placeholder, { values }: ExecutionDetails): unknown {
  return values[dependencyIndex]!.at(0)
}

function withPlace(placeholder: Placeholder): Placeholder {
  const codec = Object.create(placeholder.codec, { toPg: { value: () => new Place(placeholder) } })
  return { ...placeholder, codec, alreadyEncoded: false }
}
