import { createHmac } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevKeys, loadDevKeys, signDevToken } from '#server'
import { readBearerToken } from '../../../server/auth/read-bearer-token.ts'
import { Unauthenticated } from '../../../server/auth/unauthenticated.ts'
import { createTokenVerifier } from '../../../server/auth/verify-token.ts'

const sub = '00000000-0000-7000-8000-0000000000a1'
let folder = ''
let keys: DevKeys

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  keys = await loadDevKeys(folder)
})
afterAll(() => rm(folder, { recursive: true }))

describe('development keys', () => {
  test('are made once, also by two at the same time, and are for the owner alone', async () => {
    const fresh = join(folder, 'nested', 'data')
    const [one, two] = await Promise.all([loadDevKeys(fresh), loadDevKeys(fresh)])
    expect(one.keyId).toBe(two.keyId)
    expect((await stat(join(fresh, 'dev-token-key.json'))).mode & 0o777).toBe(0o600)
    expect((await loadDevKeys(fresh)).keyId).toBe(one.keyId)
  })

  test.each(['', '{}', '{"kty":"oct","k":"c2VjcmV0"}', 'not json'])(
    'a file with %j is DEV_KEYS_UNREADABLE',
    async (text) => {
      const broken = await mkdtemp(join(folder, 'broken-'))
      await writeFile(join(broken, 'dev-token-key.json'), text, { mode: 0o600 })
      await expect(loadDevKeys(broken)).rejects.toMatchObject({ code: 'DEV_KEYS_UNREADABLE' })
    },
  )

  test('that others could read, or put there, are refused', async () => {
    const unsafe = { code: 'DATA_FOLDER_UNSAFE' }
    const bad = await mkdtemp(join(folder, 'bad-'))
    const path = join(bad, 'dev-token-key.json')
    await loadDevKeys(bad)
    await chmod(path, 0o640)
    await expect(loadDevKeys(bad)).rejects.toMatchObject(unsafe)
    await chmod(path, 0o600)
    await chmod(bad, 0o757)
    await expect(loadDevKeys(bad)).rejects.toMatchObject(unsafe)
    await chmod(bad, 0o1777)
    await loadDevKeys(bad)
    await rm(path)
    await symlink(join(folder, 'dev-token-key.json'), path)
    await expect(loadDevKeys(bad)).rejects.toMatchObject(unsafe)
    await rm(path)
    await mkdir(path)
    await expect(loadDevKeys(bad)).rejects.toMatchObject(unsafe)
  })

  test.runIf(process.getuid?.() === 0)('of somebody else are refused', async () => {
    const foreign = await mkdtemp(join(folder, 'foreign-'))
    await loadDevKeys(foreign)
    await chown(join(foreign, 'dev-token-key.json'), 65_534, 65_534)
    await expect(loadDevKeys(foreign)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' })
    await rm(join(foreign, 'dev-token-key.json'))
    await chown(foreign, 4242, 4242)
    await expect(loadDevKeys(foreign)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' })
    expect(await readdir(foreign)).toEqual([])
  })

  test('sign the same token for the same subject and instant', async () => {
    const subject = { app: 'shop', sub, issuedAtSeconds: 1_767_225_600 }
    expect(await signDevToken(keys, subject)).toBe(await signDevToken(keys, subject))
  })
})

describe('a token is believed', () => {
  const verify = (token: string) => createTokenVerifier({ kind: 'dev', app: 'shop', keys })(token)
  const dev = (changes: object = {}) => signDevToken(keys, { app: 'shop', sub, ...changes })

  test('when it is signed by the key, for the app, and has not expired', async () => {
    expect(await verify(await dev({ roles: ['sales'], claims: { region: 'eu' } }))).toMatchObject({
      sub,
      roles: ['sales'],
      region: 'eu',
    })
  })

  test('not when it has expired, is for another app, of another issuer, or lacks an expiry or a subject', async () => {
    const now = Math.floor(Date.now() / 1000)
    const custom = (build: (token: SignJWT) => SignJWT) =>
      build(new SignJWT({ roles: [] }).setProtectedHeader({ alg: 'EdDSA' })).sign(keys.privateKey)
    const refused = [
      await dev({ issuedAtSeconds: now - 7_200, lifetimeSeconds: 3_600 }),
      await dev({ app: 'other' }),
      await custom((token) =>
        token.setSubject(sub).setIssuer('https://evil.example').setAudience('shop').setExpirationTime('1h'),
      ),
      await custom((token) => token.setSubject(sub).setIssuer('rowhouse-dev').setAudience('shop')),
      await custom((token) => token.setIssuer('rowhouse-dev').setAudience('shop').setExpirationTime('1h')),
    ]
    for (const token of refused) await expect(verify(token)).rejects.toBeInstanceOf(Unauthenticated)
  })

  test('not when its signature is none, HMAC with the public key, of another key, or cut off', async () => {
    const good = await dev()
    const [, payload = ''] = good.split('.')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const hmac = (secret: string | Buffer, alg = 'HS256') => {
      const signed = `${encode({ alg, typ: 'JWT', kid: keys.keyId })}.${payload}`
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }
    const publicJwk = await exportJWK(keys.publicKey)
    const other = await loadDevKeys(join(folder, 'other'))
    const refused = [
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'None' })}.${payload}.`,
      `${encode({ alg: 'EdDSA' })}.${payload}.`,
      hmac(await exportSPKI(keys.publicKey)),
      hmac(Buffer.from(publicJwk.x ?? '', 'base64url')),
      hmac(JSON.stringify(publicJwk)),
      await signDevToken(other, { app: 'shop', sub }),
      good.slice(0, -8),
      `${encode({ alg: 'EdDSA', jwk: await exportJWK(other.publicKey) })}.${payload}.${(await signDevToken(other, { app: 'shop', sub })).split('.')[2]}`,
      `${good.split('.')[0]}.${encode({ sub, roles: ['admin'], iss: 'rowhouse-dev', aud: 'shop', exp: 9_999_999_999 })}.${good.split('.')[2]}`,
    ]
    for (const token of refused) await expect(verify(token)).rejects.toBeInstanceOf(Unauthenticated)
  })

  test('not when its header wants an unknown extension, whose name makes no line of the log', async () => {
    const header = { alg: 'EdDSA', crit: [`a\nb\u2028c\u001b[2J${'d'.repeat(5_000)}`] }
    const token = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.AA`
    const error: Unauthenticated = await verify(token).then(Promise.reject, (refusal) => refusal)
    expect(error).toBeInstanceOf(Unauthenticated)
    expect(error.reason).toMatch(/"a b c \[2Jd/)
    expect(error.reason.length).toBeLessThanOrEqual(200)
  })
})

describe('tokens of an issuer with published keys', () => {
  const issuer = 'https://id.example'
  let published: Server
  let url: URL
  let sign: (alg: string, build?: (token: SignJWT) => SignJWT, kid?: string) => Promise<string>

  beforeAll(async () => {
    const rsa = await generateKeyPair('RS256', { extractable: true })
    const ec = await generateKeyPair('ES256', { extractable: true })
    const jwks = {
      keys: [
        { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
        { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
        // An issuer that also publishes a shared secret by mistake.
        {
          kty: 'oct',
          k: Buffer.from('a secret that everybody can read!').toString('base64url'),
          kid: 'oct',
          alg: 'HS256',
        },
      ],
    }
    published = createServer((_, response) => response.end(JSON.stringify(jwks))).listen(0, '127.0.0.1')
    await new Promise((resolve) => published.once('listening', resolve))
    url = new URL(`http://127.0.0.1:${(published.address() as AddressInfo).port}/jwks`)
    sign = (alg, build = (token) => token, kid = { RS256: 'rsa', ES256: 'ec' }[alg] ?? 'oct') => {
      const token = new SignJWT({}).setSubject(sub).setIssuer(issuer).setAudience('shop').setExpirationTime('5m')
      const key =
        { RS256: rsa.privateKey, ES256: ec.privateKey }[alg] ?? Buffer.from('a secret that everybody can read!')
      return build(token.setProtectedHeader({ alg, kid })).sign(key)
    }
  })
  afterAll(() => new Promise((resolve) => published.close(resolve)))

  const verify = (token: string) => createTokenVerifier({ kind: 'jwks', url, issuer, audience: 'shop' })(token)

  test('are believed with any public-key signature', async () => {
    expect(await verify(await sign('RS256'))).toMatchObject({ sub })
    expect(await verify(await sign('ES256'))).toMatchObject({ sub })
  })

  test('are refused with a shared secret, a wrong issuer or audience, or a key that is not published', async () => {
    const refused = [
      await sign('HS256'),
      await sign('RS256', (token) => token.setIssuer('https://evil.example')),
      await sign('RS256', (token) => token.setAudience('other')),
      await sign('RS256', (token) => token, 'gone'),
      await signDevToken(keys, { app: 'shop', sub }),
    ]
    for (const token of refused) await expect(verify(token)).rejects.toBeInstanceOf(Unauthenticated)
  })

  describe('while it changes keys and names none', () => {
    const pair = () => generateKeyPair('ES256', { extractable: true })
    let keySet: Server
    let verifyUnnamed: (token: string) => Promise<unknown>
    let unnamed: (key: CryptoKey, audience?: string | string[]) => Promise<string>
    let published: readonly CryptoKey[]

    beforeAll(async () => {
      const pairs = [await pair(), await pair()]
      published = pairs.map(({ privateKey }) => privateKey)
      const body = JSON.stringify({ keys: await Promise.all(pairs.map(({ publicKey }) => exportJWK(publicKey))) })
      keySet = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1')
      await new Promise((resolve) => keySet.once('listening', resolve))
      const { port } = keySet.address() as AddressInfo
      verifyUnnamed = createTokenVerifier({
        kind: 'jwks',
        url: new URL(`http://127.0.0.1:${port}`),
        issuer,
        audience: 'shop',
      })
      unnamed = (key, audience = 'shop') =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'ES256' })
          .setSubject(sub)
          .setIssuer(issuer)
          .setAudience(audience)
          .setExpirationTime('5m')
          .sign(key)
    })
    afterAll(() => new Promise((resolve) => keySet.close(resolve)))

    test('tokens of the old key and of the new one are believed, also among several audiences', async () => {
      for (const key of published) expect(await verifyUnnamed(await unnamed(key))).toMatchObject({ sub })
      expect(await verifyUnnamed(await unnamed(published[1]!, ['other', 'shop']))).toMatchObject({ sub })
    })

    test('those of another key, or for others alone, are refused, and are the fault of the token', async () => {
      const refused = [await unnamed((await pair()).privateKey), await unnamed(published[1]!, ['other'])]
      for (const token of refused) await expect(verifyUnnamed(token)).rejects.toBeInstanceOf(Unauthenticated)
    })
  })

  test('an issuer that does not answer is not the fault of the token', async () => {
    const nowhere = createTokenVerifier({
      kind: 'jwks',
      url: new URL('http://127.0.0.1:9/jwks'),
      issuer,
      audience: 'shop',
    })
    await expect(sign('RS256').then(nowhere)).rejects.not.toBeInstanceOf(Unauthenticated)
  })
})

describe('the authorization header', () => {
  test('is a bearer token or nothing; whoever means to sign in is never a visitor', () => {
    expect(readBearerToken(undefined)).toBeNull()
    expect(readBearerToken('Bearer a.b.c')).toBe('a.b.c')
    expect(readBearerToken('bearer  a.b.c')).toBe('a.b.c')
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Basic dTpw',
      'a.b.c',
      'Bearer a b',
      'Bearer a,Bearer b',
      "Bearer '; --",
    ]) {
      expect(() => readBearerToken(header)).toThrow(Unauthenticated)
    }
  })
})

test('the key file holds nothing but the key', async () => {
  const jwk = JSON.parse(await readFile(join(folder, 'dev-token-key.json'), 'utf8'))
  expect(Object.keys(jwk).sort()).toEqual(['crv', 'd', 'kty', 'x'])
})
