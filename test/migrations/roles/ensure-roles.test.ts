import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CatalogRole } from '../../../migrations/catalog/catalog.ts'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase({ prepared: false, migrator: 'plain' })
})
afterEach(() => db.close())

const sales: CatalogRole = { name: ':ROLE_SALES', memberOf: [], comment: "Takes 'orders'." }
const manager: CatalogRole = { name: ':ROLE_MANAGER', memberOf: [':ROLE_SALES'], comment: null }

function ensure(roles: readonly CatalogRole[] = [sales, manager], password: string | null = null): Promise<void> {
  return ensureRoles(db.migrator, { names: db.names, roles, password })
}

async function roles(): Promise<Record<string, string>> {
  const { rows } = await db.migrator.query(
    `select substr(rolname, length($1) + 2) as name,
       concat_ws(' ', case when rolcanlogin then 'login' end, case when not rolinherit then 'noinherit' end,
         case when rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication then 'POWERFUL' end,
         (select 'in ' || string_agg(distinct substr(g.rolname, length($1) + 2), ',') from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid),
         shobj_description(r.oid, 'pg_authid')) as facts
     from pg_roles r where starts_with(rolname, $1 || '_') and rolname <> current_user order by 1`,
    [db.names.prefix],
  )
  return Object.fromEntries(rows.map(({ name, facts }) => [name, facts]))
}

const expected = {
  anonymous: '',
  jobs: 'Takes and settles jobs.',
  login: 'login noinherit in anonymous,jobs,queue',
  manager: 'in sales',
  member: '',
  owner: '',
  private: '',
  queue: 'Adds jobs.',
  queue_keeper: 'Owns the queue of jobs.',
  sales: "Takes 'orders'.",
}

describe('ensureRoles', () => {
  test('makes groups without any power, and a login that holds nothing by itself', async () => {
    await ensure()
    expect(await roles()).toEqual(expected)
  })

  test('does nothing the second time', async () => {
    await ensure()
    const statements: string[] = []
    const query = db.migrator.query.bind(db.migrator) as (...args: unknown[]) => unknown
    db.migrator.query = ((...args: unknown[]) => {
      statements.push(String(args[0]))
      return query(...args)
    }) as typeof db.migrator.query
    await ensure()
    expect(statements.filter((text) => !/^\s*(select|begin|commit)/.test(text))).toEqual([])
  })

  test('follows the model: a role that no longer includes another leaves it, notes change', async () => {
    await ensure()
    await ensure([
      { ...sales, comment: null },
      { ...manager, memberOf: [] },
    ])
    expect(await roles()).toEqual({ ...expected, sales: '', manager: '' })
    await ensure()
    expect(await roles()).toEqual(expected)
  })

  test('lets the migrator act as owner and private', async () => {
    await ensure()
    for (const role of [db.names.owner, db.names.private]) {
      await db.migrator.query(`set role "${role}"`)
      await db.migrator.query('reset role')
    }
    await db.migrator.query(`create schema x authorization "${db.names.owner}"`)
  })

  test('runs beside itself (E4)', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => db.connect(db.migratorUrl)))
    try {
      await Promise.all(
        clients.map((client) => ensureRoles(client, { names: db.names, roles: [sales, manager], password: 'x' })),
      )
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
    expect(await roles()).toEqual(expected)
  })

  test('runs beside itself in different databases, where no lock is shared', async () => {
    const other = await createTestDatabase({ prepared: false })
    const server = await Promise.all([db.connect(db.migratorUrl), db.connect(db.migratorUrl)])
    try {
      await server[1]!.query('select 1')
      const { Client } = (await import('pg')).default
      const url = new URL(db.migratorUrl)
      url.pathname = '/postgres'
      const elsewhere = new Client({ connectionString: url.href })
      await elsewhere.connect()
      const clients = [server[0]!, server[1]!, elsewhere]
      for (let round = 0; round < 3; round++) {
        await Promise.all(
          clients.map((client) =>
            ensureRoles(client, { names: db.names, roles: [sales, manager], password: `p${round}` }),
          ),
        )
      }
      await elsewhere.end()
    } finally {
      await Promise.all(server.map((client) => client.end()))
      await other.close()
    }
    expect(await roles()).toEqual(expected)
  })
})

describe('the login', () => {
  test('gets the password, whatever is in it, and the password is in no statement', async () => {
    const statements: string[] = []
    const query = db.migrator.query.bind(db.migrator) as (...args: unknown[]) => unknown
    db.migrator.query = ((...args: unknown[]) => {
      statements.push(JSON.stringify(args))
      return query(...args)
    }) as typeof db.migrator.query
    const password = `it's "q" \\ $x :OWNER ½ ü`
    await ensure([], password)
    const url = new URL(db.loginUrl)
    url.password = encodeURIComponent(password)
    const client = await db.connect(url.href)
    expect((await client.query('select current_user as me')).rows).toEqual([{ me: db.names.login }])
    await client.end()
    expect(statements.join('')).not.toMatch(/it's|:OWNER/)
    expect(statements.join('')).toContain('SCRAM-SHA-256$4096')
  })

  test('is left alone where no password is given', async () => {
    await ensure([], 'first')
    await ensure([], null)
    const url = new URL(db.loginUrl)
    url.password = 'first'
    await (await db.connect(url.href)).end()
  })

  test('that an operator made with INHERIT is mended', async () => {
    await db.migrator.query(`create role "${db.names.login}" login inherit`)
    await ensure()
    expect(await roles()).toEqual(expected)
  })
})

describe('roles that are not as they should be are refused', () => {
  test.each(['createrole', 'createdb'])('a login with %s', async (power) => {
    await db.migrator.query(`create role "${db.names.login}" login noinherit ${power}`)
    await expect(ensure()).rejects.toMatchObject({
      code: 'ROLE_UNSAFE',
      message: expect.stringContaining(power.toUpperCase()),
    })
  })

  test('a group that can log in', async () => {
    await ensure()
    await db.migrator.query(`alter role "${db.names.prefix}_sales" login`)
    await expect(ensure()).rejects.toMatchObject({ code: 'ROLE_UNSAFE', hint: expect.stringContaining('nologin') })
  })

  test('a login or a group that is a member of something else', async () => {
    await ensure()
    for (const name of ['login', 'sales', 'member']) {
      await db.migrator.query(`grant "${db.names.owner}" to "${db.names.prefix}_${name}"`)
      const ensuring = ensure()
      // Ours to take away from groups; the login is never touched in silence.
      if (name === 'login') await expect(ensuring).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
      else await ensuring
      await db.migrator.query(`revoke "${db.names.owner}" from "${db.names.prefix}_${name}"`)
    }
    await db.migrator.query(
      `create role "${db.names.prefix}x" nologin; grant "${db.names.prefix}x" to "${db.names.prefix}_sales"`,
    )
    await expect(ensure()).rejects.toMatchObject({
      code: 'ROLE_UNSAFE',
      message: expect.stringContaining(`${db.names.prefix}x`),
    })
    await db.migrator.query(`drop role "${db.names.prefix}x"`)
  })

  test('names that another app has', async () => {
    await db.migrator.query(`create role "${db.names.prefix}_eu_owner" nologin`)
    const role: CatalogRole = { name: ':ROLE_EU_SALES', memberOf: [], comment: null }
    await expect(ensure([role])).rejects.toMatchObject({ code: 'ROLE_TAKEN' })
    await ensure([sales])
  })

  test('a role that was there before the app was', async () => {
    await db.migrator.query(`create role "${db.names.prefix}_sales" nologin`)
    await expect(ensure()).rejects.toMatchObject({ code: 'ROLE_TAKEN', message: expect.stringContaining('_sales') })
  })

  test('a migrator that may not make roles', async () => {
    await ensure([], 'x')
    const url = new URL(db.loginUrl)
    url.password = 'x'
    const client = await db.connect(url.href)
    const ensuring = ensureRoles(client, { names: db.names, roles: [sales], password: null })
    await expect(ensuring).rejects.toMatchObject({ code: 'MIGRATOR_LACKS_RIGHTS' })
    await client.end()
  })
})
