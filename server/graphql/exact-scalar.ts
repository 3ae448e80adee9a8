/** Reads what a caller sent for a scalar: the text that Postgres is given, or null when it is nothing that the scalar may be. */
export type ReadScalar = (value: unknown) => string | null

/**
 * How scalars are read whose texts Postgres reads more freely than they are written: `now`, `J2451187`, `0044-03-15 BC`, `1_000`. Such a value would come
 * back as another one, and a day past the year 9999 could not be read back at all, nor any list that its row is in.
 */
export const exactScalars: Readonly<Record<string, ReadScalar>> = {
  BigFloat: (value) =>
    numberText(value) ?? matching(/^[+-]?(\d{1,1000}(\.\d{0,1000})?|\.\d{1,1000})(e[+-]?\d{1,3})?$/i, value),
  BigInt: (value) => (Number.isSafeInteger(value) ? String(value) : matching(/^[+-]?\d{1,1000}$/, value)),
  Date: (value) => (isDay(value) ? value : null),
  Datetime: readInstant,
  Time: (value) => matching(clock, value),
}

/** A number of JavaScript holds fifteen digits of whatever was sent, and may have lost the rest. */
const exactDigits = 15

function numberText(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const text = String(value)
  const digits = text.replace(/e.*$/, '').replaceAll(/^-?0*\.?0*|\./g, '')
  return digits.length <= exactDigits ? text : null
}

const clock = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/
const instant = /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(?:Z|([+-])(0\d|1[0-5])(?::?([0-5]\d))?)?)?$/i

/** RFC 3339; without an offset it is UTC, and without a time the day's first instant. In UTC too it has a year of four digits. */
function readInstant(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const [, day, time, sign, hours = '0', minutes = '0'] = instant.exec(value) ?? []
  if (!isDay(day) || (time !== undefined && !clock.test(time))) return null
  const ahead = (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes))
  const moved = Date.parse(`${day}T${(time ?? '00:00').slice(0, 8)}Z`) - ahead
  return moved >= firstInstant && moved <= lastInstant ? value : null
}

const firstInstant = Date.parse('0001-01-01T00:00:00Z')
const lastInstant = Date.parse('9999-12-31T23:59:59Z')

/** ISO 8601, of the years 1 to 9999, and in the calendar. */
function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || value.startsWith('0000')) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function matching(pattern: RegExp, value: unknown): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}
