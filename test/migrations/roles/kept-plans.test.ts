import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
import { useDatabase } from '../../support/database.ts'
import { allow, choice, compare, deny, makeModel } from '../../support/model.ts'

const model = makeModel({
  entities: { Paper: { tenant: false, fields: { level: choice('open', 'secret') } } },
  roles: { clerk: [], head: ['clerk'], guest: [] },
  policies: {
    Paper: [
      allow('clerks see what is secret', 'clerk', ['read'], { where: compare('level', 'is', 'secret') }),
      allow('heads see what is open', 'head', ['read'], { where: compare('level', 'is', 'open') }),
      deny('guests see no secret', 'guest', ['read'], { where: compare('level', 'is', 'secret') }),
    ],
  },
})
const catalog = buildCatalog(model)
const db = useDatabase({ migrator: 'plain' })

/** A connection as a server keeps it: in the role set of `head`, with the statement planned once and for all. */
async function keepPlan(): Promise<pg.Client> {
  const client = await db().connect(db().loginUrl)
  await client.query(`set role "${roleSetName(db().names.prefix, ['head'])}"`)
  await client.query('set plan_cache_mode = force_generic_plan')
  await client.query('prepare papers as select level from app.paper order by level')
  return client
}

async function papers(client: pg.Client): Promise<readonly string[]> {
  return (await client.query('execute papers')).rows.map(({ level }) => level)
}

/** What a kept plan shows when its role is another: Postgres goes on with the old policies, and plans anew from its releases of November 2026 on (15.20). */
const afterwards = [['open', 'secret'], ['open']]

describe('E13: plans that a connection keeps', () => {
  test('go on showing rows after a revoke, until the roles are brought to what the catalog says', async () => {
    await db().applyCatalog(catalog)
    await db().ensureRoleSets([['head']])
    await db().asOwner((client) => client.query(`insert into app.paper (level) values ('open'), ('secret')`))
    const { names, migrator } = db()
    const kept = await keepPlan()
    expect(await papers(kept)).toEqual(['open', 'secret'])

    await migrator.query(`revoke "${names.prefix}_clerk" from "${names.prefix}_head"`)
    expect(afterwards, 'the hole: Postgres keeps the policies that were planned').toContainEqual(await papers(kept))

    await migrator.query(`grant "${names.prefix}_clerk" to "${names.prefix}_head"`)
    const roles = catalog.roles.map((role) => (role.name === ':ROLE_HEAD' ? { ...role, memberOf: [] } : role))
    await ensureRoles(migrator, { names, roles, password: null })
    expect(await papers(kept)).toEqual(['open'])
    await kept.end()
  })

  test('go on showing rows that a role is denied after it is included, until then too', async () => {
    const { names, migrator } = db()
    await ensureRoles(migrator, { names, roles: catalog.roles, password: null })
    const kept = await keepPlan()
    expect(await papers(kept)).toEqual(['open', 'secret'])
    const [head, guest] = [`"${names.prefix}_head"`, `"${names.prefix}_guest"`]
    await migrator.query(`grant ${guest} to ${head}`)
    expect(afterwards, 'the hole').toContainEqual(await papers(kept))
    await migrator.query(`revoke ${guest} from ${head}`)

    const roles = catalog.roles.map((role) =>
      role.name === ':ROLE_HEAD' ? { ...role, memberOf: [...role.memberOf, ':ROLE_GUEST' as const] } : role,
    )
    await ensureRoles(migrator, { names, roles, password: null })
    expect(await papers(kept)).toEqual(['open'])
    await kept.end()
  })
})

describe('E2: loading in bulk', () => {
  test('copy refuses a table with row security for everybody, its owner too; the owner loads with it lifted in one transaction', async () => {
    const { names } = db()
    const copy = 'copy app.paper (level) from stdin'
    const load = (lift: boolean) =>
      db().asRole(names.owner, async (client) => {
        if (lift) await client.query('alter table app.paper no force row level security')
        await client.query(`insert into app.paper (level) select unnest(array['open', 'open'])`)
        if (lift) await client.query('alter table app.paper force row level security')
      })
    await expect(db().asRole(names.owner, (client) => client.query(copy))).rejects.toMatchObject({ code: '0A000' })
    await expect(load(false)).rejects.toMatchObject({ code: '42501' })
    await load(true)
    const { rows } = await db().migrator.query(
      `select relforcerowsecurity as forced from pg_class where oid = 'app.paper'::regclass`,
    )
    expect(rows).toEqual([{ forced: true }])
  })
})
