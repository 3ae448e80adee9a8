import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { OperatorError } from '#base'
import type { Model } from '#schema'
import { readOwnFile } from '../auth/own-file.ts'
import type { Settings } from '../config/settings.ts'
import { encryptedSecret } from './seal-secret.ts'
import { readSecretKeys, type SecretKeys } from './secret-keys.ts'

const fileName = 'dev-secrets-key'

/**
 * The keys that secrets of an app are encrypted by: those of the environment, or of the embedded database a key of the data folder, made on
 * first use. Null where there is nothing to encrypt, or no key for a database that is not the embedded one.
 *
 * @throws OperatorError DEV_KEYS_UNREADABLE when the file is there but is no key
 * @throws OperatorError DATA_FOLDER_UNSAFE when somebody else could have put it there, or read it
 */
export async function secretKeysOf(
  model: Model,
  { secretKeys, database, dataFolder }: Pick<Settings, 'secretKeys' | 'database' | 'dataFolder'>,
): Promise<SecretKeys | null> {
  if (secretKeys !== null || database.kind !== 'embedded' || encryptedSecret(model) === null) return secretKeys
  const make = async () => `${randomBytes(32).toString('base64')}\n`
  const keys = readSecretKeys((await readOwnFile({ dataFolder, name: fileName, make })).trim())
  if (keys !== null) return keys
  throw new OperatorError(
    'DEV_KEYS_UNREADABLE',
    `"${join(dataFolder, fileName)}" holds no key.`,
    'Delete the file; the next start makes a new one, and what was encrypted by the old one has to be written again.',
  )
}
