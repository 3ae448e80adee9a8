import type { JWTPayload } from 'jose'
import { describe, expect, test } from 'vitest'
import { clientAddress, trustedProxies } from '../../../server/auth/client-address.ts'
import { requestFacts } from '../../../server/auth/request-facts.ts'
import { requestSettings, settingNames, visitor } from '../../../server/auth/request-identity.ts'
import { devIssuer } from '../../../server/auth/sign-dev-token.ts'
import * as m from '../../support/model.ts'
import { fixtureModel } from '../fixture-model.ts'

const proxies = trustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.7'])

describe('the address of a client', () => {
  test.each([
    ['203.0.113.5', undefined, '203.0.113.5'],
    ['::ffff:203.0.113.5', undefined, '203.0.113.5'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
    [undefined, undefined, null],
    // Who is no proxy says nothing of others.
    ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['fd00::1', '2001:db8::9', '2001:db8::9'],
    // What the client wrote itself stands left of what the first proxy saw.
    ['10.0.0.1', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 192.0.2.7', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    // What is no address is nobody's.
    ['10.0.0.1', 'unknown', null],
    ['10.0.0.1', "10.0.0.1'; reset role; --", null],
    ['10.0.0.1', '10.0.0.2, , 10.0.0.3', null],
    ['10.0.0.1', '10.0.0.0/8', null],
    ['10.0.0.1', '', '10.0.0.1'],
  ])('%s, forwarded for %j: %s', (peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, proxies)).toBe(expected)
  })

  test('nobody is trusted unless somebody says so', () => {
    expect(clientAddress('10.0.0.1', '198.51.100.1', null)).toBe('10.0.0.1')
  })

  test.each([['10.0.0.0/33'], ['10.0.0.0/8/8'], ['proxy.local'], [''], ['10.0.0.0/'], ['10.0.0.0/-1']])(
    '%j is no network',
    (network) => {
      expect(trustedProxies([network])).toBeNull()
    },
  )
})

describe('what transactions know of their request', () => {
  const rule = m.allow('inside', 'everyone', ['read'], { where: m.requestFact('mfa', 'is', true) })
  const model = m.makeModel({ entities: { Note: {} }, policies: { Note: [rule] } })
  const told = (payload: JWTPayload | null, address: string | null = null) =>
    Object.values(requestFacts(model, { address, payload }) ?? {})
  const now = Math.floor(Date.now() / 1000)

  test('nothing where no rule asks', () => {
    expect(requestFacts(fixtureModel(), { address: '10.0.0.1', payload: { mfa: true } })).toBeNull()
  })

  test('connections know their names, in the order in which requests come with them', () => {
    for (const each of [model, fixtureModel()]) {
      const facts = requestFacts(each, { address: '10.0.0.1', payload: { mfa: true } })
      expect(settingNames(each)).toEqual(Object.keys({ ...requestSettings(each, visitor, 'r'), ...facts }))
    }
  })

  test('everything is set, absent things to nothing', () => {
    expect(requestFacts(model, { address: null, payload: null })).toEqual({
      'rowhouse.request_ip': '',
      'rowhouse.request_mfa': '',
      'rowhouse.request_signed_in_at': '',
    })
    expect(told({ mfa: true, auth_time: 1000 }, '10.0.0.1')).toEqual(['10.0.0.1', 'true', '1000'])
    expect(told({ amr: ['pwd', 'mfa'] })).toEqual(['', 'true', ''])
  })

  test.each([
    [{ mfa: 'true' }],
    [{ mfa: 1 }],
    [{ mfa: ['true'] }],
    [{ amr: 'mfa' }],
    [{ amr: { 0: 'mfa', includes: true } }],
    [{ amr: ['pwd', 'otp'] }],
    [{ amr: [['mfa']] }],
  ])('%j is no second factor', (payload) => {
    expect(told(payload as JWTPayload)).toEqual(['', '', ''])
  })

  test.each([
    [{ auth_time: '1000' }],
    [{ auth_time: Number.NaN }],
    [{ auth_time: -1 }],
    [{ auth_time: now + 3600 }],
    [{ auth_time: null, iat: 1000 }],
    // A renewed token is no signing in.
    [{ iat: 1000, iss: 'https://issuer.example' }],
  ])('%j does not tell when somebody signed in', (payload) => {
    expect(told(payload as JWTPayload)).toEqual(['', '', ''])
  })

  test('a token of development does', () => {
    expect(told({ iat: 1000, iss: devIssuer })).toEqual(['', '', '1000'])
    expect(told({ iat: 1000, auth_time: 900, iss: devIssuer })).toEqual(['', '', '900'])
  })
})
