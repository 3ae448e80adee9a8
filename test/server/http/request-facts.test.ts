import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { type ServedApp, type ServeOptions, type Subject, serveApp } from '../../support/served-app.ts'

const db = useDatabase()
const tenant = '00000000-0000-7000-8000-000000000001'
const sub = '00000000-0000-7000-8000-000000000011'
const note = { fields: { text: m.text() } }

const model = m.makeModel({
  entities: { User: { tenant: false }, Office: note, Vault: note, Fresh: note, Abroad: note },
  roles: { sales: [] },
  actor: { entity: 'User', values: [] },
  policies: {
    Office: [m.allow('a', 'sales', ['read'], { where: m.requestFact('ip', 'inside', ['203.0.113.0/24']) })],
    Vault: [m.allow('a', 'sales', ['read'], { where: m.requestFact('mfa', 'is', true) })],
    Fresh: [m.allow('a', 'sales', ['read'], { where: m.requestFact('signedInFor', 'under', 600) })],
    Abroad: [
      m.allow('a', 'sales', ['read'], { where: m.not(m.requestFact('ip', 'inside', ['127.0.0.0/8', '::1/128'])) }),
    ],
  },
})

/** How many rows of each kind somebody sees. */
async function seen(app: ServedApp, who: Partial<Subject>, headers: Readonly<Record<string, string>> = {}) {
  const token = await app.token({ sub, tenant, roles: ['sales'], ...who })
  const answer = await fetch(`${app.server.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: '{ offices { totalCount } vaults { totalCount } freshs { totalCount } abroads { totalCount } }',
    }),
  })
  const { data, errors } = (await answer.json()) as { data: Record<string, { totalCount: number }>; errors?: unknown }
  expect(errors).toBeUndefined()
  return Object.fromEntries(Object.entries(data).map(([name, { totalCount }]) => [name, totalCount]))
}

describe('what the server knows of a request', () => {
  beforeAll(async () => {
    await db().applyCatalog(buildCatalog(model))
    await db().asOwner((client) =>
      client.query(`
        insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here');
        insert into app."user" (id) values ('${sub}');
        ${['office', 'vault', 'fresh', 'abroad'].map((table) => `insert into app.${table} (tenant_id, text) values ('${tenant}', 'x');`).join('\n')}
      `),
    )
    await db().ensureRoleSets([['sales']])
  }, 60_000)

  const serving = async (options: ServeOptions, work: (app: ServedApp) => Promise<void>): Promise<void> => {
    const app = await serveApp(model, db(), {
      roleSetName: (_, roles) => roleSetName(db().names.prefix, roles),
      ...options,
    })
    try {
      await work(app)
    } finally {
      await app.close()
    }
  }
  const forwarded = (address: string) => ({ 'x-forwarded-for': address })

  test('nobody is believed about an address by default', async () => {
    await serving({}, async (app) => {
      expect(await seen(app, {}, forwarded('203.0.113.9'))).toMatchObject({ offices: 0, abroads: 0 })
    })
  })

  test('a trusted proxy is, and only as far as it saw', async () => {
    await serving({ trustedProxies: ['127.0.0.0/8', '::1'] }, async (app) => {
      expect(await seen(app, {}, forwarded('203.0.113.9'))).toMatchObject({ offices: 1, abroads: 1 })
      expect(await seen(app, {}, forwarded('203.0.113.9, 198.51.100.7'))).toMatchObject({ offices: 0, abroads: 1 })
      // What is no address is nobody's: lacking, for `not` as well.
      expect(await seen(app, {}, forwarded("203.0.113.9'; reset role; --"))).toMatchObject({ offices: 0, abroads: 0 })
      expect(await seen(app, {})).toMatchObject({ offices: 0, abroads: 0 })
    })
  })

  test('a second factor and the moment of signing in come from the token', async () => {
    await serving({}, async (app) => {
      const now = Math.floor(Date.now() / 1000)
      const with_ = (claims: Readonly<Record<string, unknown>>) => seen(app, { claims })
      expect(await with_({})).toMatchObject({ vaults: 0, freshs: 1 })
      expect(await with_({ mfa: true })).toMatchObject({ vaults: 1 })
      expect(await with_({ amr: ['pwd', 'mfa'] })).toMatchObject({ vaults: 1 })
      expect(await with_({ mfa: 'true' })).toMatchObject({ vaults: 0 })
      expect(await with_({ amr: 'mfa' })).toMatchObject({ vaults: 0 })
      expect(await with_({ auth_time: now - 3600 })).toMatchObject({ freshs: 0 })
      expect(await with_({ auth_time: now + 3600 })).toMatchObject({ freshs: 0 })
      expect(await with_({ auth_time: 'x' })).toMatchObject({ freshs: 0 })
    })
  })
})
