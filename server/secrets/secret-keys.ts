import { createHash } from 'node:crypto'

/** A key of 256 bits, and the short name that ciphertexts call it by. */
export interface SecretKey {
  /** Eight hexadecimal digits of the key's SHA-256: it says nothing of the key, and two keys are told apart. */
  readonly id: string
  readonly bytes: Buffer
}

/** At least one: the first encrypts, all decrypt. */
export type SecretKeys = readonly [SecretKey, ...SecretKey[]]

/** Keys as they are written in the environment: 32 bytes each in base64, commas between them. Null when one of them is none. */
export function readSecretKeys(text: string): SecretKeys | null {
  const keys = text.split(',').map((each) => readKey(each.trim()))
  const [first, ...more] = keys
  if (first == null || more.includes(null)) return null
  return [first, ...(more as SecretKey[])]
}

function readKey(text: string): SecretKey | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return { id: createHash('sha256').update('rowhouse secrets key\0').update(bytes).digest('hex').slice(0, 8), bytes }
}
