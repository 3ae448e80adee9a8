import { describe, expect, test } from 'vitest'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
import { openProvisioner } from '../../../migrations/roles/provisioner.ts'
import { roleSetName } from '../../../migrations/roles/role-set-name.ts'
import { useDatabase } from '../../support/database.ts'

const roles = ['sales', 'manager']
const db = useDatabase({ roles, migrator: 'plain' })

/** Address of a login that has CREATEROLE and nothing else, admitted as provisioner. */
async function provisionerUrl(): Promise<string> {
  const name = `${db().names.prefix}_a_provisioner`
  const { rows } = await db().migrator.query('select 1 from pg_roles where rolname = $1', [name])
  if (rows.length === 0) await db().migrator.query(`create role "${name}" login createrole password 'x'`)
  const listed = roles.map((role) => ({ name: `:ROLE_${role.toUpperCase()}` as const, memberOf: [], comment: null }))
  await ensureRoles(db().migrator, { names: db().names, roles: listed, password: null, provisioner: name })
  const url = new URL(db().migratorUrl)
  url.username = name
  url.password = 'x'
  return url.href
}

async function open() {
  return openProvisioner({ url: await provisionerUrl(), names: db().names, roles })
}

const refused = { code: 'PROVISIONER_REFUSED', message: expect.stringContaining('Postgres 15') }

/** What a provisioner does; before Postgres 16 there must be none instead. Not skipped there: CI counts a skipped test as a failure. */
function testProvisioner(title: string, does: () => Promise<void>): void {
  test(title, async () => {
    if (db().major < 16) await expect(open()).rejects.toMatchObject(refused)
    else await does()
  })
}

test('why: before 16 a login with CREATEROLE can take rights that lead to superuser, since 16 it cannot', async () => {
  const name = `${db().names.prefix}_maker`
  await db().migrator.query(`create role "${name}" login createrole password 'x'`)
  const client = await db().connect(Object.assign(new URL(db().migratorUrl), { username: name, password: 'x' }).href)
  const taking = client.query('grant pg_execute_server_program to current_user')
  if (db().major < 16) await taking
  else await expect(taking).rejects.toMatchObject({ code: '42501' })
  await client.end()
})

describe('from Postgres 16 on', () => {
  testProvisioner('makes a set that the login can become at once', async () => {
    const provisioner = await open()
    const name = await provisioner.ensure(['manager', 'sales'])
    expect(name).toBe(roleSetName(db().names.prefix, ['sales', 'manager']))
    const login = await db().connect(db().loginUrl)
    await login.query(`set role "${name}"`)
    const { rows } = await login.query("select pg_has_role(current_user, $1, 'USAGE') as has", [
      `${db().names.prefix}_sales`,
    ])
    expect(rows).toEqual([{ has: true }])
    await login.end()
  })

  testProvisioner('many requests for one set share one attempt', async () => {
    const provisioner = await open()
    const answers = await Promise.all(Array.from({ length: 40 }, () => provisioner.ensure(['sales'])))
    expect(new Set(answers).size).toBe(1)
  })

  testProvisioner('several servers at once agree', async () => {
    const servers = [await open(), await open(), await open(), await open()]
    const answers = await Promise.all(servers.map((server) => server.ensure(['manager'])))
    expect(new Set(answers).size).toBe(1)
  })

  testProvisioner('nothing but roles of the app becomes part of a set', async () => {
    const provisioner = await open()
    for (const role of [
      'owner',
      'private',
      'login',
      'SALES',
      'sales,manager',
      'pg_read_all_data',
      '',
      'x"; drop role y; --',
      '__proto__',
    ]) {
      await expect(provisioner.ensure(['sales', role])).rejects.toMatchObject({ code: 'PROVISIONER_REFUSED' })
    }
  })

  testProvisioner('a failed attempt is tried again', async () => {
    const provisioner = await openProvisioner({
      url: await provisionerUrl(),
      names: db().names,
      roles: [...roles, 'late'],
    })
    await expect(provisioner.ensure(['late'])).rejects.toMatchObject({ code: '42704' })
    const late = { name: ':ROLE_LATE', memberOf: [], comment: null } as const
    const name = `${db().names.prefix}_a_provisioner`
    await ensureRoles(db().migrator, { names: db().names, roles: [late], password: null, provisioner: name })
    expect(await provisioner.ensure(['late'])).toBe(roleSetName(db().names.prefix, ['late']))
  })

  testProvisioner('its login can neither read rows, nor become owner, nor hand out more', async () => {
    const client = await db().connect(await provisionerUrl())
    const { owner, private: privateRole, login } = db().names
    for (const statement of [
      `set role "${owner}"`,
      `set role "${privateRole}"`,
      `grant "${owner}" to "${login}"`,
      `grant "${privateRole}" to current_user`,
      'grant pg_read_all_data to current_user',
      `alter role "${login}" superuser`,
      `alter role "${login}" password 'mine'`,
      'create role other superuser',
      'create role other bypassrls',
      'select * from rowhouse.tenant',
    ]) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await client.end()
  })
})
