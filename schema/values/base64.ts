/** RFC 4648, section 4, in its one form: with padding, without line breaks, the bits behind the data zero. */
const base64Pattern = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?'

const whole = new RegExp(`^${base64Pattern}$`)

/** What is wrong with base64, or null. */
export function base64Fault(given: unknown, maxBytes: number): string | null {
  if (typeof given !== 'string' || given.length % 4 !== 0 || !isBase64(given))
    return 'must be base64 with its padding, such as "aGVsbG8="'
  return base64Bytes(given) > maxBytes ? `is larger than "maxBytes" ${maxBytes}` : null
}

/** In pieces: one match over a long text would be as deep as it is long. */
function isBase64(given: string): boolean {
  const piece = 4096
  for (let start = 0; start < given.length; start += piece) {
    const part = given.slice(start, start + piece)
    const isLast = start + piece >= given.length
    if (!(isLast ? whole : /^[A-Za-z0-9+/]*$/).test(part)) return false
  }
  return true
}

/** Size of what the base64 stands for. */
function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}
