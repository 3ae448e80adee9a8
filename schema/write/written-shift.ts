import { declare } from '../dsl/declare.ts'
import type { Shift } from '../model/model.ts'

/** `ahead({ days: 14 })` */
export function writtenShift({ months, days, seconds }: Shift): unknown {
  const way = months < 0 || days < 0 || seconds < 0 ? 'ago' : 'ahead'
  const [wholeMonths, wholeDays, minutes] = [Math.abs(months), Math.abs(days), Math.abs(seconds) / 60]
  const isHours = minutes % 60 === 0
  const parts = {
    months: wholeMonths,
    days: wholeDays,
    [isHours ? 'hours' : 'minutes']: isHours ? minutes / 60 : minutes,
  }
  const span = Object.fromEntries(Object.entries(parts).filter(([, count]) => count !== 0))
  return declare('moment', { way, span })
}
