/** A value of a row as a word: what is no scalar as JSON writes it. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
