import * as crypto from 'node:crypto'
import { OperatorError } from '#base'

/**
 * What a hash costs: 19 MiB, two passes, one lane; about 30 ms of one core on a machine of 2024.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
export const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/** What Node gives from 24.7 on; its types are younger than those of this repository. */
interface Argon2Given {
  readonly message: Buffer
  readonly nonce: Buffer
  readonly parallelism: number
  readonly tagLength: number
  readonly memory: number
  readonly passes: number
}
type Argon2 = (algorithm: 'argon2id', given: Argon2Given, done: (error: Error | null, tag: Buffer) => void) => void

const { argon2 } = crypto as unknown as { readonly argon2?: Argon2 }

/** True where this Node can hash secrets. */
export const hasArgon2 = argon2 !== undefined

/**
 * Derives a tag, away from the event loop.
 *
 * @throws OperatorError SECRET_HASH_UNSUPPORTED
 */
export async function deriveTag(given: Argon2Given): Promise<Buffer> {
  if (argon2 === undefined) throw tooOld()
  const leave = await enter()
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      argon2('argon2id', given, (error, tag) => (error === null ? resolve(tag) : reject(error)))
    })
  } finally {
    leave()
  }
}

/** What is said where this Node cannot hash secrets. */
export function tooOld(): OperatorError {
  return new OperatorError(
    'SECRET_HASH_UNSUPPORTED',
    `Node ${process.versions.node} has no argon2, by which secrets are hashed.`,
    'Use Node 24.7 or later.',
  )
}

/** Node has four threads for this, for files and for names of hosts: hashing takes two of them at most. */
const atOnce = 2
let running = 0
const waiting: (() => void)[] = []

async function enter(): Promise<() => void> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  return () => {
    const next = waiting.shift()
    // The place is handed on.
    if (next === undefined) running--
    else next()
  }
}
