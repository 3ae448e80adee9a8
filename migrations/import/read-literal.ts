/** A literal as Postgres prints it in a default or a check, casts taken off; `null` where it is something else. */
export type Literal = string | number | boolean

/** `'draft'::text` → draft, `0` → '0', `true` → true. Numbers stay digits; {@link isDigits} tells them. */
export function readLiteral(printed: string): Literal | null {
  const text = unwrapped(printed.trim())
  if (text === 'true' || text === 'false') return text === 'true'
  const quoted = /^(E?)'((?:[^']|'')*)'$/s.exec(text)
  if (quoted !== null) {
    const body = quoted[2]!.replaceAll("''", "'")
    return quoted[1] === 'E' ? body.replaceAll('\\\\', '\\') : body
  }
  return isDigits(text) ? text : null
}

/** True for a plain decimal number. */
export function isDigits(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text)
}

/** Without parentheses around it and casts behind it. */
function unwrapped(text: string): string {
  const cast =
    /^(.*?)::(?:"[^"]+"|[a-z_]+(?: [a-z]+)*)(?:\(\d+(?:,\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])?$/s.exec(text)
  if (cast !== null && isWhole(cast[1]!)) return unwrapped(cast[1]!)
  const inside = /^\((.*)\)$/s.exec(text)
  return inside !== null && isWhole(inside[1]!) ? unwrapped(inside[1]!) : text
}

/** One literal or something in parentheses, not the left half of more. */
function isWhole(text: string): boolean {
  return /^(?:E?'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|\(.*\)|E?'(?:[^']|'')*'::.*)$/s.test(text)
}
