import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { OperatorError } from '#base'
import { postgresUser } from '../postgres/embedded/os-user.ts'
import { refuseUnsafeFolder, unsafe } from '../postgres/embedded/unsafe-folder.ts'

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
  const path = join(dataFolder, fileName)
  refuseUnsafeFolder(dataFolder, postgresUser(join(dataFolder, 'postgres', 'cluster'))?.uid)
  const text = (await readText(path)) ?? (await create(dataFolder, path))
  try {
    return await keysFrom(JSON.parse(text) as JWK)
  } catch (error) {
    throw new OperatorError(
      'DEV_KEYS_UNREADABLE',
      `"${path}" holds no development key.`,
      'Delete the file; the next start makes a new one, and new tokens have to be made.',
      { cause: error },
    )
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readOwn(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code === 'ELOOP') throw unsafe(path, 'is a link')
    if (code === 'EACCES') throw unsafe(path, 'is not yours to read')
    throw error
  }
}

/** A key that somebody else put there, or could read, would let them be anybody. */
async function readOwn(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const found = await file.stat()
    if (!found.isFile()) throw unsafe(path, 'is no file')
    if (process.getuid !== undefined) {
      if (found.uid !== process.getuid()) throw unsafe(path, `belongs to user ${found.uid}`)
      if ((found.mode & 0o077) !== 0) throw unsafe(path, 'is open to others')
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Written whole under another name and then linked, so that two first starts end up with one key. */
async function create(dataFolder: string, path: string): Promise<string> {
  // The account that the embedded Postgres runs as must be able to pass; the file itself is closed.
  await mkdir(dataFolder, { recursive: true, mode: 0o755 })
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${JSON.stringify(await exportJWK(privateKey))}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
  return readOwn(path)
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
