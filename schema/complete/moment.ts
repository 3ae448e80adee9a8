/** True for a day of the calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value.startsWith('0000')) return false
  const instant = new Date(`${value}T00:00:00Z`)
  // An impossible day such as the 31st of June rolls over.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(value)
}

/** True for an instant with its offset: `2026-01-31T09:00:00Z`, `2026-01-31T10:00+01:00`. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const match =
    /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(value)
  return match !== null && isDay(match[1])
}

/** The instant in UTC with milliseconds. */
export function normalInstant(value: string): string {
  return new Date(value).toISOString()
}

/** True for a time of day: `09:30`, `09:30:15`, `09:30:15.250`. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/.test(value)
}
