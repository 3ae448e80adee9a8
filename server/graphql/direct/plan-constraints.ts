/** What a plan took for granted of a request, as Grafast notes it; version 1.1 is pinned. */
interface Constraint {
  readonly type: string
  readonly path: readonly (string | number)[]
  readonly expectedValue?: unknown
  readonly pass?: boolean
  readonly value?: unknown
  readonly exists?: boolean
}

/** True where all of what a plan took for granted holds of something. */
export type Holds = (of: unknown) => boolean

/** Null: there is something that is not known here. */
export function constraintsHold(constraints: readonly unknown[]): Holds | null {
  const all = (constraints as readonly Constraint[]).map(holdsOne)
  if (!all.every((each) => each !== null)) return null
  return (of) => all.every((holds) => holds(of))
}

function holdsOne({ type, path, ...constraint }: Constraint): Holds | null {
  if (path.some((key) => typeof key === 'number')) return null
  if (type === 'equal') return (of) => (valueAt(of, path) === constraint.expectedValue) === constraint.pass
  if (type === 'value') return (of) => valueAt(of, path) === constraint.value
  if (type === 'exists') return (of) => (valueAt(of, path) !== undefined) === constraint.exists
  return null
}

function valueAt(of: unknown, path: Constraint['path']): unknown {
  let value = of
  for (const key of path) {
    if (value == null || Array.isArray(value)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}
