import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { OperatorError } from '#base'
import type { SecretKeys } from './secret-keys.ts'

/** Where a secret belongs; a ciphertext can be read there and nowhere else. */
export interface SecretPlace {
  readonly app: string
  /** Null: the row belongs to no tenant. */
  readonly tenant: string | null
  readonly entity: string
  readonly field: string
  /** What its row holds in place of it: new for each value. */
  readonly mark: string
}

const algorithm = 'aes-256-gcm'
const [nonceBytes, tagBytes] = [12, 16]

/** A text, encrypted for one place by the first key: `$aes256gcm$<key>$<nonce>$<ciphertext and tag>`. */
export function encryptSecret(plain: string, place: SecretPlace, [key]: SecretKeys): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key.bytes, nonce, { authTagLength: tagBytes })
  cipher.setAAD(boundTo(place))
  const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `$aes256gcm$${key.id}$${nonce.toString('base64')}$${bytes.toString('base64')}`
}

/**
 * The text behind a ciphertext.
 *
 * @throws OperatorError SECRET_UNREADABLE when its key is not among the keys, or it was made for another place or changed
 */
export function decryptSecret(sealed: string, place: SecretPlace, keys: SecretKeys): string {
  const [, id, nonce, text] =
    /^\$aes256gcm\$([0-9a-f]{8})\$([A-Za-z0-9+/]{16})\$([A-Za-z0-9+/]+={0,2})$/.exec(sealed) ?? []
  if (id === undefined || nonce === undefined || text === undefined) throw unreadable(place, 'is no ciphertext')
  const key = keys.find((each) => each.id === id)
  if (key === undefined) throw unreadable(place, `was encrypted by the key "${id}", which is not among the keys`)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < tagBytes) throw unreadable(place, 'is no ciphertext')
  const decipher = createDecipheriv(algorithm, key.bytes, Buffer.from(nonce, 'base64'), { authTagLength: tagBytes })
  decipher.setAAD(boundTo(place))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    throw unreadable(place, 'was changed, or made for another place')
  }
}

/** One list, so that no two places are written alike. */
function boundTo({ app, tenant, entity, field, mark }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify(['rowhouse', app, tenant, entity, field, mark]))
}

function unreadable({ entity, field }: SecretPlace, why: string): OperatorError {
  return new OperatorError(
    'SECRET_UNREADABLE',
    `A value of "${entity}.${field}" ${why}.`,
    'Name the key that encrypted it in ROWHOUSE_SECRETS_KEY, behind the one in use; a value that was moved has to be written again.',
  )
}
