import { isDay } from '../complete/moment.ts'
import { readScalar, type Scalar } from '../complete/scalar.ts'
import type { FieldType } from '../model/model.ts'

/** A scalar as it stands inside of lists and JSON: digits with the scale of the field, instants in UTC to the microsecond. */
export function exactScalar(type: FieldType, given: unknown): Scalar {
  if (type.kind === 'datetime') return exactInstant(given)
  const scalar = readScalar(type, given)
  if (!scalar.ok || (type.kind !== 'decimal' && type.kind !== 'money')) return scalar
  const [whole = '0', fraction = ''] = String(scalar.value).split('.')
  return { ok: true, value: type.scale === 0 ? whole : `${whole}.${fraction.padEnd(type.scale, '0')}` }
}

const instant =
  /^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?:\.(\d{1,6}))?(Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/

function exactInstant(given: unknown): Scalar {
  const wanted: Scalar = { ok: false, wanted: "an instant such as '2026-01-31T09:00:00Z'" }
  const [, seconds, fraction, zone] = typeof given === 'string' ? (instant.exec(given) ?? []) : []
  if (seconds === undefined || !isDay(seconds.slice(0, 10))) return wanted
  const utc = new Date(seconds + zone).toISOString()
  // Zones lead out of the years 1 to 9999.
  if (!isDay(utc.slice(0, 10))) return wanted
  const behind = fraction === undefined ? '' : `.${fraction.padEnd(6, '0')}`
  return { ok: true, value: `${utc.slice(0, 19)}${behind}Z` }
}
