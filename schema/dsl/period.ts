import type { Field } from '../types/field.ts'
import type { PeriodOptions } from '../types/period.ts'
import type { Day, Period } from '../types/values.ts'
import { declare } from './declare.ts'

/** From one day or instant to another; either end may be open. The last day belongs to a period of days, the last instant does not. */
export function period<const Of extends 'date' | 'datetime', const Optional extends boolean = false>(
  options: PeriodOptions<Of, Optional>,
): Field<Period<Of extends 'date' ? Day : Date>, Optional> {
  return declare('field', { builder: 'period', options })
}
