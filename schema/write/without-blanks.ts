/** The options that say something: no null, no `false`, no empty list or object. Zero and `''` are values, and so are `false` and `[]` where they are an answer. */
export function withoutBlanks(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => !isBlank(name, value)))
}

/** Options for which `false` and `[]` are not what silence means. */
const answers: ReadonlySet<string> = new Set(['default', 'tenant', 'builtIns'])

function isBlank(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (answers.has(name)) return false
  return value === false || (Array.isArray(value) && value.length === 0)
}
