import { beforeAll, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const db = useDatabase()
const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
const tenant = id(1)
const caller = id(9)

// Rules do not look up a group that outlives none of its members. A member that comes back must not lead to one that is gone.
const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Group: {},
    Kept: { relations: { user: m.one('User'), group: m.one('Group', { optional: true, onRemove: 'restrict' }) } },
    Taken: { relations: { user: m.one('User'), group: m.one('Group', { optional: true, onRemove: 'cascade' }) } },
    Loose: { relations: { user: m.one('User'), group: m.one('Group', { optional: true, onRemove: 'keep' }) } },
    Note: { relations: { group: m.one('Group', { onRemove: 'keep' }) } },
  },
  roles: { clerk: [], reader: [] },
  actor: {
    entity: 'User',
    values: ['Kept', 'Taken', 'Loose'].map((via) =>
      m.reach(via.toLowerCase(), { to: 'Group', via, as: 'user', toward: 'group' }),
    ),
  },
  policies: {
    Group: [m.allow('all', 'clerk', ['read', 'remove', 'restore'])],
    ...Object.fromEntries(
      ['Kept', 'Taken', 'Loose'].map((name) => [name, [m.allow('all', 'clerk', ['read', 'remove', 'restore'])]]),
    ),
    Note: ['kept', 'taken', 'loose'].map((name) =>
      m.allow(name, 'reader', ['read'], { where: m.compare('group', 'in', m.actor(name)) }),
    ),
  },
})

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().ensureRoleSets([['clerk'], ['reader']])
  const rows = ['kept', 'taken', 'loose'].map(
    (table, at) => `
      insert into app."group" (tenant_id, id) values ('${tenant}', '${id(20 + at)}');
      insert into app.${table} (tenant_id, id, user_id, group_id) values ('${tenant}', '${id(30 + at)}', '${caller}', '${id(20 + at)}');
      insert into app.note (tenant_id, id, group_id) values ('${tenant}', '${id(40 + at)}', '${id(20 + at)}');`,
  )
  await db().asOwner((client) =>
    client.query(`
      insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here');
      insert into app."user" (id) values ('${caller}');
      ${rows.join('')}
    `),
  )
}, 60_000)

const as = (role: string, text: string) =>
  db().asActor({ roles: [role], tenant, actor: caller }, async (client) => (await client.query(text)).rows)
const run = (verb: string, table: string, row: string) =>
  as('clerk', `select rowhouse_private.${verb}_${table}('${row}') as done`).then(
    ([row]) => row.done,
    (error: { readonly code: string }) => error.code,
  )
const seen = async (at: number) => (await as('reader', `select id from app.note where id = '${id(40 + at)}'`)).length

test.each([
  ['kept', 0, '23001'],
  ['taken', 1, '23001'],
  // Looked up, and so it may come back alone.
  ['loose', 2, 'restored'],
] as const)('of a group that is gone nothing is seen for a %s member that comes back', async (table, at, restored) => {
  const [group, member] = [id(20 + at), id(30 + at)]
  expect(await seen(at)).toBe(1)
  expect(await run('remove', table, member)).toBe('removed')
  expect(await seen(at)).toBe(0)
  expect(await run('remove', 'group', group)).toBe('removed')
  expect(await run('restore', table, member)).toBe(restored)
  expect(await seen(at)).toBe(0)
})
