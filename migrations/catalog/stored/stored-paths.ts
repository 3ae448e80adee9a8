import { entityOf, type ModelIndex } from '#policies'
import { type Computed, type Entity, type StoredHop, storedOf, storedReads } from '#schema'

/** A way from rows with stored formulas to rows that these follow from. */
export interface StoredPath {
  /** Entity of the rows that hold the values. */
  readonly entity: Entity
  /** Its stored formulas that read rows along this way. */
  readonly fields: readonly Computed[]
  /** At least one. */
  readonly hops: readonly StoredHop[]
  /** Entity at the far end. */
  readonly source: Entity
  /** Columns of the far end whose change matters. */
  readonly columns: readonly string[]
}

/** A column of a row by which its stored formula, or one that reads the row, looks further. */
export interface LedBy {
  readonly column: string
  readonly to: Entity
}

interface Stored {
  readonly paths: readonly StoredPath[]
  /** By entity: columns by which formulas go on from its rows. */
  readonly led: ReadonlyMap<string, readonly LedBy[]>
}

const known = new WeakMap<ModelIndex, Stored>()

function storedIn(index: ModelIndex): Stored {
  const made = known.get(index) ?? findStored(index)
  known.set(index, made)
  return made
}

/** Ways to rows of an entity that stored formulas of others, or of other rows, follow from. */
export function pathsTo(source: Entity, index: ModelIndex): readonly StoredPath[] {
  return storedIn(index).paths.filter((path) => path.source.name === source.name)
}

/** All ways that stored formulas go. */
export function storedPaths(index: ModelIndex): readonly StoredPath[] {
  return storedIn(index).paths
}

/** To-ones of an entity's rows by which stored formulas look further, of the rows themselves or of others. */
export function ledBy(entity: Entity, index: ModelIndex): readonly LedBy[] {
  return storedIn(index).led.get(entity.name) ?? []
}

function findStored(index: ModelIndex): Stored {
  const paths = new Map<string, StoredPath>()
  const led = new Map<string, LedBy[]>()
  for (const entity of index.model.entities) {
    for (const field of storedOf(entity)) {
      for (const { hops, entity: source, columns } of storedReads(field, entity, index.entities).reads) {
        const last = hops.at(-1)
        if (last === undefined) continue
        if (last.kind === 'parent') lead(led, last, index)
        const key = JSON.stringify([entity.name, hops])
        const same = paths.get(key) ?? { entity, fields: [], hops, source, columns: [] }
        const all = [...new Set([...same.columns, ...columns])].sort()
        paths.set(key, { ...same, fields: [...same.fields, field], columns: all })
      }
    }
  }
  return { paths: [...paths.values()], led }
}

function lead(led: Map<string, LedBy[]>, { from, column, to }: StoredHop, index: ModelIndex): void {
  const all = led.get(from) ?? []
  led.set(from, all)
  if (all.every((each) => each.column !== column)) all.push({ column, to: entityOf(index, to) })
}

/** Columns of a row that its own stored formulas read, and that are not stored formulas themselves. */
export function ownSources(entity: Entity, index: ModelIndex): readonly string[] {
  return [...new Set(storedOf(entity).flatMap((field) => ownReads(field, entity, index)))]
}

/** Columns of the row itself that a formula reads. */
export function ownReads(field: Computed, entity: Entity, index: ModelIndex): readonly string[] {
  const own = storedReads(field, entity, index.entities).reads.find(({ hops }) => hops.length === 0)
  return own?.columns ?? []
}

/** True where whoever writes rows of the entity holds the rows on the way to them. */
export function isHeld(entity: Entity, index: ModelIndex): boolean {
  const { paths, led } = storedIn(index)
  return (
    paths.some(({ hops }) => hops.some(({ from }) => from === entity.name)) ||
    [...led.values()].some((all) => all.some(({ to }) => to.name === entity.name))
  )
}
