import type { Entity } from '#schema'
import type { LinkSide } from '../links.ts'
import type { RowValues } from '../mutations/column-values.ts'
import type { RowTarget } from '../mutations/write-row.ts'

/**
 * What a mutation writes, in order: to-ones before the rows that hold their ids, lists after the rows that they belong to. There is one step for
 * each level and relation of the input, however many rows it has.
 */
export interface WritePlan {
  readonly steps: readonly WriteStep[]
  /** The rows that the mutation is about, in the order given. */
  readonly roots: readonly Slot[]
  /** Rows that are made, changed or linked. */
  readonly size: number
}

/** Stands for the key of a row, known once the row is there. */
export type Slot = number

/** Rows of one entity that are made or changed together. */
export interface WriteStep {
  readonly verb: 'create' | 'update'
  readonly entity: Entity
  readonly rows: readonly PlannedRow[]
}

/** A row with what it takes from rows before it. */
export interface PlannedRow {
  readonly slot: Slot
  /** Of a row that is there. */
  readonly key: RowTarget | null
  /** Without what is written by steps of its own. */
  readonly values: RowValues
  /** Values that are keys of other rows. */
  readonly refs: readonly RowRef[]
  /** None of them is empty. */
  readonly links: readonly PlannedLinks[]
  /** Other rows are written after it, so that it may change nothing by itself. */
  readonly hasMore: boolean
  readonly place: RowPlace
}

/** A value that is the key of another row. */
export interface RowRef {
  /** `customerId`; of a `oneOf` its name: `subject`. */
  readonly name: string
  /** The key inside of a `oneOf`: `invoiceId`. */
  readonly within: string | null
  readonly slot: Slot
}

/** Rows that a row is linked to. */
export interface PlannedLinks {
  readonly side: LinkSide
  readonly others: readonly (LinkedKey | Slot)[]
}

/** The key of a row that is there. */
export interface LinkedKey {
  readonly key: unknown
}

/** Where the input says a row, for those who are told of its faults. */
export interface RowPlace {
  /** `order`, `order.lines.create.2` */
  readonly at: string
  /** The row that the mutation is about: its own fields are known by their names. */
  readonly isRoot: boolean
  /** Place of a row that the mutation is about among others. */
  readonly index: number | null
  /** Where fields come from that the caller wrote elsewhere: `customerId` → `customer.create`; an empty text stands for the row. */
  readonly said: ReadonlyMap<string, string>
}

/** A row that a mutation is about. */
export interface RootRow {
  /** `order`, `patch`, `orders.3` */
  readonly at: string
  /** Place among others, where the mutation is about several. */
  readonly index: number | null
  readonly values: RowValues
  /** Of a row that is there. */
  readonly key: RowTarget | null
}
