/** What is wrong with one row of many. */
export interface RowFault {
  /** Place of the row in what was given, from 0. */
  readonly index: number
  /** What writing it alone would throw. */
  readonly error: unknown
}

/** Of many rows that were to be written at once some are refused, and none is written. What may be told of each is found where errors are translated. */
export class RefusedRows extends Error {
  /** At least one, by index. */
  readonly faults: readonly RowFault[]
  /** Where the rows are in the input: `orders`. */
  readonly path: string

  constructor(faults: readonly RowFault[], path: string) {
    super(`${faults.length} rows are refused.`)
    this.name = 'RefusedRows'
    this.faults = faults.toSorted((a, b) => a.index - b.index)
    this.path = path
  }
}
