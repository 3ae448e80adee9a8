import { isDeepStrictEqual } from 'node:util'
import type { JsonPath } from '#schema'

/** A part of one JSON value that is otherwise in another. */
export interface Difference {
  readonly path: JsonPath
  /** `undefined` where there is none. */
  readonly given: unknown
  readonly wanted: unknown
}

/** The smallest parts that differ, in order of the keys. */
export function differences(given: unknown, wanted: unknown, path: JsonPath = []): readonly Difference[] {
  if (isDeepStrictEqual(given, wanted)) return []
  if (Array.isArray(given) && Array.isArray(wanted) && given.length === wanted.length)
    return given.flatMap((each, index) => differences(each, wanted[index], [...path, index]))
  if (isRecord(given) && isRecord(wanted)) {
    const keys = [...new Set([...Object.keys(given), ...Object.keys(wanted)])]
    return keys.flatMap((key) => differences(given[key], wanted[key], [...path, key]))
  }
  return [{ path, given, wanted }]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
