import { type CarriedColumn, carriedColumnsOf, carriedSources, entityOf, idColumnOf, indexModel } from '#policies'
import { type Entity, type Model, toOnesOf } from '#schema'
import { copyText } from './copy-text.ts'
import { inOrderOfKeys, type PlannedRow } from './plan-seed.ts'
import { valueText } from './value-text.ts'

/** Values that are remembered of one tenant's rows: some 100 bytes each. */
const mostValues = 400_000

/**
 * Fills carried columns of rows whose tenant had none before: what they are copied from came earlier in the seed, and is remembered. In
 * the database the rows would have to wait for a second statement, which takes as long as to write them.
 */
export class Carrier {
  readonly #model: Model
  readonly #most: number
  readonly #parts = new Map<Entity, Part>()
  /** By entity and column that they are values of. */
  readonly #memories = new Map<string, Memory>()
  #tenant: string | null = null
  #count = 0

  constructor(model: Model, most: number = mostValues) {
    this.#model = model
    this.#most = most
  }

  /** The row with its carried columns, remembered for those that lead to it; null where the database has to look. */
  carried(row: PlannedRow): PlannedRow | null {
    if (row.tenant !== this.#tenant) this.#forget(row.tenant)
    const part = this.#partOf(row.entity)
    const values = part.carried.map((each) => carriedValue(each, row))
    for (const kept of part.kept) this.#remember(kept, row, values)
    if (values.length === 0) return row
    if (values.includes(null)) return null
    return { ...row, columns: columnsWith(part, row.columns), text: [row.text, ...values].join('\t') }
  }

  #forget(tenant: string | null): void {
    for (const memory of this.#memories.values()) memory.values = new Map()
    this.#count = 0
    this.#tenant = tenant
  }

  #remember({ memory, id, isUuid, from }: Kept, row: PlannedRow, values: readonly (string | null)[]): void {
    const value = typeof from === 'number' ? values[from]! : textOf(row.given[from])
    // Values of some rows are of no use where others may be missing.
    if (value === null || this.#count >= this.#most) memory.values = null
    if (value === null || memory.values === null) return
    memory.values.set(keyOf(row.given[id], isUuid), value)
    this.#count++
  }

  #partOf(entity: Entity): Part {
    const known = this.#parts.get(entity)
    if (known !== undefined) return known
    const index = indexModel(this.#model)
    const columns = carriedColumnsOf(entity, index)
    const order = inOrderOfKeys(this.#model)
    const carried = columns.map(({ hop, source }): Carried => {
      const holder = entityOf(index, hop.to)
      const isBefore = order.indexOf(holder) < order.indexOf(entity)
      const isUuid = idColumnOf(holder, index).type.kind === 'uuid'
      return { hop: hop.name, isUuid, memory: isBefore ? this.#memoryOf(holder, source) : null }
    })
    const kept = carriedSources(entity, index).map(({ column }): Kept => {
      const at = columns.findIndex((each: CarriedColumn) => each.column === column)
      const own = toOnesOf(entity).find((each) => each.column === column)
      const isUuid = idColumnOf(entity, index).type.kind === 'uuid'
      return { memory: this.#memoryOf(entity, column), id: entity.key[0]!, isUuid, from: own?.name ?? at }
    })
    const part = { carried, kept, names: columns.map(({ column }) => column), columns: new Map() }
    this.#parts.set(entity, part)
    return part
  }

  #memoryOf(entity: Entity, column: string): Memory {
    const name = JSON.stringify([entity.name, column])
    const memory = this.#memories.get(name) ?? { values: new Map() }
    this.#memories.set(name, memory)
    return memory
  }
}

/** Values of a column as `copy` reads them, by the keys of their rows; null where not all of them are known. */
interface Memory {
  values: Map<string, string> | null
}

/** A column that a row of an entity carries. */
interface Carried {
  /** The relation to the row that it is copied from. */
  readonly hop: string
  readonly isUuid: boolean
  /** Null where those rows come later. */
  readonly memory: Memory | null
}

/** A column that other rows carry on. */
interface Kept {
  readonly memory: Memory
  /** The word of the key. */
  readonly id: string
  readonly isUuid: boolean
  /** The relation that is the column, or the number of a carried one. */
  readonly from: string | number
}

/** An entity, gathered once. */
interface Part {
  readonly carried: readonly Carried[]
  readonly kept: readonly Kept[]
  /** Of carried columns. */
  readonly names: readonly string[]
  /** Columns with carried ones, by those without. */
  readonly columns: Map<readonly string[], readonly string[]>
}

function carriedValue({ hop, isUuid, memory }: Carried, row: PlannedRow): string | null {
  return memory?.values?.get(keyOf(row.given[hop], isUuid)) ?? null
}

/** Null where the row does not say it: it may have a default. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const written = copyText(value, false)
  return written.ok ? written.text : null
}

/** Postgres reads a uuid whatever its case. Of keys that are written in other ways the database finds the rows. */
function keyOf(value: unknown, isUuid: boolean): string {
  const text = valueText(value)
  return isUuid ? text.toLowerCase() : text
}

function columnsWith({ columns, names }: Part, given: readonly string[]): readonly string[] {
  const known = columns.get(given)
  if (known !== undefined) return known
  const all = [...given, ...names]
  columns.set(given, all)
  return all
}
