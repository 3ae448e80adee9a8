import { describe, expect, test } from 'vitest'
import { claimText } from '../../../server/auth/claim-text.ts'
import { readIdentity, requestSettings, visitor } from '../../../server/auth/request-identity.ts'
import { RoleSets } from '../../../server/auth/role-sets.ts'
import { Unauthenticated } from '../../../server/auth/unauthenticated.ts'
import { fixtureModel } from '../fixture-model.ts'

const model = fixtureModel()
const sub = '00000000-0000-7000-8000-0000000000A1'
const tenant = '00000000-0000-7000-8000-00000000000a'

describe('who a token says is asking', () => {
  test('user, tenant, the roles that the model knows, and declared claims', () => {
    const payload = { sub, tenant, roles: ['sales', 'gone', 'sales', 'accountManager'], region: 'us-east', other: 1 }
    expect(readIdentity(model, payload)).toEqual({
      actorId: sub.toLowerCase(),
      tenantId: tenant,
      roles: ['accountManager', 'sales'],
      claims: { region: 'us-east' },
    })
  })

  test('signed in without roles or tenant is somebody, not a visitor', () => {
    expect(readIdentity(model, { sub })).toEqual({ actorId: sub.toLowerCase(), tenantId: null, roles: [], claims: {} })
  })

  test.each([
    [{}],
    [{ sub: 'sam' }],
    [{ sub: `${sub}'; reset role; --` }],
    [{ sub, tenant: 'acme' }],
    [{ sub, tenant: 7 }],
    [{ sub, roles: 'sales' }],
    [{ sub, roles: [1] }],
    [{ sub, roles: { 0: 'sales' } }],
    [{ sub, region: 'mars' }],
    [{ sub, region: ['eu'] }],
    [{ sub, maxDiscount: '7' }],
    [{ sub, maxDiscount: 1.5 }],
    [{ sub, maxDiscount: 2 ** 31 }],
  ])('%j is not believed', (payload) => {
    expect(() => readIdentity(model, payload as never)).toThrow(Unauthenticated)
  })

  test('hostile names of roles are unknown roles, and become no part of anything', () => {
    const roles = ['x"; reset role; --', 'member', 'owner', 'login', '__proto__', 'constructor', '']
    expect(readIdentity(model, { sub, roles }).roles).toEqual([])
  })

  test('settings hold every claim, absent ones as nothing', () => {
    const identity = readIdentity(model, { sub, tenant, maxDiscount: 7 })
    expect(requestSettings(model, identity, 'shop_set_1')).toEqual({
      role: 'shop_set_1',
      'rowhouse.tenant_id': tenant,
      'rowhouse.actor_id': sub.toLowerCase(),
      'rowhouse.claim_region': '',
      'rowhouse.claim_max_discount': '7',
    })
    expect(requestSettings(model, visitor, 'shop_anonymous')).toEqual({
      role: 'shop_anonymous',
      'rowhouse.tenant_id': '',
      'rowhouse.actor_id': '',
      'rowhouse.claim_region': '',
      'rowhouse.claim_max_discount': '',
    })
  })
})

describe('a claim of a kind', () => {
  const plain = { min: null, max: null }
  test.each([
    [
      { kind: 'text', format: 'string', matches: null, ignoreCase: false, ...plain },
      ["a'b", '', '{}'],
      [1, null, true, 'a\0b', 'a\ud800', '\udc00', ['x']],
    ],
    [{ kind: 'int', ...plain }, [0, -5], ['1', 1.5, 2 ** 31, Number.NaN]],
    [{ kind: 'int64', ...plain }, ['9223372036854775807', 5], ['9223372036854775808', '1e3', 1.5, ' 1']],
    [{ kind: 'float', ...plain }, [0.1], ['0.1', Number.POSITIVE_INFINITY]],
    [{ kind: 'decimal', precision: 9, scale: 2, ...plain }, ['12.50', 3, 0.5], ['1e5', 'NaN', '.5', '', 1e30]],
    [{ kind: 'boolean' }, [true, false], ['true', 1]],
    [{ kind: 'date' }, ['2026-02-28'], ['2026-13-01', '28.2.2026', 'today', 'infinity']],
    [{ kind: 'time' }, ['23:59', '01:02:03.5'], ['24:00', 'now', 'allballs']],
    [{ kind: 'datetime' }, ['2026-02-28T10:00:00Z', '2026-02-28T10:00+01:00'], ['2026-02-28', 'now', 'infinity']],
    [{ kind: 'uuid' }, [sub], ['{00000000-0000-7000-8000-0000000000a1}', '1']],
  ] as const)('%j', (type, good, bad) => {
    for (const value of good) expect(claimText(type as never, value)).toBeTypeOf('string')
    for (const value of bad) expect(claimText(type as never, value)).toBeNull()
  })
})

describe('role sets', () => {
  const options = { app: 'shop', nameOf: (app: string, roles: readonly string[]) => `${app}_set_${roles.join('')}` }
  const somebody = { ...visitor, roles: ['sales'] }

  test('a visitor needs none', async () => {
    const sets = new RoleSets({ ...options, exists: () => Promise.reject(new Error('not asked')) })
    expect(await sets.roleOf(visitor)).toBe('shop_anonymous')
  })

  test('one that is not there is refused, and looked for again', async () => {
    let isThere = false
    const sets = new RoleSets({ ...options, exists: () => Promise.resolve(isThere) })
    await expect(sets.roleOf(somebody)).rejects.toMatchObject({ code: 'FORBIDDEN', extensions: { reason: 'ROLE_SET' } })
    isThere = true
    expect(await sets.roleOf(somebody)).toBe('shop_set_sales')
  })

  test('a provisioner makes it, once for all who wait for it', async () => {
    const made: string[] = []
    const sets = new RoleSets({
      ...options,
      exists: () => Promise.resolve(made.length > 0),
      provision: async (roles) => void made.push(roles.join()),
    })
    expect(await Promise.all([sets.roleOf(somebody), sets.roleOf(somebody)])).toEqual([
      'shop_set_sales',
      'shop_set_sales',
    ])
    expect(made).toEqual(['sales'])
  })

  test('what is known is not asked for again until forgotten', async () => {
    let asked = 0
    const sets = new RoleSets({ ...options, exists: () => Promise.resolve(++asked > 0) })
    await sets.roleOf(somebody)
    await sets.roleOf(somebody)
    expect(asked).toBe(1)
    sets.forget()
    await sets.roleOf(somebody)
    expect(asked).toBe(2)
  })
})
