import { randomBytes, timingSafeEqual } from 'node:crypto'
import { cost, deriveTag } from './argon2.ts'

/**
 * The argon2id hash of a text with a salt of its own, in the PHC string format.
 *
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 * @see https://www.rfc-editor.org/rfc/rfc9106
 */
export async function hashSecret(plain: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await deriveTag({ message: Buffer.from(plain), nonce, ...cost })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

/** What looks like a hash to Postgres and is one of nothing: no text matches it. Costs nothing. */
export function hashOfNothing(): string {
  return `$argon2id$v=19$m=8,t=1,p=1$${unpadded(randomBytes(16))}$${unpadded(randomBytes(cost.tagLength))}`
}

/** Whether a text is what the hash was made of; false for what is no such hash, or asks for more than we ever would. */
export async function matchesHash(hash: string, plain: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, wanted] =
    /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/.exec(hash) ??
    []
  if (wanted === undefined || salt === undefined || !isAffordable(Number(memory), Number(passes), Number(parallelism)))
    return false
  const tag = Buffer.from(wanted, 'base64')
  const given = { message: Buffer.from(plain), nonce: Buffer.from(salt, 'base64'), tagLength: tag.length }
  const found = await deriveTag({
    ...given,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  })
  return timingSafeEqual(found, tag)
}

/** Whoever can write SQL may have put a hash there that would take the machine: a little above today's cost is the most. */
function isAffordable(memory: number, passes: number, parallelism: number): boolean {
  return (
    memory >= 8 * parallelism && memory <= 131_072 && passes >= 1 && passes <= 8 && parallelism >= 1 && parallelism <= 4
  )
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
