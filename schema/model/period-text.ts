/** A period by its ends, each a day or an instant as text; null is an open end. */
export interface PeriodEnds {
  readonly from: string | null
  /** Of days the last one, of instants the first one after. */
  readonly to: string | null
}

/**
 * A period as Postgres reads a range. The last day belongs to a period of days, the last instant does not belong to one of instants.
 * Null for what holds nothing at all: an end before the beginning, or instants that are the same.
 */
export function periodText(of: 'date' | 'datetime', { from, to }: PeriodEnds): string | null {
  if (from !== null && to !== null) {
    const isCrossed = of === 'date' ? from > to : microseconds(from) >= microseconds(to)
    if (isCrossed) return null
  }
  const close = of === 'date' && to !== null ? ']' : ')'
  return `[${bound(from)},${bound(to)}${close}`
}

/** Since 1970; an instant without an offset is UTC, and one without a time the day's first. */
function microseconds(instant: string): bigint {
  const [, day = '', time = '00:00', fraction = '', zone = 'Z'] =
    /^(.{10})(?:[T ]([\d:]+)(?:\.(\d+))?(.+)?)?$/i.exec(instant) ?? []
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()
  const whole = Date.parse(`${day}T${time}${offset}`)
  return BigInt(Number.isNaN(whole) ? 0 : whole) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

/** In quotes, because an instant may be written with a blank. */
function bound(value: string | null): string {
  return value === null ? '' : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}
