import { describe, expect, test } from 'vitest'
import { roleSetName } from '../../../migrations/roles/role-set-name.ts'
import { ensureRoleSets, roleSetsAhead } from '../../../migrations/roles/role-sets.ts'
import { createTestDatabase, useDatabase } from '../../support/database.ts'

const db = useDatabase({ roles: ['sales', 'manager', 'admin'], migrator: 'plain' })

async function membersOf(set: string): Promise<readonly string[]> {
  const { rows } = await db().migrator.query(
    'select distinct g.rolname as name from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = $1::regrole order by 1',
    [set],
  )
  return rows.map(({ name }) => name.slice(db().names.prefix.length + 1))
}

describe('sets made ahead', () => {
  test('are all combinations of up to five roles', () => {
    expect(roleSetsAhead([])).toEqual([[]])
    expect(roleSetsAhead(['a', 'b'])).toEqual([[], ['a'], ['b'], ['a', 'b']])
    expect(roleSetsAhead(['a', 'b', 'c', 'd', 'e'])).toHaveLength(32)
  })

  test('are single roles and those asked for beyond that', () => {
    const roles = ['a', 'b', 'c', 'd', 'e', 'f']
    expect(roleSetsAhead(roles, [['f', 'a'], ['a', 'f'], ['a']])).toEqual(
      [[], ['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['a', 'f']].map((set) =>
        set.length < 2 ? set : expect.arrayContaining(set),
      ),
    )
  })
})

describe('ensureRoleSets', () => {
  test('makes each a member of its roles and of everyone signed in, for the login to become', async () => {
    const wanted = [[], ['sales'], ['sales', 'admin']]
    const names = await ensureRoleSets(db().migrator, db().names, wanted)
    expect(names).toEqual(wanted.map((roles) => roleSetName(db().names.prefix, roles)))
    const members: (readonly string[])[] = []
    for (const name of names) members.push(await membersOf(name))
    expect(members).toEqual([['member'], ['member', 'sales'], ['admin', 'member', 'sales']])
    const client = await db().connect(db().loginUrl)
    for (const name of names) await client.query(`set role "${name}"`)
    await client.end()
  })

  test('changes nothing the second time', async () => {
    // Roles of other files, which share the cluster, come and go meanwhile.
    const memberships = async () => {
      const text = `select m.xmin, m.* from pg_auth_members m join pg_roles r on r.oid = m.roleid
        where starts_with(r.rolname, $1) order by m.roleid, m.member, m.grantor`
      return (await db().migrator.query(text, [`${db().names.prefix}_`])).rows
    }
    await ensureRoleSets(db().migrator, db().names, [['manager']])
    const before = await memberships()
    expect(before.length).toBeGreaterThan(0)
    await ensureRoleSets(db().migrator, db().names, [['manager']])
    expect(await memberships()).toEqual(before)
  })

  test('never changes the members of a set: more is refused, less is refused', async () => {
    const [set] = await ensureRoleSets(db().migrator, db().names, [['manager', 'sales']])
    await db().migrator.query(`grant "${db().names.prefix}_admin" to "${set}"`)
    const again = () => ensureRoleSets(db().migrator, db().names, [['manager', 'sales']])
    await expect(again()).rejects.toMatchObject({ code: 'ROLE_UNSAFE', message: expect.stringContaining('_admin') })
    await db().migrator.query(`revoke "${db().names.prefix}_admin", "${db().names.prefix}_sales" from "${set}"`)
    await expect(again()).rejects.toMatchObject({ code: 'ROLE_UNSAFE', message: expect.stringContaining('_sales') })
    await db().migrator.query(`grant "${db().names.prefix}_sales" to "${set}"`)
    await again()
  })

  test('refuses roles that the cluster does not have, and leaves no half set', async () => {
    await expect(ensureRoleSets(db().migrator, db().names, [['ghost']])).rejects.toMatchObject({ code: '42704' })
    const { rows } = await db().migrator.query('select 1 from pg_roles where rolname = $1', [
      roleSetName(db().names.prefix, ['ghost']),
    ])
    expect(rows).toEqual([])
  })

  test.each(['owner', 'private', 'login', 'set_0123456789ab'])('refuses to make a set of %s', async (role) => {
    await expect(ensureRoleSets(db().migrator, db().names, [[role]])).rejects.toMatchObject({ code: 'ROLE_TAKEN' })
  })

  test('sixteen at once, for the same sets (E4)', async () => {
    const own = await createTestDatabase({ roles: ['a', 'b', 'c', 'd'], migrator: 'plain' })
    const clients = await Promise.all(Array.from({ length: 16 }, () => own.connect(own.migratorUrl)))
    try {
      const sets = roleSetsAhead(['a', 'b', 'c', 'd'])
      const made = await Promise.all(clients.map((client) => ensureRoleSets(client, own.names, sets)))
      expect(new Set(made.map((names) => names.join())).size).toBe(1)
    } finally {
      await Promise.all(clients.map((client) => client.end()))
      await own.close()
    }
  })

  test('stops at a thousand', async () => {
    const own = await createTestDatabase({ roles: ['a', 'b'] })
    try {
      await own.migrator.query(
        `do $$ begin for n in 1..999 loop execute format('create role %I nologin', '${own.names.prefix}_set_' || lpad(n::text, 12, '0')); end loop; end $$`,
      )
      await ensureRoleSets(own.migrator, own.names, [['a']])
      await ensureRoleSets(own.migrator, own.names, [['a']])
      await expect(ensureRoleSets(own.migrator, own.names, [['b']])).rejects.toMatchObject({ code: 'ROLE_SETS_FULL' })
    } finally {
      await own.close()
    }
  })
})

test('a set inherits its roles, the login nothing', async () => {
  await db().asOwner((client) =>
    client.query(`create table app.t (); grant select on app.t to "${db().names.prefix}_sales"`),
  )
  await db().asActor({ roles: ['sales', 'manager'] }, (client) => client.query('select * from app.t'))
  for (const roles of [['manager'], [], null]) {
    const reading = db().asActor({ roles }, (client) => client.query('select * from app.t'))
    await expect(reading).rejects.toMatchObject({ code: '42501' })
  }
  const login = await db().connect(db().loginUrl)
  await expect(login.query('select * from app.t')).rejects.toMatchObject({ code: '42501' })
  await login.end()
})
