import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/**
 * What Postgres stores for a password (RFC 5803), made here so that the password itself is never part of a statement: a failing statement
 * is written to the server's log.
 */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const prepared = password.replace(nonAsciiSpace, ' ').replace(mappedToNothing, '').normalize('NFKC')
  const salted = pbkdf2Sync(prepared, salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`
}

// SASLprep (RFC 4013) as node-postgres applies it.
const nonAsciiSpace = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g
const mappedToNothing = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200c\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g
