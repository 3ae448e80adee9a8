import { beforeAll, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../../options/written-server.ts'

// Ann's rank, team and time are what her row says now. A report is seen up to one's rank, a sheet by one's team.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Team = entity('Team', { fields: { name: string() } })
export const User = entity('User', {
  fields: { name: string(), rank: int({ optional: true }), limit: money({ currency: 'EUR', optional: true }), since: datetime({ optional: true }), size: choice(['s', 'm']) },
  relations: { team: one('Team', { optional: true, onRemove: 'keep' }) },
})
export const Report = entity('Report', { fields: { name: string(), rank: int(), cost: money({ currency: 'EUR', default: '1.00' }), on: datetime({ optional: true }), size: choice(['s', 'm', 'l'], { default: 's' }) } })
export const Sheet = entity('Sheet', { fields: { name: string() }, relations: { team: one('Team') } })
export const Entry = entity('Entry', { fields: { name: string() }, relations: { sheet: one('Sheet') } })`,
    'policies/actor.ts': `import { User } from '../schema/all.entity.ts'
const { own } = words(User)
export const actor = defineActor(User, { rank: own('rank'), team: own('team'), limit: own('limit'), since: own('since'), size: own('size') })`,
    'policies/all.ts': `import { Entry, Report, Sheet, Team, User } from '../schema/all.entity.ts'
import { actor } from './actor.ts'
export const roles = defineRoles({ admin: 'Does everything.', staff: 'Works.', temp: 'Is watched.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Team, { all })
export const P1 = policy(User, { all })
export const P2 = policy(Report, {
  all,
  'up to my rank': { allow: 'staff', to: 'read', where: { rank: { atMost: actor.rank } } },
  'not of my size': { allow: 'temp', to: 'read', where: { size: { isNot: actor.size }, cost: { under: actor.limit }, on: { after: actor.since } } },
  'others change what is not their rank': { allow: 'staff', to: ['update', 'remove'], where: { rank: { isNot: actor.rank } } },
})
export const P3 = policy(Sheet, { all, 'my team': { allow: 'staff', to: ['read', 'remove'], where: { team: actor.team } } })
export const P4 = policy(Entry, { all, 'far': { allow: 'staff', to: 'read', where: { sheet: { team: actor.team } } },
  'not mine': { deny: everyoneExcept('admin'), to: 'read', where: { name: 'x', sheet: { team: { isNot: actor.team } } } } })`,
  },
  ['admin', 'staff', 'temp'],
)

const team = '00000000-0000-7000-8000-0000000000c1'
const staff = { roles: ['staff'] }

beforeAll(async () => {
  await app().database.asOwner(async (client) => {
    const insert = (sql: string) => client.query(sql.replaceAll(':a', `'${acme}'`).replaceAll(':b', `'${globex}'`))
    await client.query('alter table app.team no force row level security')
    for (const table of ['team', 'user', 'report', 'sheet', 'entry'])
      await client.query(`alter table app."${table}" no force row level security`)
    await insert(
      `insert into app.team (tenant_id, id, name) values (:a, '${team}', 'A'), (:b, '00000000-0000-7000-8000-0000000000c2', 'B')`,
    )
    await insert(`insert into app."user" (tenant_id, id, name, rank, size, "limit", since, team_id) values
      (:a, '${ann}', 'Ann', 3, 's', 5, '2026-01-01', '${team}'), (:b, '${gil}', 'Gil', 9, 'm', 5, '2026-01-01', '00000000-0000-7000-8000-0000000000c2')`)
    for (const tenant of [':a', ':b'])
      await insert(
        `insert into app.report (tenant_id, name, rank, cost, "on", size) values (${tenant}, 'low', 1, 1, '2026-02-01', 'm'), (${tenant}, 'mine', 3, 1, '2026-02-01', 's'), (${tenant}, 'high', 5, 9, '2026-02-01', 'l')`,
      )
    await insert(
      `insert into app.sheet (tenant_id, id, name, team_id) values (:a, '00000000-0000-7000-8000-0000000000d1', 'ours', '${team}')`,
    )
    await insert(
      `insert into app.entry (tenant_id, name, sheet_id) values (:a, 'ours', '00000000-0000-7000-8000-0000000000d1'), (:a, 'x', '00000000-0000-7000-8000-0000000000d1')`,
    )
    for (const table of ['team', 'user', 'report', 'sheet', 'entry'])
      await client.query(`alter table app."${table}" force row level security`)
  })
})

async function names(of: string, subject: object): Promise<readonly string[]> {
  const { data, errors } = await app().ask(`{ ${of}(orderBy: [NAME_ASC]) { nodes { name } totalCount } }`, {}, subject)
  expect(errors).toEqual([])
  return data[of].nodes.map(({ name }: { name: string }) => name)
}

const set = (change: string) =>
  app().database.asRole(app().database.names.owner, async (client) => {
    await client.query(
      'alter table app."user" no force row level security; alter table app.team no force row level security',
    )
    await client.query(change)
    await client.query('alter table app."user" force row level security; alter table app.team force row level security')
  })

test("a rule compares with what the caller's row says now", async () => {
  expect(await names('reports', staff)).toEqual(['low', 'mine'])
  expect(await names('reports', { roles: ['temp'] })).toEqual(['low'])
  await set(`update app."user" set rank = 5 where id = '${ann}'`)
  expect(await names('reports', staff)).toEqual(['high', 'low', 'mine'])
  await set(`update app."user" set rank = 3 where id = '${ann}'`)
  expect(await names('sheets', staff)).toEqual(['ours'])
  expect(await names('entries', staff)).toEqual(['ours', 'x'])
})

test('another tenant has its own rows, and its caller its own values', async () => {
  expect(await names('reports', { ...staff, tenant: globex, sub: gil })).toEqual(['high', 'low', 'mine'])
  expect(await names('sheets', { ...staff, tenant: globex, sub: gil })).toEqual([])
  // Ann has no row in the other tenant, so she has no rank there.
  expect(await names('reports', { ...staff, tenant: globex, sub: ann })).toEqual([])
})

test.each([
  [
    'no value',
    `update app."user" set rank = null, team_id = null where id = '${ann}'`,
    `update app."user" set rank = 3, team_id = '${team}' where id = '${ann}'`,
  ],
  [
    'a removed row',
    `update app."user" set deleted_at = now() where id = '${ann}'`,
    `update app."user" set deleted_at = null where id = '${ann}'`,
  ],
])(
  'who has %s lacks it: an allowance does not match, not even by isNot; a denial does',
  async (_title, change, back) => {
    await set(change)
    try {
      expect(await names('reports', staff)).toEqual([])
      expect(await names('sheets', staff)).toEqual([])
      expect(await names('entries', staff)).toEqual([])
      const { data } = await app().ask('{ reports { nodes { id } } }')
      const id = data.reports.nodes[0].id
      const { errors } = await app().ask(
        'mutation ($id: UUID!) { removeReport(input: { id: $id }) { id } }',
        { id },
        staff,
      )
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      expect(await names('entries', { roles: ['admin'] })).toEqual(['ours', 'x'])
    } finally {
      await set(back)
    }
  },
)

test('a relation whose target was removed leads nowhere', async () => {
  await set(`update app.team set deleted_at = now() where id = '${team}'`)
  expect(await names('sheets', staff)).toEqual([])
  await set(`update app.team set deleted_at = null where id = '${team}'`)
  expect(await names('sheets', staff)).toEqual(['ours'])
})

test('verbs ask the same, and the value is read once per statement', async () => {
  const { database } = app()
  const { data } = await app().ask('{ reports(orderBy: [NAME_ASC]) { nodes { id name } } }')
  const [, low, mine] = data.reports.nodes
  const remove = 'mutation ($id: UUID!) { removeReport(input: { id: $id }) { id } }'
  expect((await app().ask(remove, { id: mine.id }, staff)).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ])
  expect((await app().ask(remove, { id: low.id }, staff)).errors).toEqual([])
  const plan = await database.asActor({ roles: ['staff'], tenant: acme, id: ann } as never, async (client) => {
    await client.query(
      `select set_config('rowhouse.tenant_id', '${acme}', true), set_config('rowhouse.actor_id', '${ann}', true)`,
    )
    return (await client.query('explain (verbose) select name from app.report')).rows
      .map((row) => row['QUERY PLAN'])
      .join('\n')
  })
  expect(plan).toMatch(/InitPlan[\s\S]*own_rank\(\)/)
  expect(plan).not.toMatch(/Filter:.*own_rank\(\)/)
})
