/** Levels of objects and lists that JSON of any form may have. */
const maxJsonDepth = 32

/**
 * What keeps a value from being stored as JSON and read back as it was, or null. Numbers go through a double on the way, so
 * larger ones than it holds exactly are refused.
 */
export function plainJsonFault(given: unknown, depth = 1): string | null {
  if (given === null || typeof given === 'boolean') return null
  if (typeof given === 'string') return textFault(given)
  if (typeof given === 'number')
    return Math.abs(given) <= Number.MAX_SAFE_INTEGER
      ? null
      : `holds a number that JSON cannot carry exactly: beyond ±${Number.MAX_SAFE_INTEGER} write it as a text`
  if (typeof given !== 'object') return 'holds something that is no JSON'
  if (depth > maxJsonDepth) return `is nested more than ${maxJsonDepth} levels deep`
  const values: readonly unknown[] = Array.isArray(given) ? given : [...Object.keys(given), ...Object.values(given)]
  for (const value of values) {
    const fault = plainJsonFault(value, depth + 1)
    if (fault !== null) return fault
  }
  return null
}

function textFault(given: string): string | null {
  if (given.includes('\0')) return 'holds a NUL character'
  return given.isWellFormed() ? null : 'holds half of a surrogate pair'
}
