import { randomUUID } from 'node:crypto'
import { OperatorError } from '#base'
import { type Entity, hasTenant, type Model, markVersions, type SecretField, secretsOf } from '#schema'
import { hasArgon2, tooOld } from './argon2.ts'
import { encryptSecret } from './encrypt-secret.ts'
import { hashOfNothing, hashSecret } from './hash-secret.ts'
import type { SecretKeys } from './secret-keys.ts'

/** What is kept of a secret, beside the mark that stands for it in its row. */
export interface SealedSecret {
  readonly mark: string
  readonly sealed: string
}

/** What secrets are sealed for, and by which keys. */
export interface Sealing {
  readonly app: string
  /** Whose rows are written; null: nobody's. */
  readonly tenant: string | null
  /** Null: nothing can be encrypted. */
  readonly keys: SecretKeys | null
}

/** Greatest size of a plain text: more than any password or token has, and less than what would keep a hash busy. */
const maxBytes: Readonly<Record<SecretField['type']['keep'], number>> = { hash: 4096, encrypted: 16_384 }

/** What is wrong with a plain text, or null. Says nothing of the text itself. */
export function secretFault({ type }: SecretField, plain: unknown): string | null {
  if (typeof plain !== 'string') return 'must be a text'
  if (plain === '') return 'is empty: null takes a secret away'
  if (!plain.isWellFormed()) return 'holds half of a character'
  return Buffer.byteLength(plain) > maxBytes[type.keep] ? `is longer than ${maxBytes[type.keep]} bytes` : null
}

/** What stands for a secret in its row: random, of the version that says how it is kept. */
export function newMark({ type }: SecretField): string {
  const random = randomUUID()
  return `${random.slice(0, 14)}${markVersions[type.keep]}${random.slice(15)}`
}

/**
 * Hashes or encrypts a sound plain text, in this process: Postgres never sees it.
 *
 * @throws OperatorError SECRETS_KEY_MISSING, SECRET_HASH_UNSUPPORTED
 */
export async function sealSecret(
  entity: Entity,
  field: SecretField,
  plain: string,
  { app, tenant, keys }: Sealing,
  mark: string = newMark(field),
): Promise<SealedSecret> {
  if (field.type.keep === 'hash') return { mark, sealed: await hashSecret(plain) }
  if (keys === null) throw keyMissing(`${entity.name}.${field.name}`)
  const place = { app, tenant: hasTenant(entity) ? tenant : null, entity: entity.name, field: field.name, mark }
  return { mark, sealed: encryptSecret(plain, place, keys) }
}

/** In place of a secret to be hashed that nobody with the caller's roles may write: refused like one, without the work of it. */
export function sealNothing(field: SecretField): SealedSecret {
  return { mark: newMark(field), sealed: hashOfNothing() }
}

/**
 * Passes where all secrets of a model can be kept.
 *
 * @throws OperatorError SECRETS_KEY_MISSING, SECRET_HASH_UNSUPPORTED
 */
export function checkSecretKeys(model: Model, keys: SecretKeys | null, canHash = hasArgon2): void {
  const encrypted = encryptedSecret(model)
  if (encrypted !== null && keys === null) throw keyMissing(encrypted)
  const isHashing = model.entities.some((entity) => secretsOf(entity).some(({ type }) => type.keep === 'hash'))
  if (isHashing && !canHash) throw tooOld()
}

/** `Channel.token`: a secret of the model that needs a key; null where none does. */
export function encryptedSecret(model: Model): string | null {
  for (const entity of model.entities)
    for (const { name, type } of secretsOf(entity)) if (type.keep === 'encrypted') return `${entity.name}.${name}`
  return null
}

function keyMissing(name: string): OperatorError {
  return new OperatorError(
    'SECRETS_KEY_MISSING',
    `There is no key to encrypt "${name}" with.`,
    'Set ROWHOUSE_SECRETS_KEY to 32 random bytes in base64: `openssl rand -base64 32`. Keep it where the database and its backups are not.',
  )
}
