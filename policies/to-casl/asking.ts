import type { Place } from '../evaluate/place.ts'
import type { RowShape } from './row-shape.ts'

/** Who asks about rows of which entity, in a world without rows: all that is known before there is a row. */
export interface Asking {
  readonly place: Place
  readonly shape: RowShape
  /** Is told from which instant on a fact that was decided now may be another. */
  readonly changes: (at: number) => void
}
