import { OperatorError } from '#base'
import { entityRuleName } from '#policies'
import type { Model } from '#schema'
import type { PlannedRow } from './plan-seed.ts'
import { nameOf } from './row-columns.ts'
import { shownKey } from './seed-problems.ts'

/** What Postgres says of a refused row. */
interface Refusal extends Error {
  readonly code: string
  readonly detail?: string
  readonly constraint?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  /** `COPY order, line 5, column margin: "abc"`, in the language of the server. */
  readonly where?: string
}

/**
 * An error about rows, told with the row as far as Postgres says which; others come back as they are, for they are not the seed's
 * fault.
 *
 * @param rows those that were sent, in order; none where all of a table were brought over at once
 */
export function namedRefusal(error: unknown, model: Model, rows: readonly PlannedRow[]): unknown {
  if (!isRefusal(error)) return error
  const row = rows[lineOf(error) - 1] ?? leadingNowhere(error, rows)
  const place = row === undefined ? tableOf(error, model) : placeOf(row, error)
  const title = error.constraint === undefined ? null : titleOf(error.constraint, model)
  const message =
    title === null
      ? `The database refuses a row of the seed${place}: ${error.message}.${detailOf(error, row)}`
      : `A row of the seed${place} breaks a rule: ${title}.`
  return new OperatorError('SEED_INVALID', message, 'Mend "seed.ts"; nothing was written.', { cause: error })
}

/** Errors of class 22 and 23 are about rows. */
function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))
}

function lineOf({ where }: Refusal): number {
  return Number(/^COPY [^,]+, \p{L}+ (\d+)/u.exec(where ?? '')?.[1] ?? 0)
}

/** Foreign keys are looked at when all lines are there: the row is found by what it leads to. */
function leadingNowhere({ code, detail }: Refusal, rows: readonly PlannedRow[]): PlannedRow | undefined {
  const values = code === '23503' ? /\)=\((.*)\)/.exec(detail ?? '')?.[1]?.split(', ') : undefined
  const sought = values?.at(-1)?.toLowerCase()
  if (sought === undefined) return undefined
  return rows.find(({ text }) => text.split('\t').some((value) => value.toLowerCase() === sought))
}

/** ` (row 3 of "Order", id "…", field "margin")` */
function placeOf({ entity, given, index }: PlannedRow, refusal: Refusal): string {
  const wrong = wrongColumn(refusal)
  const field = wrong === undefined ? '' : `, field "${nameOf(entity, wrong)}"`
  const key = shownKey(
    entity.key,
    entity.key.map((name) => given[name]),
  )
  return ` (row ${index} of "${entity.name}", ${key}${field})`
}

/** ` of "Order", field "customer"`, where the row is not known. */
function tableOf(refusal: Refusal, model: Model): string {
  const entity = model.entities.find((each) => each.table === refusal.table && each.schema === refusal.schema)
  const wrong = wrongColumn(refusal)
  if (entity === undefined) return ''
  return ` of "${entity.name}"${wrong === undefined ? '' : `, field "${nameOf(entity, wrong)}"`}`
}

/** The column that it is about; of a key its last one, for the first is the tenant's. */
function wrongColumn({ column, where, detail }: Refusal): string | undefined {
  const copied = /^COPY [^,]+, \p{L}+ \d+, \p{L}+ ([^:]+)/u.exec(where ?? '')?.[1]
  return (
    column ??
    copied ??
    /\(([^()]*)\)=\(/
      .exec(detail ?? '')?.[1]
      ?.split(', ')
      .at(-1)
  )
}

/** The row's own place says more than all of its values. */
function detailOf({ detail, code }: Refusal, row: PlannedRow | undefined): string {
  const repeatsRow = code === '23514' || code === '23502'
  return detail === undefined || (row !== undefined && repeatsRow) ? '' : ` ${detail}`
}

/** The rule of an entity, as `Order: promised no earlier than wanted`, that a check belongs to. */
function titleOf(constraint: string, model: Model): string | null {
  for (const entity of model.entities) {
    const rule = entity.rules.find((each) => entityRuleName(entity, each) === constraint)
    if (rule !== undefined) return `${entity.name}: ${rule.title}`
  }
  return null
}
