import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, type Catalog, diffCatalogs, renderAdditions, replacePlaceholders } from '#migrations'
import type { Condition, Rule } from '#schema'
import { type CatalogReadBack, expectCatalogHeld, expectCatalogReadBack } from '../support/catalog-read-back.ts'
import { type TestActor, useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

// Policies read a reach set through a view of `:PRIVATE`. Whoever may read it may read it directly: it tells the caller's own set, and nothing of others.
const db = useDatabase()
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [acme, globex, ann, bob] = [id(1), id(2), id(11), id(12)]

const ofTeams = m.compare('team', 'in', m.actor('teams'))

/** Notes of the caller's teams; members of them too, whose table the set itself reads. */
function modelFor(notes: readonly Rule[], where?: Condition) {
  return m.makeModel({
    entities: {
      User: { tenant: false, fields: { name: m.text() } },
      Team: { fields: { name: m.text() } },
      Member: { fields: { lead: m.plain('boolean') }, relations: { user: m.one('User'), team: m.one('Team') } },
      Note: { fields: { text: m.text() }, relations: { team: m.one('Team') } },
    },
    roles: { player: [], stranger: [] },
    actor: {
      entity: 'User',
      values: [
        m.reach('teams', {
          to: 'Team',
          via: 'Member',
          as: 'user',
          toward: 'team',
          ...(where === undefined ? {} : { where }),
        }),
      ],
    },
    policies: {
      Note: notes,
      Member: [m.allow('members of their teams', 'player', ['read'], { where: ofTeams })],
      Team: [m.allow('teams are known', 'stranger', ['read'])],
    },
  })
}
const reading = m.allow('notes of their teams', 'player', ['read', 'create', 'update', 'remove'], { where: ofTeams })
const catalog = buildCatalog(modelFor([reading]))
let held: CatalogReadBack

beforeAll(async () => {
  held = await expectCatalogReadBack(db(), catalog)
  await db().asOwner(async (client) => {
    await client.query(
      `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
       insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${bob}', 'Bob')`,
    )
    for (const [tenant, from] of [
      [acme, 100],
      [globex, 200],
    ] as const) {
      await client.query(`select set_config('rowhouse.tenant_id', '${tenant}', true)`)
      await client.query(
        `insert into app.team (tenant_id, id, name) select '${tenant}', t, 'Team' from unnest(array['${id(from)}', '${id(from + 1)}']::uuid[]) t;
         insert into app.member (tenant_id, id, lead, user_id, team_id) values
           ('${tenant}', '${id(from + 10)}', true, '${ann}', '${id(from)}'), ('${tenant}', '${id(from + 11)}', false, '${bob}', '${id(from + 1)}');
         insert into app.note (tenant_id, text, team_id) values ('${tenant}', 'one', '${id(from)}'), ('${tenant}', 'two', '${id(from + 1)}')`,
      )
    }
  })
})

const player = (actor: string | null, tenant: string | null): TestActor => ({
  roles: ['player'],
  ...(actor === null ? {} : { actor }),
  ...(tenant === null ? {} : { tenant }),
})

async function ask(who: TestActor, text: string): Promise<readonly string[]> {
  return await db().asActor(who, async (client) => (await client.query({ text, rowMode: 'array' })).rows.flat())
}

const view = 'rowhouse_private.reached_teams'
const all = `select id::text from ${view} order by 1`

describe('read directly', () => {
  test('it tells the set of whoever asks, in the tenant that it asks in', async () => {
    expect(await ask(player(ann, acme), all)).toEqual([id(100)])
    expect(await ask(player(bob, acme), all)).toEqual([id(101)])
    expect(await ask(player(ann, globex), all)).toEqual([id(200)])
  })

  test('it tells nobody, and who is in no tenant, nothing', async () => {
    expect(await ask(player(null, acme), all)).toEqual([])
    expect(await ask(player(ann, null), all)).toEqual([])
    expect(await ask(player(null, null), all)).toEqual([])
  })

  test('whom no rule of it speaks of may not', async () => {
    for (const roles of [['stranger'], [], null])
      await expect(ask({ roles, actor: ann, tenant: acme }, all)).rejects.toMatchObject({ code: '42501' })
  })

  test('nobody writes or locks through it', async () => {
    for (const text of [
      `delete from ${view}`,
      `update ${view} set id = id`,
      `insert into ${view} values ('${id(101)}')`,
      `select id from ${view} for update`,
      `lock table ${view}`,
      `create or replace view ${view} as select 1 as id`,
      `alter view ${view} set (security_invoker = true)`,
      `select from app.member m, ${view} v where m.tenant_id = '${globex}'`,
    ])
      await expect(ask(player(ann, acme), text), text).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|55000|0A000)$/),
      })
  })

  test('without a row policy of its owner it would tell of all tenants', async () => {
    const fence = (using: string) => `alter policy tenant on app.member using (${using})`
    const pinned = `tenant_id = (select rowhouse.tenant_id())`
    const { owner } = db().names
    await db().asRole(owner, (client) => client.query(fence('true')))
    expect(await ask(player(ann, acme), all)).toEqual([id(100), id(200)])
    await db().asRole(owner, (client) => client.query(fence(pinned)))
    expect(await held.differences()).toEqual([])
  })
})

describe('policies', () => {
  const texts = 'select text from app.note order by 1'

  test('show and take the rows of the set', async () => {
    expect(await ask(player(ann, acme), texts)).toEqual(['one'])
    expect(await ask(player(bob, globex), texts)).toEqual(['two'])
    expect(await ask(player(null, acme), texts)).toEqual([])
    expect(await ask(player(ann, acme), `update app.note set text = text returning text`)).toEqual(['one'])
    await expect(
      ask(player(ann, acme), `insert into app.note (text, team_id) values ('x', '${id(101)}')`),
    ).rejects.toMatchObject({ code: /42501|RH404/ })
  })

  test('of a table that the set reads ask its function: a view would be recursion', async () => {
    const using = (table: string) =>
      catalog.tables.find(({ name }) => name === table)!.policies.find(({ name }) => name.startsWith('r_'))!.using
    expect(using('member')).toContain('"rowhouse_private"."reach_teams"()')
    expect(using('member')).not.toContain('reached_teams')
    expect(using('note')).toContain('"rowhouse_private"."reached_teams"')
    expect(await ask(player(ann, acme), 'select id::text from app.member')).toEqual([id(110)])
  })

  test('see no membership that was removed', async () => {
    const mark = (to: string) =>
      db().asRole(db().names.private, async (client) => {
        await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
        const { rowCount } = await client.query(`update app.member set deleted_at = ${to} where id = '${id(110)}'`)
        expect(rowCount).toBe(1)
      })
    await mark('now()')
    expect([await ask(player(ann, acme), all), await ask(player(ann, acme), texts)]).toEqual([[], []])
    await mark('null')
    expect(await ask(player(ann, acme), texts)).toEqual(['one'])
  })
})

test.each([
  [
    'owner',
    (n: Names) =>
      `set local role "${n.private}"; grant create on schema rowhouse_private to "${n.owner}"; reset role; alter view ${view} owner to "${n.owner}"`,
    'owner should be ":PRIVATE", but is ":OWNER"',
  ],
  ['barrier', () => `alter view ${view} set (security_barrier = false)`, 'security barrier should be "on"'],
  ['invoker', () => `alter view ${view} set (security_invoker = true)`, 'security invoker should be null'],
  [
    'select',
    () => `create or replace view ${view} with (security_barrier) as select team_id as id from app.member`,
    'definition should be',
  ],
  ['grant', (n: Names) => `grant select on ${view} to "${n.member}"`, 'select to :MEMBER: unexpected'],
  ['column', (n: Names) => `grant select (id) on ${view} to "${n.member}"`, 'id select to :MEMBER: unexpected'],
  ['writing', (n: Names) => `grant update on ${view} to "${n.member}"`, 'update to :MEMBER: unexpected'],
])('a change by hand is told: %s', async (_, change, told) => {
  const { migrator, names } = db()
  await migrator.query('begin')
  try {
    await migrator.query(change(names))
    expect((await held.differencesHere(migrator)).join('\n')).toContain(told)
  } finally {
    await migrator.query('rollback')
  }
})
type Names = ReturnType<typeof db>['names']

test('a migration makes it before the policies that read it, replaces it, and drops it behind them', async () => {
  const without = buildCatalog(modelFor([]))
  const leads = buildCatalog(
    modelFor([{ ...reading, audience: { kind: 'roles', roles: ['stranger'] } } as Rule], m.compare('lead', 'is', true)),
  )
  const name = ({ views = [] }: Catalog) => views.map((each) => each.name)
  expect([name(catalog), name(leads), name(without)]).toEqual([['reached_teams'], ['reached_teams'], []])
  let before = catalog
  for (const next of [leads, without, catalog]) {
    const text = replacePlaceholders(renderAdditions(diffCatalogs(before, next)), db().names)
    await db().migrator.query(`begin; ${text}; commit`)
    await expectCatalogHeld(db(), next)
    before = next
  }
})
