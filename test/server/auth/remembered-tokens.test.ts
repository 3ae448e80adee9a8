import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevKeys, type DevTokenSubject, loadDevKeys, signDevToken } from '#server'
import { type RememberOptions, rememberTokens } from '../../../server/auth/remembered-tokens.ts'
import { Unauthenticated } from '../../../server/auth/unauthenticated.ts'
import { createTokenVerifier, type VerifyToken } from '../../../server/auth/verify-token.ts'

const sub = '00000000-0000-7000-8000-0000000000a1'
let folder = ''
let keys: DevKeys

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  keys = await loadDevKeys(folder)
})
afterAll(() => rm(folder, { recursive: true }))

const sign = (subject: Partial<DevTokenSubject> = {}) => signDevToken(keys, { app: 'shop', sub, ...subject })

/** A verifier with a clock of its own, which tells how often it looked at a signature. */
function remembering(options: RememberOptions = {}) {
  const verify = createTokenVerifier({ kind: 'dev', app: 'shop', keys })
  const clock = { ms: Date.now(), looked: 0, isRevoked: false }
  const counted: VerifyToken = (token) => {
    clock.looked++
    if (clock.isRevoked) return Promise.reject(new Unauthenticated('Its key was taken back.'))
    return verify(token)
  }
  return { clock, ask: rememberTokens(counted, { now: () => clock.ms, ...options }) }
}

describe('a token that was believed', () => {
  test('is not verified again for a minute, then it is', async () => {
    const { clock, ask } = remembering()
    const token = await sign({ roles: ['sales'] })
    for (let time = 0; time < 3; time++) expect(await ask(token)).toMatchObject({ sub, roles: ['sales'] })
    expect(clock.looked).toBe(1)
    clock.ms += 59_999
    await ask(token)
    expect(clock.looked).toBe(1)
    clock.ms += 1
    await ask(token)
    expect(clock.looked).toBe(2)
  })

  test('is refused a minute after its key was taken back', async () => {
    const { clock, ask } = remembering()
    const token = await sign()
    await ask(token)
    clock.isRevoked = true
    clock.ms += 60_000
    await expect(ask(token)).rejects.toBeInstanceOf(Unauthenticated)
    await expect(ask(token)).rejects.toBeInstanceOf(Unauthenticated)
  })

  test('is asked about again in the moment in which it expires', async () => {
    const { clock, ask } = remembering()
    const issuedAtSeconds = Math.floor(clock.ms / 1000)
    const token = await sign({ issuedAtSeconds, lifetimeSeconds: 20 })
    await ask(token)
    // With the tolerance of five seconds.
    clock.ms = (issuedAtSeconds + 25) * 1000 - 1
    await ask(token)
    expect(clock.looked).toBe(1)
    clock.ms += 1
    await ask(token)
    expect(clock.looked).toBe(2)
  })

  test('says nothing for one that differs, be it in one letter', async () => {
    const { ask } = remembering()
    const token = await sign({ roles: ['sales'] })
    await ask(token)
    const [head, , signature] = token.split('.')
    const admin = Buffer.from(JSON.stringify({ ...(await ask(token)), roles: ['admin'] })).toString('base64url')
    const other = signature!.startsWith('A') ? 'B' : 'A'
    for (const forged of [
      `${head}.${admin}.${signature}`,
      `${token.slice(0, -signature!.length)}${other}${signature!.slice(1)}`,
      token.slice(0, -1),
      `${head}.${token.split('.')[1]}.`,
    ])
      await expect(ask(forged)).rejects.toBeInstanceOf(Unauthenticated)
  })

  test('cannot be changed by who reads it', async () => {
    const { ask } = remembering()
    const token = await sign({ roles: ['sales'] })
    const payload = await ask(token)
    expect(() => Object.assign(payload, { sub: 'other' })).toThrow(TypeError)
    expect(() => (payload.roles as string[]).push('admin')).toThrow(TypeError)
    expect(await ask(token)).toMatchObject({ sub, roles: ['sales'] })
  })
})

test('tokens that are refused are not remembered, and take no room of others', async () => {
  const { clock, ask } = remembering({ max: 2 })
  const [one, two] = [await sign({ roles: ['a'] }), await sign({ roles: ['b'] })]
  await ask(one)
  await ask(two)
  const foreign = await sign({ app: 'other' })
  for (let time = 0; time < 5; time++) await expect(ask(foreign)).rejects.toBeInstanceOf(Unauthenticated)
  expect(clock.looked).toBe(7)
  await ask(one)
  await ask(two)
  expect(clock.looked).toBe(7)
})

test('of too many the oldest is forgotten', async () => {
  const { clock, ask } = remembering({ max: 2 })
  const tokens = [await sign({ roles: ['a'] }), await sign({ roles: ['b'] }), await sign({ roles: ['c'] })]
  for (const token of tokens) await ask(token)
  expect(clock.looked).toBe(3)
  await ask(tokens[1]!)
  await ask(tokens[2]!)
  expect(clock.looked).toBe(3)
  await ask(tokens[0]!)
  expect(clock.looked).toBe(4)
})
