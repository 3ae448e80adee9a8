import { kindOf, type MoneyDeclaration } from '../dsl/declaration.ts'
import type { FieldType } from '../model/model.ts'
import { periodText } from '../model/period-text.ts'
import { readDecimal } from './decimal.ts'
import { isDay, isInstant, isTime, normalInstant } from './moment.ts'
import { isPlainObject } from './options.ts'

/** A value of a field in its normal form, or what is wrong with it. */
export type Scalar =
  | { readonly ok: true; readonly value: string | number | boolean }
  | { readonly ok: false; readonly wanted: string }

/**
 * Reads a value that an author wrote for a field of this type. Wide integers, decimals, days and instants become strings.
 * Length and range are not looked at: a comparison may name a limit that no row can have.
 */
export function readScalar(type: FieldType, given: unknown): Scalar {
  switch (type.kind) {
    case 'text':
      return typeof given === 'string' && !given.includes('\0') && given.isWellFormed() ? ok(given) : no('a text')
    case 'choice': {
      const known = type.values.some(({ value }) => value === given)
      return known ? ok(given as string) : no(`one of ${type.values.map(({ value }) => `"${value}"`).join(', ')}`)
    }
    case 'int':
    case 'duration':
      return Number.isInteger(given) && Number(given) >= -(2 ** 31) && Number(given) < 2 ** 31
        ? ok(plain(given as number))
        : no('a whole number')
    case 'int64':
      return readInt64(given)
    case 'float':
      return typeof given === 'number' && Number.isFinite(given) ? ok(plain(given)) : no('a number')
    case 'decimal':
      return readDigits(given, type.scale)
    case 'money':
      return readMoney(type, given)
    case 'boolean':
      return typeof given === 'boolean' ? ok(given) : no('`true` or `false`')
    case 'datetime':
      return isInstant(given) ? ok(normalInstant(given)) : no("an instant such as '2026-01-31T09:00:00Z'")
    case 'date':
      return isDay(given) ? ok(given) : no("a day such as '2026-01-31'")
    case 'time':
      return isTime(given) ? ok(given) : no("a time of day such as '09:30'")
    case 'period':
      return readPeriod(type.of, given)
    case 'embed':
      return no('its parts')
    case 'uuid':
      return typeof given === 'string' && uuid.test(given) ? ok(given.toLowerCase()) : no('a uuid')
    case 'list':
    case 'shape':
    case 'dict':
    case 'base64':
      return no('read as a whole')
    case 'secret':
      return no('null alone')
  }
}

/** A range as Postgres reads it, from `{ from, to }`. */
function readPeriod(of: 'date' | 'datetime', given: unknown): Scalar {
  const wanted = no(
    of === 'date'
      ? "a period such as { from: '2026-01-01', to: '2026-01-31' }"
      : "a period such as { from: '2026-01-01T09:00:00Z', to: '2026-01-01T10:00:00Z' }",
  )
  if (!isPlainObject(given) || Object.keys(given).some((key) => key !== 'from' && key !== 'to')) return wanted
  const ends = [given.from, given.to].map((end) =>
    end === undefined || end === null ? null : readScalar({ kind: of }, end),
  )
  if (ends.some((end) => end?.ok === false)) return wanted
  const [from, to] = ends.map((end) => (end?.ok === true ? String(end.value) : null))
  const text = periodText(of, { from: from ?? null, to: to ?? null })
  return text === null ? no('a period that begins before it ends') : ok(text)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function readInt64(given: unknown): Scalar {
  const wanted = no("a whole number of 64 bits, such as 12n or '12'")
  const isWritten = typeof given === 'bigint' || Number.isSafeInteger(given) || /^-?[0-9]{1,19}$/.test(textOf(given))
  if (!isWritten) return wanted
  const value = BigInt(given as string | number | bigint)
  return BigInt.asIntN(64, value) === value ? ok(String(value)) : wanted
}

function readMoney(type: Extract<FieldType, { readonly kind: 'money' }>, given: unknown): Scalar {
  if (kindOf(given) !== 'money') return readDigits(given, type.scale)
  const { amount, currency } = given as MoneyDeclaration
  if (type.currency !== null && currency !== type.currency) return no(`an amount in ${type.currency}`)
  if (!/^[A-Z]{3}$/.test(currency)) return no("an amount whose currency has three capital letters, such as 'SEK'")
  return readDigits(amount, type.scale)
}

function readDigits(given: unknown, scale: number): Scalar {
  const digits = Number.isSafeInteger(given) ? String(given) : given
  const value = typeof digits === 'string' ? readDecimal(digits) : null
  if (value === null || value.scale > scale) return no(`digits with at most ${scale} behind the point, such as '12.5'`)
  return ok(value.text)
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given : ''
}

/** JSON has no negative zero. */
function plain(value: number): number {
  return value === 0 ? 0 : value
}

function ok(value: string | number | boolean): Scalar {
  return { ok: true, value }
}

function no(wanted: string): Scalar {
  return { ok: false, wanted }
}
