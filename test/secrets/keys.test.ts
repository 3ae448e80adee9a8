import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadModel } from '#policies'
import { checkSecretKeys, encryptedSecret, readSecretKeys, type SecretKeys, secretKeysOf } from '#server'
import { examineSecrets } from '../../cli/doctor/examine-environment.ts'
import type { Surroundings } from '../../cli/doctor/read-surroundings.ts'
import { validSettings } from '../../server/config.ts'
import { decryptSecret, encryptSecret, type SecretPlace } from '../../server/secrets/encrypt-secret.ts'
import { hashSecret, matchesHash } from '../../server/secrets/hash-secret.ts'
import { serveApp } from '../support/served-app.ts'
import { folder, keys } from './vault.ts'

const { model } = await loadModel(folder)
const home = mkdtempSync(join(tmpdir(), 'rowhouse-keys-'))
afterAll(() => rmSync(home, { recursive: true }))

const text = (fill: number) => Buffer.alloc(32, fill).toString('base64')
const settings = (given: Readonly<Record<string, string>>, purpose: 'start' | 'dev' = 'dev') =>
  validSettings({}, { folder: home, purpose, environment: given })

describe('the keys of the environment', () => {
  test('are 32 bytes each, and have names of their own', () => {
    const [first, second] = readSecretKeys(`${text(1)},${text(2)}`) as SecretKeys
    expect(first.bytes).toEqual(Buffer.alloc(32, 1))
    expect(first.id).toMatch(/^[0-9a-f]{8}$/)
    expect(second?.id).not.toBe(first.id)
    expect(settings({ ROWHOUSE_SECRETS_KEY: text(1) }).secretKeys).toEqual([first])
    expect(settings({}).secretKeys).toBe(null)
  })

  test.each(['x', text(1).slice(1), `${text(1)},`, `${text(1)} ${text(2)}`, Buffer.alloc(16).toString('base64'), ','])(
    'that are none, %#, are refused and not repeated',
    (given) => {
      expect(readSecretKeys(given)).toBe(null)
      const wrong = () => settings({ ROWHOUSE_SECRETS_KEY: `hush${given}` })
      expect(wrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
      expect(wrong).not.toThrow(/hush/)
    },
  )
})

describe('without a key', () => {
  test('no server begins, and none takes over', async () => {
    const served = serveApp(model, { loginUrl: 'postgres://nobody@127.0.0.1:1/none' })
    await expect(served).rejects.toMatchObject({
      code: 'SECRETS_KEY_MISSING',
      message: expect.stringContaining('"Account.token"'),
    })
  })

  test('the embedded database has one of its own, which nobody else reads', async () => {
    const embedded = { ...settings({}), dataFolder: join(home, 'data') }
    const made = await secretKeysOf(model, embedded)
    expect(await secretKeysOf(model, embedded)).toEqual(made)
    const path = join(home, 'data', 'dev-secrets-key')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    writeFileSync(path, 'nothing of use')
    await expect(secretKeysOf(model, embedded)).rejects.toMatchObject({ code: 'DEV_KEYS_UNREADABLE' })
    const plain = { ...model, entities: [] }
    expect(await secretKeysOf(plain, embedded)).toBe(null)
    const external = {
      ...embedded,
      database: { kind: 'external', url: null, migrateUrl: null, provisionUrl: null },
    } as const
    expect(await secretKeysOf(model, external)).toBe(null)
    expect(await secretKeysOf(model, { ...external, secretKeys: keys })).toBe(keys)
  })

  test('the doctor says so, for a database that is not the embedded one', () => {
    const around = (isExternal: boolean, given: Readonly<Record<string, string>> = {}) =>
      ({ app: { model }, settings: settings(given), isExternal }) as unknown as Surroundings
    expect(examineSecrets(around(true))).toMatchObject([{ status: 'fail', code: 'SECRETS_KEY_MISSING' }])
    expect(examineSecrets(around(false))).toEqual([])
    expect(examineSecrets(around(true, { ROWHOUSE_SECRETS_KEY: text(3) }))).toMatchObject([{ status: 'ok' }])
    expect(encryptedSecret(model)).toBe('Account.token')
  })

  test('nor without argon2', () => {
    expect(() => checkSecretKeys(model, keys, false)).toThrow(
      expect.objectContaining({ code: 'SECRET_HASH_UNSUPPORTED' }),
    )
    expect(() => checkSecretKeys(model, keys)).not.toThrow()
  })
})

describe('a ciphertext', () => {
  const place: SecretPlace = { app: 'a', tenant: 't', entity: 'E', field: 'f', mark: 'm' }
  const sealed = encryptSecret('plain', place, keys)

  test('is read where it was made', () => {
    expect(decryptSecret(sealed, place, keys)).toBe('plain')
    expect(encryptSecret('plain', place, keys)).not.toBe(sealed)
  })

  test.each([{ app: 'b' }, { tenant: null }, { tenant: 'u' }, { entity: 'F' }, { field: 'g' }, { mark: 'n' }])(
    'is not read elsewhere: %j',
    (other) => {
      expect(() => decryptSecret(sealed, { ...place, ...other }, keys)).toThrow(
        expect.objectContaining({ code: 'SECRET_UNREADABLE', message: expect.not.stringContaining('plain') }),
      )
    },
  )

  test.each([
    ['cut', sealed.slice(0, -4)],
    ['changed', `${sealed.slice(0, -6)}${sealed.at(-6) === 'A' ? 'B' : 'A'}${sealed.slice(-5)}`],
    ['another thing', '$argon2id$v=19'],
    ['without a tag', `${sealed.split('$').slice(0, 4).join('$')}$AAAA`],
  ])('that is %s is told as that', (_title, given) => {
    expect(() => decryptSecret(given, place, keys)).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }))
  })
})

describe('a hash', () => {
  test('is of its text alone, and another one each time', async () => {
    const [one, two] = await Promise.all([hashSecret('grün'), hashSecret('grün')])
    expect(one).not.toBe(two)
    expect(await matchesHash(one, 'grün')).toBe(true)
    expect(await matchesHash(one, 'gru\u0308n')).toBe(false)
  })

  test('of RFC 9106 without secret and data, as others make it', async () => {
    // argon2id, "password", salt "somesalt", m=65536, t=2, p=1: the reference implementation's own test.
    const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await matchesHash(known, 'password')).toBe(true)
  })

  test.each([
    '$argon2id$v=19$m=999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=19456,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=8,t=1,p=9$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$x',
    'plain',
    '',
  ])('that asks for too much, or is none, matches nothing: %s', async (hash) => {
    expect(await matchesHash(hash, 'password')).toBe(false)
  })
})
