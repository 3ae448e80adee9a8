import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { canonicalJson, RequestError } from '#base'
import { cost, deriveTag } from '../../secrets/argon2.ts'
import type { SecretKeys } from '../../secrets/secret-keys.ts'

/** A change that carries a key, as Postgres gets to know it: nothing of either is in plain. */
export interface KeyedInput {
  readonly keyHash: Buffer
  /** Of what the caller gave: the first is kept; any of them is the same input. */
  readonly inputHashes: readonly Buffer[]
  /** Where `inputHashes` are of nothing: those of the input, which take long, for when the key turns out to have been used. */
  readonly slowly?: () => Promise<readonly Buffer[]>
}

/** What a caller gave to a mutation. */
export interface GivenInput {
  /** `createOrder`, whatever its alias. */
  readonly mutation: string
  readonly input: Readonly<Record<string, unknown>>
  /** Some value in it is a secret. */
  readonly hasSecret: boolean
  /** Some rule may let the caller write such a value. */
  readonly mayWriteSecret: boolean
}

const maxLength = 200

/**
 * Reads the key of an input; null where it has none.
 *
 * @param isVisitor nobody knows who asks, so that keys of different people could not be told apart
 * @throws RequestError VALIDATION
 */
export function keyOf(input: GivenInput['input'], isVisitor: boolean): string | null {
  const key = input.idempotencyKey as string | null | undefined
  if (key == null) return null
  const fault = faultOf(key, isVisitor)
  if (fault !== null) throw new RequestError('VALIDATION', `"idempotencyKey" ${fault}.`, { fields: ['idempotencyKey'] })
  return key
}

function faultOf(key: string, isVisitor: boolean): string | null {
  if (isVisitor) return 'is for callers who are signed in'
  if (key === '') return 'is empty'
  if (key.length > maxLength) return `is longer than ${maxLength}`
  return key.isWellFormed() ? null : 'holds half of a character'
}

/**
 * Hashes a key and the input beside it. The input's hash takes the key along, which nobody keeps: who reads the table cannot try values out
 * unless the key can be guessed too. A secret is never left to that alone.
 */
export async function hashInput(key: string, given: GivenInput, secretKeys: SecretKeys | null): Promise<KeyedInput> {
  const keyHash = createHash('sha256').update('rowhouse idempotency\0').update(key).digest()
  const { clientMutationId: _unread, idempotencyKey: _key, ...input } = given.input
  const inputHash = createHmac('sha256', key)
    .update(canonicalJson([given.mutation, input]))
    .digest()
  if (!given.hasSecret) return { keyHash, inputHashes: [inputHash] }
  if (secretKeys === null) {
    const slowly = async () => [await slowTag(inputHash, keyHash)]
    // The change is going to be refused: nobody keeps the server busy with it.
    return given.mayWriteSecret
      ? { keyHash, inputHashes: await slowly() }
      : { keyHash, inputHashes: [randomBytes(32)], slowly }
  }
  const inputHashes = secretKeys.map(({ bytes }) => {
    const sealing = Buffer.from(hkdfSync('sha256', bytes, keyHash, 'rowhouse idempotency', 32))
    return createHmac('sha256', sealing).update(inputHash).digest()
  })
  return { keyHash, inputHashes }
}

/** The same for the same, and as slow to try values out on as a secret's own hash. */
function slowTag(message: Buffer, salt: Buffer): Promise<Buffer> {
  return deriveTag({ message, nonce: salt.subarray(0, 16), ...cost })
}
