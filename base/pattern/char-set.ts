/** Code points from, to (both included), sorted and apart. */
export type CharSet = readonly (readonly [number, number])[]

/** Postgres text has no NUL. */
const first = 1
const last = 0x10ffff

/** The digits of JavaScript's `\d`: ASCII only, in every locale. */
export const digits: CharSet = [[0x30, 0x39]]

/** The letters of JavaScript's `\w`. */
export const wordChars: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]

/** JavaScript's `\s`. */
export const spaces: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]

/** What JavaScript's `.` does not match. */
export const lineEnds: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]

/** Every other code point. */
export function complement(set: CharSet): CharSet {
  const result: [number, number][] = []
  let next = first
  for (const [from, to] of merge(set)) {
    if (from > next) result.push([next, from - 1])
    next = to + 1
  }
  if (next <= last) result.push([next, last])
  return result
}

/** Sorted, with what overlaps or touches joined. */
function merge(set: CharSet): CharSet {
  const result: [number, number][] = []
  for (const [from, to] of [...set].sort((a, b) => a[0] - b[0])) {
    const before = result.at(-1)
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to)
    else result.push([from, to])
  }
  return result
}

/** A bracket expression of Postgres, as short as it can be said: what has no end is told by what it lacks. */
export function bracket(set: CharSet): string {
  const lacking = complement(set)
  const isNegated = lacking.length > 0 && merge(set).at(-1)?.[1] === last
  const ranges = (isNegated ? lacking : merge(set)).map(([from, to]) =>
    from === to ? codePoint(from) : `${codePoint(from)}-${codePoint(to)}`,
  )
  return `[${isNegated ? '^' : ''}${ranges.join('')}]`
}

function codePoint(code: number): string {
  const char = String.fromCodePoint(code)
  // All of ASCII that a person can see, but for [ \ ] ^ and -
  if (/^[ -,.-Z_-~]$/.test(char)) return char
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0')
}
