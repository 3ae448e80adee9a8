import { RequestError } from '#base'

/** The zone in which groups of instants are made where the caller names none. */
export const defaultTimeZone = 'UTC'

/**
 * The zone that a caller named, as JavaScript and Postgres both know it.
 *
 * @throws RequestError VALIDATION for what is no name of the time zone database. Offsets are none: their sign is the other way round in Postgres
 */
export function timeZone(given: unknown): string {
  if (given == null) return defaultTimeZone
  if (typeof given === 'string' && /^([A-Za-z][A-Za-z0-9_+-]*\/)*[A-Za-z][A-Za-z0-9_+-]*$/.test(given)) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone
    } catch {
      // Refused below.
    }
  }
  throw new RequestError('VALIDATION', 'This is no time zone. Name one as the IANA database does: "Europe/Berlin".', {
    fields: ['timeZone'],
  })
}
