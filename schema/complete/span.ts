import type { MomentDeclaration } from '../dsl/declaration.ts'
import type { Shift } from '../model/model.ts'
import { isPlainObject } from './options.ts'

/** Months and days are no fixed number of seconds, so that they are kept apart. */
const units: Readonly<Record<string, readonly [part: keyof Shift, factor: number]>> = {
  years: ['months', 12],
  months: ['months', 1],
  weeks: ['days', 7],
  days: ['days', 1],
  hours: ['seconds', 3600],
  minutes: ['seconds', 60],
}

/** Ten thousand years; Postgres knows no longer ones. */
const most: Shift = { months: 120_000, days: 3_660_000, seconds: 316_000_000_000 }

/** Reads `{ days: 14 }` of `ahead` or `ago`; a text says what is wrong. */
export function readShift({ way, span }: Pick<MomentDeclaration, 'way' | 'span'>): Shift | string {
  if (way === 'now') return 'is no length of time'
  const given = isPlainObject(span) ? Object.entries(span) : []
  if (given.length === 0) return 'says how long, such as { days: 14 }'
  const shift = { months: 0, days: 0, seconds: 0 }
  for (const [unit, count] of given) {
    const known = units[unit]
    if (known === undefined) return `knows ${Object.keys(units).join(', ')}, not "${unit}"`
    if (!Number.isSafeInteger(count) || (count as number) < 1) return `takes whole numbers from 1 on for "${unit}"`
    shift[known[0]] += (count as number) * known[1] * (way === 'ago' ? -1 : 1)
  }
  const isLong = (['months', 'days', 'seconds'] as const).some((part) => Math.abs(shift[part]) > most[part])
  return isLong ? 'is longer than ten thousand years' : shift
}
