import { join } from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { OperatorError } from '#base'
import { readOwnFile } from './own-file.ts'

/** The key pair that signs and verifies development tokens. Never used in production. */
export interface DevKeys {
  readonly keyId: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

const fileName = 'dev-token-key.json'

/**
 * The development keys of a data folder, made on first use. The file is readable by its owner alone; whoever holds it
 * can be anybody.
 *
 * @throws OperatorError DEV_KEYS_UNREADABLE when the file is there but is no key
 * @throws OperatorError DATA_FOLDER_UNSAFE when somebody else could have put it there, or read it
 */
export async function loadDevKeys(dataFolder: string): Promise<DevKeys> {
  const text = await readOwnFile({ dataFolder, name: fileName, make: makeKey })
  try {
    return await keysFrom(JSON.parse(text) as JWK)
  } catch (error) {
    throw new OperatorError(
      'DEV_KEYS_UNREADABLE',
      `"${join(dataFolder, fileName)}" holds no development key.`,
      'Delete the file; the next start makes a new one, and new tokens have to be made.',
      { cause: error },
    )
  }
}

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return `${JSON.stringify(await exportJWK(privateKey))}\n`
}

async function keysFrom(jwk: JWK): Promise<DevKeys> {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.d !== 'string')
    throw new TypeError('Not an Ed25519 key.')
  const { d: _private, ...publicJwk } = jwk
  return {
    keyId: await calculateJwkThumbprint(publicJwk),
    privateKey: (await importJWK(jwk, 'EdDSA')) as CryptoKey,
    publicKey: (await importJWK(publicJwk, 'EdDSA')) as CryptoKey,
  }
}
