import { RequestError } from '#base'
import { utcText } from '../../structures/utc-text.ts'

/** A column in which the author keeps a field, by the field's path. */
export interface HeldIn {
  readonly path: string
  /** As `format_type` prints it; null: the usual one, whose limits are checks with a name. */
  readonly columnType: string | null
}

/** What whole numbers of a column lie between. */
const bounds: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  smallint: [-32_768n, 32_767n],
  integer: [-2_147_483_648n, 2_147_483_647n],
}

/** Above it Postgres finds no `real`. */
const mostReal = 3.402_823_5e38

/**
 * Refuses what a column of the author's choice cannot hold: Postgres would say so without a name, before any check is asked, and would cut off
 * blanks in silence.
 *
 * @throws RequestError VALIDATION, naming the field
 */
export function refuseWider({ path, columnType }: HeldIn, value: unknown): void {
  if (columnType === null || value === null) return
  const fault = faultOf(columnType, value)
  if (fault !== null) throw new RequestError('VALIDATION', `"${path}" ${fault}.`, { fields: [path] })
}

function faultOf(columnType: string, value: unknown): string | null {
  const length = /^character(?: varying)?\((\d+)\)$/.exec(columnType)?.[1]
  if (length !== undefined) {
    // Postgres counts characters, not UTF-16 units.
    return Array.from(String(value)).length > Number(length) ? `is longer than ${length}` : null
  }
  if (columnType === 'real') return Math.abs(Number(value)) > mostReal ? 'is too large' : null
  const digits = /^timestamp\((\d)\)/.exec(columnType)?.[1]
  if (digits !== undefined) return roundsOut(String(value), Number(digits)) ? 'is rounded to the year 10000' : null
  const range = bounds[columnType]
  if (range === undefined) return null
  const [least, most] = range
  const number = BigInt(value as string | number)
  return number < least || number > most ? `is not between ${least} and ${most}` : null
}

/** True for an instant so near the end of the year 9999 that a column with fewer digits, which rounds, would hold the next one. */
function roundsOut(instant: string, digits: number): boolean {
  const [, fraction] = /^9999-12-31T23:59:59(?:\.(\d*))?$/i.exec(utcText(instant)) ?? []
  return fraction !== undefined && /^9*$/.test(fraction.slice(0, digits)) && Number(fraction[digits] ?? 0) >= 5
}
