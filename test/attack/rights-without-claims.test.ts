import { beforeAll, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const db = useDatabase()
const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
const tenant = id(1)

// Who lacks the claim that a rule gives to a row may do nothing by it; so nothing may be seen for the sake of that right either.
const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Order: { fields: { number: m.text(), region: m.optional(m.text()) } },
    Line: { fields: { text: m.text() }, relations: { order: m.one('Order') } },
  },
  roles: { clerk: [] },
  actor: { entity: 'User', values: [m.claim('region', m.text())] },
  policies: {
    Order: [
      {
        ...m.allow('for their region', 'clerk', ['update']),
        sets: [{ name: 'region', to: { kind: 'actor', name: 'region' } }],
      },
    ],
    Line: [m.allow('as they edit', 'clerk', ['read'], { where: m.path('order', m.may('update')) })],
  },
})

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().ensureRoleSets([['clerk']])
  await db().asOwner((client) =>
    client.query(`
      insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here');
      insert into app."order" (tenant_id, id, number) values ('${tenant}', '${id(2)}', 'a');
      insert into app.line (tenant_id, id, text, order_id) values ('${tenant}', '${id(3)}', 'x', '${id(2)}');
    `),
  )
}, 60_000)

test.each([
  [{ region: 'eu' }, 1],
  [{}, 0],
] as const)('with the claims %j lines are %i', async (claims, seen) => {
  const who = { roles: ['clerk'], tenant, actor: id(9), claims }
  expect(await db().asActor(who, async (client) => (await client.query('select id from app.line')).rows.length)).toBe(
    seen,
  )
})
