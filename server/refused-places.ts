import type { RowPlace } from './graphql/nested/write-plan.ts'

/** What is wrong with a row of a mutation that writes several. */
export interface PlacedFault {
  readonly place: RowPlace
  /** What writing it alone would throw. */
  readonly error: unknown
}

/** Some rows of a mutation are refused, and none is written. What may be told of each is found where errors are translated. */
export class RefusedPlaces extends Error {
  /** At least one, in the order of the input. */
  readonly faults: readonly PlacedFault[]

  constructor(faults: readonly PlacedFault[]) {
    super(`${faults.length} rows are refused.`, { cause: faults[0]?.error })
    this.name = 'RefusedPlaces'
    this.faults = faults
  }
}
