import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { hostileTexts, unstorableTexts } from './hostile-values.ts'

const example = useExampleServer()
const probe =
  '{ customers { totalCount } users { nodes { name } } organizations { totalCount } products { totalCount } }'
const nothing = { customers: null, users: { nodes: [] }, organizations: { totalCount: 0 }, products: { totalCount: 0 } }

/** Signs any claims at all with the right key. */
async function signed(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const { keys, model, people } = example()
  const now = Math.floor(Date.now() / 1000)
  const usual = {
    iss: 'rowhouse-dev',
    aud: model.app,
    iat: now,
    exp: now + 600,
    sub: people.sam.id,
    tenant: people.sam.tenant,
    roles: ['sales'],
  }
  const payload = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined))
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: keys.keyId, ...header }).sign(keys.privateKey)
}

/** `401`, or what was answered. */
async function answer(claims: Record<string, unknown>): Promise<unknown> {
  const { status, data, errors, text } = await example().ask({ token: await signed(claims) }, probe)
  expect(text).not.toMatch(/INTERNAL|syntax error|pg_|rowhouse_/)
  if (status === 401) return 401
  return { ...data, codes: [...new Set(errors.map(({ extensions }) => extensions.code))] }
}

const asSam = {
  customers: { totalCount: 20 },
  users: { nodes: [{ name: 'Sam Okafor' }] },
  organizations: { totalCount: 2 },
  products: { totalCount: 30 },
  codes: [],
}
/** Signed in without a role: the catalog, oneself, where one works. */
const withoutRole = { ...asSam, customers: null, codes: ['FORBIDDEN'] }

describe('a token that was signed with the right key', () => {
  test('is believed as it is', async () => {
    expect(await answer({})).toEqual(asSam)
  })

  test('and has expired, is not yet valid, or is for others, is none', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const claims of [
      { exp: now - 60 },
      { exp: undefined },
      { exp: 'tomorrow' },
      { nbf: now + 600 },
      { aud: 'invoicing' },
      { aud: undefined },
      { iss: 'https://issuer.example' },
      { iss: undefined },
    ])
      expect([claims, await answer(claims)]).toEqual([claims, 401])
  })

  test('and says nobody, or nothing that is an id, is none', async () => {
    const { id } = example().people.sam
    const odd = [
      undefined,
      null,
      '',
      0,
      {},
      [],
      [id],
      true,
      `${id} `,
      ` ${id}`,
      `${id}'`,
      `{${id}}`,
      `urn:uuid:${id}`,
      id.replaceAll('-', ''),
      ...hostileTexts,
    ]
    for (const sub of odd) expect([sub, await answer({ sub })]).toEqual([sub, 401])
    for (const tenant of odd.filter((value) => value != null))
      expect([tenant, await answer({ tenant })]).toEqual([tenant, 401])
  })

  test('and names no tenant, or one that there is not, shows nothing of any', async () => {
    for (const tenant of [
      undefined,
      null,
      '01980000-0000-7000-8000-00000000dead',
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ])
      expect([tenant, await answer({ tenant, roles: ['admin', 'sales', 'lead', 'accountant'] })]).toEqual([
        tenant,
        { ...nothing, customers: { totalCount: 0 }, users: asSam.users, codes: [] },
      ])
  })

  test('and leads into the tenant of others shows what somebody new there would see', async () => {
    // Who may be in which tenant is for the issuer to say; roles and reach are of the tenant that is named.
    const { gil } = example().people
    expect(await answer({ tenant: gil.tenant })).toEqual({
      ...asSam,
      customers: { totalCount: 0 },
      organizations: { totalCount: 0 },
    })
  })

  test('and makes a row in a tenant that there is not makes none', async () => {
    const token = await signed({ tenant: '01980000-0000-7000-8000-00000000dead', roles: ['admin'] })
    const make = 'mutation { createProduct(input: { product: { sku: "ZZ-9999", name: "x", price: "1" } }) { id } }'
    const { data, errors, text } = await example().ask({ token }, make)
    expect([data, errors.length]).toEqual([{ createProduct: null }, 1])
    expect(text).not.toMatch(/INTERNAL/)
  })
})

describe('roles', () => {
  test('that the app does not have count for nothing, however they are written', async () => {
    const { names } = example().database
    const strange = [
      ...hostileTexts,
      ...unstorableTexts,
      'Sales',
      'SALES',
      'sales ',
      'sales,admin',
      '',
      'member',
      'anonymous',
      'owner',
      'public',
      'none',
      'postgres',
      'pg_read_all_data',
      names.owner,
      names.private,
      names.login,
      names.member,
      `${names.prefix}_admin`,
      'x'.repeat(1000),
    ]
    for (const role of strange) {
      expect([role, await answer({ roles: [role] })]).toEqual([role, withoutRole])
      expect([role, await answer({ roles: [role, 'sales', role] })]).toEqual([role, asSam])
    }
  })

  test('that are no list of texts are refused', async () => {
    for (const roles of ['admin', { admin: true }, [['admin']], [1], [null], 7, true, { length: 1, 0: 'admin' }])
      expect([roles, await answer({ roles })]).toEqual([roles, 401])
    for (const roles of [undefined, null, []]) expect([roles, await answer({ roles })]).toEqual([roles, withoutRole])
    expect(await answer({ roles: Array.from({ length: 500 }, (_, n) => `role${n}`) })).toMatchObject({
      customers: null,
    })
  })
})

describe('claims', () => {
  test('are of their type, or the token is none', async () => {
    const lead = { roles: ['lead'] }
    for (const region of [
      ...hostileTexts,
      ...unstorableTexts,
      'EU',
      'eu ',
      '',
      7,
      true,
      {},
      [],
      ['eu'],
      'x'.repeat(5000),
    ])
      expect([region, await answer({ ...lead, region })]).toEqual([region, 401])
    const of = async (region: unknown) => ((await answer({ ...lead, region })) as typeof asSam).customers.totalCount
    const [without, eu, apac] = [await of(undefined), await of('eu'), await of('apac')]
    expect(without).toBe(20)
    expect(eu).toBeGreaterThan(without)
    expect(apac).toBeLessThan(eu)
  })

  test('that nobody declared become no settings', async () => {
    const claims = {
      role: 'admin',
      search_path: 'x',
      tenant_id: example().people.gil.tenant,
      actor_id: example().people.ada.id,
      'rowhouse.tenant_id': example().people.gil.tenant,
      claim_region: 'eu',
      __proto__: { roles: ['admin'] },
      constructor: 'x',
      organizations: ['x'],
      managed: ['x'],
    }
    expect(await answer(claims)).toEqual(asSam)
    expect(await answer(JSON.parse('{"__proto__": {"region": "eu", "roles": ["admin"]}}'))).toEqual(asSam)
  })
})

test('a token of no key, of another algorithm, or none at all', async () => {
  const token = await signed({})
  const [head, body, signature] = token.split('.') as [string, string, string]
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = [
    ...[
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      `${encoded({ alg: 'none' })}.${body}.`,
    ],
    ...[
      `${encoded({ alg: 'HS256' })}.${body}.${signature}`,
      `${head}.${encoded({ sub: 'x' })}.${signature}`,
      '',
      '.',
      '..',
      'null',
      'x'.repeat(20_000),
    ],
  ]
  for (const one of forged) {
    const response = await fetch(`${example().server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${one}` },
      body: JSON.stringify({ query: probe }),
    })
    expect([one.slice(0, 60), [400, 401, 431].includes(response.status)]).toEqual([one.slice(0, 60), true])
  }
})
