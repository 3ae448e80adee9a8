import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { ann, here, id } from './related-model.ts'

const db = useDatabase()
const inside = m.requestFact('mfa', 'is', true)
const mine = m.compare('of', 'is', m.actor('id'))
const note = { fields: { text: m.text() }, relations: { of: m.one('User') } }

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Alone: note,
    Beside: note,
    Either: note,
    Denied: note,
    Public: { ...note, tenant: false },
  },
  roles: { sales: [] },
  actor: { entity: 'User', values: [] },
  policies: {
    Alone: [m.allow('a', 'sales', ['read'], { where: inside })],
    Beside: [m.allow('a', 'sales', ['read'], { where: inside }), m.allow('b', 'sales', ['read'], { where: mine })],
    Either: [m.allow('a', 'sales', ['read'], { where: m.any(mine, inside) })],
    Denied: [m.allow('a', 'sales', ['read']), m.deny('b', 'everyone', ['read'], { unless: inside })],
    Public: [m.allow('a', 'sales', ['read'], { where: inside })],
  },
})
const catalog = buildCatalog(model)

const clauses = (table: string) =>
  catalog.tables
    .find((each) => each.name === table)!
    .policies.filter(({ name }) => /^[rd]_/.test(name))
    .map(({ using }) => using ?? '')
    .sort((a, b) => (a < b ? -1 : 1))

const answer = '(select rowhouse.request_mfa() = true)'
const range = (gate: string) =>
  `("id" between (select case when ${gate} then '00000000-0000-0000-0000-000000000000'::uuid end) and (select case when ${gate} then 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid end))`
const isMine = '"of_id" = (select rowhouse.actor_id())'
const pinned = `"tenant_id" = (select case when ${answer} then rowhouse.tenant_id() end)`

test('a fact is a gate', () => {
  expect(clauses('alone')).toEqual([`"deleted_at" is null and ${pinned}`])
  expect(clauses('beside')).toEqual(
    [`"deleted_at" is null and ${isMine}`, `"deleted_at" is null and ${range(answer)}`].sort((a, b) =>
      a < b ? -1 : 1,
    ),
  )
  expect(clauses('denied')).toEqual(['"deleted_at" is null', pinned])
  expect(clauses('public')).toEqual([`"deleted_at" is null and ${range(answer)}`])
  expect(clauses('either')).toEqual([
    `"deleted_at" is null and (${isMine} or ${range(answer)}) and (select rowhouse.actor_id()) is not null`,
  ])
})

describe('on 20,000 rows', () => {
  const tables = ['alone', 'beside', 'either', 'denied', 'public'] as const
  beforeAll(async () => {
    await db().applyCatalog(catalog)
    await db().asOwner(async (client) => {
      await client.query(`
        insert into rowhouse.tenant (id, slug, name) values ('${here}', 'here', 'Here');
        insert into app."user" (id) select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid from generate_series(1, 400) i;
      `)
      for (const table of tables) {
        const [columns, values] = table === 'public' ? ['', ''] : ['tenant_id, ', `'${here}'::uuid, `]
        await client.query(
          `insert into app.${table} (${columns}text, of_id) select ${values}'x', ('00000000-0000-7000-8000-' || lpad((i % 400 + 1)::text, 12, '0'))::uuid from generate_series(1, 20000) i`,
        )
      }
    })
    for (const table of tables) await db().migrator.query(`analyze app.${table}`)
  }, 120_000)

  /** Rows that were looked at and passed over, and how many were found. */
  const looked = async (table: string, mfa: boolean) => {
    const who = { roles: ['sales'], tenant: here, actor: ann, request: { mfa: mfa ? 'true' : '' } }
    return db().asActor(who, async (client) => {
      const { rows } = await client.query(`explain (analyze, format json, timing off) select id from app.${table}`)
      const text = JSON.stringify(rows[0])
      const passed = [...text.matchAll(/"Rows Removed by (?:Filter|Index Recheck)":(\d+)/g)].map(([, count]) =>
        Number(count),
      )
      const { rows: found } = await client.query(`select count(*)::integer as n from app.${table}`)
      return { passed: passed.reduce((a, b) => a + b, 0), found: found[0].n as number }
    })
  }

  test.each([
    ['alone', 0],
    ['denied', 0],
    ['public', 0],
    ['beside', 50],
    ['either', 50],
  ] as const)('%s: a fact that is false costs no row', async (table, own) => {
    expect(id(11)).toBe(ann)
    expect(await looked(table, false)).toEqual({ passed: 0, found: own })
    expect((await looked(table, true)).found).toBe(20_000)
  })
})
