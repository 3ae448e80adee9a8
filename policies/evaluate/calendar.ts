/** A day of 24 hours. */
export const dayMs = 86_400_000

/** Spans that a day or an instant lies in. */
export type Span = 'year' | 'quarter' | 'month' | 'week' | 'day'

/** The first instant of a day; `Date.UTC` takes years before 100 for others. */
function utc(year: number, month: number, day = 1): number {
  return new Date(0).setUTCFullYear(year, month, day)
}

/** What the clock on the wall shows, in milliseconds as if it stood in UTC. */
export function wallOf(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)!.value)
  const milliseconds = ((instant % 1000) + 1000) % 1000
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) + milliseconds
}

/** The instant when the clock on the wall shows that. */
export function instantOf(wall: number, zone: string): number {
  let instant = wall
  for (let round = 0; round < 3; round++) instant += wall - wallOf(instant, zone)
  return instant
}

/** The beginning of the span. */
export function startOf(wall: number, span: Span): number {
  const at = new Date(wall)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  if (span === 'year') return utc(year, 0)
  if (span === 'quarter') return utc(year, month - (month % 3))
  if (span === 'month') return utc(year, month)
  const day = Math.floor(wall / dayMs) * dayMs
  return span === 'day' ? day : day - (weekday(wall) - 1) * dayMs
}

/** A part as a number. */
export function partOf(wall: number, part: Span | 'weekday' | 'hour'): number {
  const at = new Date(wall)
  switch (part) {
    case 'year':
      return at.getUTCFullYear()
    case 'quarter':
      return Math.floor(at.getUTCMonth() / 3) + 1
    case 'month':
      return at.getUTCMonth() + 1
    case 'week':
      return week(wall)
    case 'day':
      return at.getUTCDate()
    case 'weekday':
      return weekday(wall)
    case 'hour':
      return at.getUTCHours()
  }
}

/** Moved on; the end of a shorter month is its last day. */
export function moved(wall: number, by: number, unit: 'minutes' | 'hours' | 'days' | 'months'): number {
  if (unit !== 'months') return wall + by * { minutes: 60_000, hours: 3_600_000, days: dayMs }[unit]
  const at = new Date(wall)
  const first = new Date(utc(at.getUTCFullYear(), at.getUTCMonth() + by))
  const last = new Date(utc(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const day = Math.min(at.getUTCDate(), last)
  return first.getTime() + (day - 1) * dayMs + (wall - startOf(wall, 'day'))
}

/** Whole days between the days of two moments. */
export function daysBetween(from: number, to: number): number {
  return Math.floor(to / dayMs) - Math.floor(from / dayMs)
}

function weekday(wall: number): number {
  return new Date(wall).getUTCDay() || 7
}

/** ISO 8601: week 1 has the first Thursday. */
function week(wall: number): number {
  const thursday = startOf(wall, 'week') + 3 * dayMs
  return Math.floor((thursday - startOf(thursday, 'year')) / (7 * dayMs)) + 1
}

/** The day so many days after a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** Microseconds since 1970 of an instant as ISO 8601 or Postgres writes it; without a zone it is UTC. */
export function microsOf(text: string): bigint {
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d+-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? []
  if (day === undefined) return BigInt(Date.parse(text)) * 1000n
  const offset = zone.length === 3 ? `${zone}:00` : zone
  const seconds = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${offset}`)
  return BigInt(seconds) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Microseconds since midnight of `HH:MM`, `HH:MM:SS` or with a fraction. */
export function clockMicros(text: string): bigint {
  const [hours = '0', minutes = '0', rest = '0'] = text.split(':')
  const [seconds = '0', fraction = ''] = rest.split('.')
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}
