import { sha256 } from '../json.ts'
import { fitsIdentifier, maxIdentifierBytes } from './names.ts'

const hashLength = 8

/** The name itself when Postgres keeps it whole; else as much of it as fits, `_` and a hash of the whole. */
export function fitIdentifier(name: string): string {
  if (fitsIdentifier(name)) return name
  let kept = ''
  for (const char of name) {
    if (Buffer.byteLength(kept + char, 'utf8') > maxIdentifierBytes - hashLength - 1) break
    kept += char
  }
  return `${kept}_${sha256(name, hashLength)}`
}
