import type { Field } from '../types/field.ts'
import type { NumberingOptions } from '../types/numbering.ts'
import { declare } from './declare.ts'

/**
 * A number that the database gives each row, counted per tenant; nobody writes it.
 *
 * @param pattern text with `{0000}` for the count and its least digits, `{YYYY}`, `{YY}`, `{MM}`, `{DD}` and `{field}`
 */
export function numbering<const On extends string = never>(
  pattern: string,
  options?: NumberingOptions<On>,
): Field<string, [On] extends [never] ? false : true> {
  return declare('field', { builder: 'numbering', options: options ?? {}, values: pattern })
}
