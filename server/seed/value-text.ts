/** A value of a seed as text: texts as they are, everything with parts as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value as number | bigint | boolean | undefined)
}
