import { beforeAll, expect, test } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { expectCatalogReadBack } from '../support/catalog-read-back.ts'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const db = useDatabase()
const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
const tenant = id(1)

// Agents see orders, and viewers the lines of orders that they see: who is only one of them sees no line, and no margin.
const model = m.makeModel({
  entities: {
    Order: { fields: { number: m.text(), margin: m.text() } },
    Line: { fields: { text: m.text() }, relations: { order: m.one('Order') } },
  },
  roles: { agent: [], viewer: [], boss: ['agent'], keeper: [], admin: [] },
  policies: {
    Order: [
      m.allow('agents see orders', 'agent', ['read']),
      { ...m.allow('margin', 'keeper', ['read', 'update']), effect: 'reserve', fields: ['margin'] },
    ],
    Line: [
      m.allow('as their orders', 'viewer', ['read', 'delete'], { where: m.path('order', m.may('read')) }),
      m.allow('but admins', 'not admin', ['create'], { where: m.path('order', m.may('read')) }),
    ],
  },
})
const catalog = buildCatalog(model)

beforeAll(async () => {
  await expectCatalogReadBack(db(), catalog)
  await db().asOwner((client) =>
    client.query(`
      insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here');
      insert into app."order" (tenant_id, id, number, margin) values ('${tenant}', '${id(2)}', 'a', 'much');
      insert into app.line (tenant_id, id, text, order_id) values ('${tenant}', '${id(3)}', 'x', '${id(2)}');
    `),
  )
}, 60_000)

const count = (roles: readonly string[], text: string) =>
  db().asActor({ roles, tenant, actor: id(9) }, async (client) => (await client.query(text)).rows.length)

test('no policy asks for roles at run time', () => {
  const asked = catalog.tables.flatMap(({ name, policies }) =>
    policies
      .filter(({ using, check }) => `${using} ${check}`.includes('pg_has_role'))
      .map((policy) => `${name} ${policy.name}`),
  )
  expect(asked).toEqual([])
})

test.each([
  [['viewer'], 0],
  [['viewer', 'keeper'], 0],
  [['viewer', 'admin'], 0],
  [['viewer', 'agent'], 1],
  [['viewer', 'boss'], 1],
  [['viewer', 'agent', 'admin'], 1],
] as const)('%j see %i lines', async (roles, seen) => {
  expect(await count(roles, 'select id from app.line')).toBe(seen)
})

test.each([[['agent']], [['boss']], [['agent', 'keeper']]] as const)('%j see no line', async (roles) => {
  await expect(count(roles, 'select id from app.line')).rejects.toMatchObject({ code: '42501' })
})

test.each([
  [['agent'], null],
  [['agent', 'viewer'], null],
  [['agent', 'keeper'], 'much'],
  [['boss', 'keeper'], 'much'],
] as const)('%j see the margin %j', async (roles, margin) => {
  const { rows } = await db().asActor({ roles, tenant, actor: id(9) }, (client) =>
    client.query('select margin from app.order__shown'),
  )
  expect(rows).toEqual([{ margin }])
})

test('who keeps margins sees none of orders that it does not see', async () => {
  await expect(count(['keeper'], 'select margin from app.order__shown where margin is not null')).rejects.toMatchObject(
    { code: '42501' },
  )
  expect(await count(['keeper', 'viewer', 'agent'], 'select margin from app.order__shown')).toBe(1)
})

test('lines are made by who sees the order and is no admin', async () => {
  const make = (roles: readonly string[]) =>
    db().asActor({ roles, tenant, actor: id(9) }, (client) =>
      client.query(`insert into app.line (text, order_id) values ('y', '${id(2)}')`),
    )
  await expect(make(['agent', 'admin'])).rejects.toMatchObject({ code: '42501' })
  await expect(make(['viewer'])).rejects.toMatchObject({ code: 'RH404' })
  expect((await make(['agent'])).rowCount).toBe(1)
})

test('the role itself opens nothing, and a set that was put into it is told', async () => {
  const { names } = db()
  const marker = `${names.prefix}_both_agent__viewer`
  await db().ensureRoleSets([['viewer', 'agent'], ['viewer']])
  await expect(db().asRole(marker, (client) => client.query('select id from app.line'))).rejects.toMatchObject({
    code: '42501',
  })
  // With the check removed it would see.
  const set = roleSetName(names.prefix, ['viewer'])
  await db().migrator.query(`grant "${marker}" to "${set}"`)
  await expect(db().ensureRoleSets([['viewer']])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
  await db().migrator.query(`revoke "${marker}" from "${set}"`)
  expect(await count(['viewer'], 'select id from app.line')).toBe(0)
})
