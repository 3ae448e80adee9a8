import { sha256 } from '#base'

/**
 * The same uuid for the same words, on every machine: version 8 of RFC 9562, from their SHA-256.
 *
 * @example stableId('User', 'ada')
 */
export function stableId(...words: readonly string[]): string {
  // JSON keeps ['a', 'b'] and ['a,b'] apart.
  const digits = sha256(JSON.stringify(words), 32)
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0b0011) | 0b1000).toString(16)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}
