import { isSafeError } from 'grafast'
import { RequestError } from '#base'
import { frozenMessage } from '#migrations'
import { unavailable } from '../postgres/connection-errors.ts'
import { RefusedPlaces } from '../refused-places.ts'
import { RefusedRows } from '../refused-rows.ts'
import { RefusedWrite } from '../refused-write.ts'
import type { ConstraintFields, ViolationPlace } from './constraint-fields.ts'
import { tellPlaces } from './tell-places.ts'
import { tellRows } from './tell-rows.ts'

interface PostgresError extends ViolationPlace {
  readonly code: string
  readonly message: string
  readonly detail?: string | undefined
  /** Function of Postgres that found the fault. */
  readonly routine?: string | undefined
}

/**
 * What a caller may know of an error, or null when that is nothing. Texts of Postgres never pass: they name tables,
 * constraints and values of rows that the caller may not see.
 */
export function translateError(error: unknown, names: ConstraintFields): RequestError | null {
  if (error instanceof RequestError) return error
  if (error instanceof RefusedWrite) return names.refusalOf(error)
  if (error instanceof RefusedRows) return tellRows(error, (each) => translateError(each, names))
  if (error instanceof RefusedPlaces) return tellPlaces(error, (each) => translateError(each, names))
  if (error instanceof Error && isSafeError(error)) return fromGrafast(error)
  const away = unavailable(error)
  if (away !== null) return away
  if (isPostgresError(error)) return fromPostgres(error, names)
  if (isTooDeep(error))
    return new RequestError('LIMIT', 'The operation is nested deeper than can be followed. Ask for less at once.')
  if (isFilterRefusal(error)) return new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
  return null
}

/** Grafast's own words: a cursor that does not fit, an operation that took too long. */
function fromGrafast(error: Error): RequestError {
  if (/timeout exceeded|took too long/i.test(error.message)) return timedOut()
  return new RequestError('VALIDATION', error.message)
}

function fromPostgres(error: PostgresError, names: ConstraintFields): RequestError | null {
  switch (error.code) {
    case '42501':
      return new RequestError('FORBIDDEN', 'No rule allows this.')
    case 'RH404':
      return about(
        'NOT_FOUND',
        names.fieldsOf(error),
        (fields) => `There is no such row for ${fields}.`,
        'There is no such row.',
      )
    case '23505':
      return about(
        'CONFLICT',
        names.fieldsOf(error),
        (fields) => `Another row has the same ${fields}.`,
        'Another row has the same values.',
      )
    case '23P01':
      return overlapping(error, names)
    case '23001':
    case '23503':
      return disagreement(error, names) ?? stillReferred(error, names)
    case 'RH422':
      return belowItself(error, names)
    case '23502':
      return about(
        'VALIDATION',
        names.fieldsOf(error),
        (fields) => `${fields} is required.`,
        'A required value is missing.',
      )
    case '23514':
      return (
        frozen(error, names) ??
        brokenRule(error, names) ??
        about(
          'VALIDATION',
          names.fieldsOf(error),
          (fields) => `The value of ${fields} is not allowed.`,
          'A value is not allowed.',
        )
      )
    case '40001':
    case '40P01':
      return new RequestError('CONFLICT', 'The change collided with another at the same time. Try again.', {
        retry: true,
      })
    // JSON nested deeper than Postgres follows.
    case '54001':
      return new RequestError('LIMIT', 'A value is nested deeper than can be followed.')
    // Rows of indexes have room for some 2,700 bytes.
    case '54000':
      return new RequestError('VALIDATION', 'A value is too large to be looked up by.')
    case '57014':
      return timedOut()
    default:
      return isOfCallersValue(error) ? unreadable() : null
  }
}

function unreadable(): RequestError {
  return new RequestError('VALIDATION', 'A value cannot be read, or is out of range.')
}

/** Texts that are none of the wanted type, have no such characters, or are no pattern; and limits of lists. */
const unreadableCodes: ReadonlySet<string> = new Set([
  ...['22007', '22019', '22021', '22025', '22P02', '22P03', '22P05'],
  ...['2201B', '2201W', '2201X'],
])

/**
 * True for a value that came with the request: reading its text failed. What is out of range later comes from rows, and a read
 * that one row can make fail for everybody is ours to mend.
 */
function isOfCallersValue({ code, routine }: PostgresError): boolean {
  if (unreadableCodes.has(code)) return true
  return code.startsWith('22') && routine !== undefined && readers.test(routine)
}

/** Functions of Postgres that read texts: `int8in`, `pg_strtoint64_safe`, `float8in_internal`, `DateTimeParseError`. */
const readers =
  /^(pg_strtoint|(int[248]|float[48]|numeric|date|time|timestamp|timestamptz|timetz|interval)_?in\b|float[48]in_internal|set_var_from_|make_result|apply_typmod|DateTimeParseError)/

/** The state of the row keeps it as it is. */
function frozen(error: PostgresError, names: ConstraintFields): RequestError | null {
  if (error.message !== frozenMessage) return null
  const fields = names.fieldsOf(error)
  const words = fields.map((field) => `"${field}"`).join(' and ')
  return new RequestError('VALIDATION', `${words} cannot change any more: the row is "${error.detail}".`, { fields })
}

function brokenRule(error: PostgresError, names: ConstraintFields): RequestError | null {
  const rule = names.ruleOf(error)
  if (rule === null) return null
  return new RequestError('VALIDATION', `This breaks a rule: ${rule.title}.`, { rule: rule.title, fields: rule.fields })
}

/** The two ends of a relation with `same` would lead to different rows. */
function disagreement(error: PostgresError, names: ConstraintFields): RequestError | null {
  const relation = names.disagreementOf(error)
  if (relation === null) return null
  const path = relation.same?.join('.') ?? ''
  const message = `"${relation.name}" does not fit: its "${relation.same?.at(-1)}" is another than "${path}".`
  return new RequestError('VALIDATION', message, { fields: [`${relation.name}Id`] })
}

/** Only trees raise it. */
function belowItself(error: PostgresError, names: ConstraintFields): RequestError {
  const fields = names.fieldsOf(error)
  return new RequestError('VALIDATION', 'The row would be below itself.', { fields })
}

/** The author's title says what is wrong; of the other row nothing is told. */
function overlapping(error: PostgresError, names: ConstraintFields): RequestError {
  const fields = names.fieldsOf(error)
  const title = names.titleOf(error)
  return new RequestError('CONFLICT', title ?? 'It overlaps another row.', {
    fields,
    ...(title === null ? {} : { rule: title }),
  })
}

function stillReferred(error: PostgresError, names: ConstraintFields): RequestError {
  const list = names.listOf(error.table, error.schema)
  const fields = names.fieldsOf({ schema: error.schema, table: error.table, constraint: error.constraint })
  const message =
    list === null
      ? 'Other rows refer to this one.'
      : `The row and its "${list}" do not fit together: one refers to the other.`
  return new RequestError('CONFLICT', message, { fields, ...(list === null ? {} : { list }) })
}

function about(
  code: 'NOT_FOUND' | 'CONFLICT' | 'VALIDATION',
  fields: readonly string[],
  say: (fields: string) => string,
  otherwise: string,
): RequestError {
  if (fields.length === 0) return new RequestError(code, otherwise, { fields })
  return new RequestError(code, say(fields.map((field) => `"${field}"`).join(' and ')), { fields })
}

function timedOut(): RequestError {
  return new RequestError('TIMEOUT', 'The request took longer than it may. Ask for less at once.')
}

/** What parses, checks and plans a document calls itself for what is inside; the planner gives up by itself after a while. */
function isTooDeep(error: unknown): boolean {
  if (error instanceof Error && error.message.startsWith('Query planning error: ') && error.cause !== undefined)
    return isTooDeep(error.cause)
  if (error instanceof RangeError) return error.message === 'Maximum call stack size exceeded'
  return error instanceof Error && error.message.startsWith('Query is too complex, Grafast refuses')
}

/** The filter plugin throws plain errors. */
function isFilterRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith('are forbidden in filter argument input.')
}

function isPostgresError(error: unknown): error is PostgresError {
  const code = (error as { code?: unknown } | null)?.code
  return error instanceof Error && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in error
}
