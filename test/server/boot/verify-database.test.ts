import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCatalog, migrate, renderPolicy, replacePlaceholders, roleSetName, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import { type BootProblem, bootError } from '../../../server/postgres/boot-checks/boot-problem.ts'
import { verifyDatabase } from '../../../server/postgres/boot-checks/verify-database.ts'
import { serverUrl, useDatabase } from '../../support/database.ts'

const { model } = await loadModel('examples/invoicing')
const catalog = buildCatalog(model)
const db = useDatabase({ prepared: false, migrator: 'plain' })
let appFolder: string

beforeAll(async () => {
  appFolder = await mkdtemp(join(tmpdir(), 'rowhouse-boot-'))
  await writeFirstMigration(appFolder, catalog, 'initial')
  expect((await problems()).map((one) => one.code)).toContain('DATABASE_UNMIGRATED')
  await migrate({
    appFolder,
    migrateUrl: db().migratorUrl,
    names: db().names,
    catalog,
    roleSets: [['sales'], ['admin']],
    loginPassword: new URL(db().loginUrl).password,
  })
})

afterAll(async () => {
  await rm(appFolder, { recursive: true, force: true })
})

async function problems(url?: string, model_ = model): Promise<readonly BootProblem[]> {
  const before = url === undefined && !(await loginExists())
  const client = await db().connect(url ?? (before ? db().migratorUrl : db().loginUrl))
  try {
    return await verifyDatabase(client, { appFolder, model: model_, catalog, names: db().names })
  } finally {
    await client.end()
  }
}

async function loginExists(): Promise<boolean> {
  const { rows } = await db().migrator.query('select from pg_roles where rolname = $1', [db().names.login])
  return rows.length > 0
}

/** Problems but drift, after the statements of an administrator; then undoes them. */
async function provoked(change: string, undo: string): Promise<readonly BootProblem[]> {
  await db().migrator.query(change)
  let mended = false
  try {
    const found = await problems()
    // Whatever a hand changed is drift as well; the fences are asked about without it.
    expect(found.map((one) => one.code)).toContain('DATABASE_DRIFTED')
    const fences = found.filter((one) => one.code !== 'DATABASE_DRIFTED')
    mended = await mend(fences)
    return fences
  } finally {
    // What was mended needs no undoing, and may not allow it.
    await db()
      .migrator.query(undo)
      .catch(async (error: Error) => {
        await db().migrator.query('rollback')
        if (!mended) throw error
      })
  }
}

/** Runs the SQL of every problem as an administrator, where this run has one, and sees the problems gone. */
async function mend(found: readonly BootProblem[]): Promise<boolean> {
  const url = new URL(await serverUrl())
  url.pathname = `/${db().name}`
  const admin = await db().connect(url.href)
  try {
    const { rows } = await admin.query('select rolsuper as super from pg_roles where rolname = current_user')
    if (rows[0].super !== true) return false
    const done = new Set<string>()
    for (const { message, fix } of found) {
      expect(fix, message).not.toEqual([])
      // What ends several problems at once is among the fixes of each.
      for (const text of fix.filter((each) => !done.has(each))) await admin.query(text)
      for (const text of fix) done.add(text)
    }
  } finally {
    await admin.end()
  }
  expect(messages((await problems()).filter((one) => one.code !== 'DATABASE_DRIFTED'))).toEqual([])
  return true
}

const messages = (found: readonly BootProblem[]) => found.map((one) => `${one.code}: ${one.message}`)
const owner = () => `"${db().names.owner}"`
const member = () => `"${db().names.member}"`
const login = () => `"${db().names.login}"`
const sales = () => `"${db().names.prefix}_sales"`
const as = (role: string, statements: string) => `begin; set local role ${role}; ${statements}; commit`

test('a migrated database may be served', async () => {
  expect(messages(await problems())).toEqual([])
})

test('TABLE_UNPROTECTED names the table', async () => {
  const customer = catalog.tables.find((one) => one.name === 'customer')!
  const tenantPolicy = renderPolicy(customer, customer.policies.find((one) => one.name === 'tenant')!)
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'alter table app.customer disable row level security',
      'alter table app.customer enable row level security',
      'Table "app.customer" has row security off.',
    ],
    [
      'alter table app.customer no force row level security',
      'alter table app.customer force row level security',
      'Table "app.customer" does not force row security on its owner.',
    ],
    [
      'drop policy tenant on app.customer',
      tenantPolicy,
      'Table "app.customer" has no restrictive policy that pins the tenant.',
    ],
    [
      'drop policy tenant on app.customer; create policy tenant on app.customer using (tenant_id = (select rowhouse.tenant_id()))',
      `drop policy tenant on app.customer; ${tenantPolicy}`,
      'Table "app.customer" has no restrictive policy that pins the tenant.',
    ],
    [
      'alter policy tenant on app.customer using (tenant_id = (select rowhouse.tenant_id()) or true)',
      'alter policy tenant on app.customer using (tenant_id = (select rowhouse.tenant_id()))',
      'Table "app.customer" has no restrictive policy that pins the tenant.',
    ],
    [
      'alter policy private on app.customer to public',
      `alter policy private on app.customer to "${db().names.private}"`,
      'Table "app.customer" lets through every row to "public" by its policy "private".',
    ],
    [
      'create policy searched on app.customer using (true)',
      'drop policy searched on app.customer',
      'Table "app.customer" lets through every row to "public" by its policy "searched".',
    ],
    [
      `create table app.leak (a int); grant select on app.leak to ${member()}`,
      'drop table app.leak',
      'Table "app.leak" has row security off.',
    ],
    [
      'create table app.leak (a int); grant select (a) on app.leak to public; alter table app.leak enable row level security, force row level security',
      'drop table app.leak',
      'Table "app.leak" has no policy of a rule.',
    ],
    [
      'create table app.leak (tenant_id uuid) partition by list (tenant_id); create table app.leak_1 partition of app.leak default; grant select on app.leak_1 to public',
      'drop table app.leak',
      'Table "app.leak_1" has row security off.',
    ],
    [
      'create view app.leak as select * from app.customer; grant select on app.leak to public',
      'drop view app.leak',
      'View "app.leak" reads with its owner\'s rights (no security_invoker).',
    ],
    [
      'create materialized view app.leak as select 1 as a; grant select on app.leak to public',
      'drop materialized view app.leak',
      'Materialized view "app.leak" cannot have row security, but a request may touch it.',
    ],
  ]
  for (const [change, undo, message] of cases)
    expect(messages(await provoked(as(owner(), change), as(owner(), undo)))).toContain(`TABLE_UNPROTECTED: ${message}`)
  expect(messages(await problems())).toEqual([])
})

test('TABLE_UNPROTECTED: a table that lost the policies of its rules, unless it has no rule', async () => {
  const table = catalog.tables.find((one) => one.name === 'product')!
  const lost = table.policies.filter((policy) => !['tenant', 'private'].includes(policy.name))
  const drops = lost.map((policy) => `drop policy ${policy.name} on app.product`)
  const creates = lost.map((policy) => replacePlaceholders(renderPolicy(table, policy), db().names))
  await db().migrator.query(as(owner(), drops.join('; ')))
  try {
    const expected = 'TABLE_UNPROTECTED: Table "app.product" has no policy of a rule.'
    expect(messages(await problems())).toContain(expected)
    const policies = model.policies.map((one) => (one.entity === 'Product' ? { ...one, rules: [] } : one))
    expect(messages(await problems(undefined, { ...model, policies }))).not.toContain(expected)
  } finally {
    await db().migrator.query(as(owner(), creates.join(' ').replace(/;\s*$/, '')))
  }
  expect(messages(await problems())).toEqual([])
})

test('a view of the caller and a table that nobody may touch are no danger', async () => {
  const found = await provoked(
    as(
      owner(),
      `create view app.fine with (security_invoker = true) as select id from app.customer; grant select on app.fine to ${member()};
       create table app.closed (a int)`,
    ),
    as(owner(), 'drop view app.fine; drop table app.closed'),
  )
  expect(messages(found)).toEqual([])
})

test('a view that policies read is a danger with other rights, without its fence, and for others', async () => {
  const view = 'rowhouse_private.reached_managed'
  const { private: privateName, prefix } = db().names
  const creating = (how: string, whom: string) =>
    `set local role "${privateName}"; ${how} create on schema rowhouse_private ${whom} ${owner()}`
  const opened = `A request can become "${prefix}_sales", which may select on "rowhouse_private"."reached_managed".`
  const cases: readonly (readonly [string, string, string])[] = [
    [
      // An owner must be allowed to create there.
      `begin; ${creating('grant', 'to')}; reset role; alter view ${view} owner to ${owner()}; ${creating('revoke', 'from')}; commit`,
      `alter view ${view} owner to "${privateName}"`,
      opened,
    ],
    [`alter view ${view} set (security_barrier = false)`, `alter view ${view} set (security_barrier = true)`, opened],
    [`alter view ${view} set (security_invoker = true)`, `alter view ${view} reset (security_invoker)`, opened],
    [
      `grant select on ${view} to ${member()}`,
      `revoke select on ${view} from ${member()}`,
      opened.replace('_sales"', '_member"'),
    ],
  ]
  for (const [change, undo, told] of cases)
    expect(messages(await provoked(change, undo))).toEqual([`ROLE_TOO_POWERFUL: ${told}`])
})

test('LOGIN_TOO_POWERFUL: the login of the migrator', async () => {
  const found = messages(await problems(db().migratorUrl))
  const name = decodeURIComponent(new URL(db().migratorUrl).username)
  expect(found).toContain(`LOGIN_TOO_POWERFUL: The server logs in as "${name}", which may create roles.`)
  expect(found).toContain(`LOGIN_TOO_POWERFUL: The server logs in as "${name}", which may create databases.`)
  expect(found).toContain(`LOGIN_TOO_POWERFUL: The server logs in as "${name}", which is a member of ${owner()}.`)
  expect(found.join('\n')).toMatch(/owns database/)
})

test('LOGIN_TOO_POWERFUL: memberships, attributes and belongings of the login', async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [`grant ${owner()} to ${login()}`, `revoke ${owner()} from ${login()}`, `is a member of ${owner()}`],
    [
      `grant "${db().names.private}" to ${login()}`,
      `revoke "${db().names.private}" from ${login()}`,
      `is a member of "${db().names.private}"`,
    ],
    [`grant ${sales()} to ${login()}`, `revoke ${sales()} from ${login()}`, `is a member of ${sales()}`],
    [`alter role ${login()} inherit`, `alter role ${login()} noinherit`, 'inherits the rights of its roles'],
    [`alter role ${login()} createdb`, `alter role ${login()} nocreatedb`, 'may create databases'],
    [
      `grant create on schema app to ${login()}; create table app.mine (); alter table app.mine owner to ${login()}`,
      `drop table app.mine; revoke create on schema app from ${login()}`,
      'owns table app.mine',
    ],
  ]
  // Altering the owner of a table needs a member of both.
  await db().migrator.query(`grant ${login()} to current_user`)
  for (const [change, undo, what] of cases)
    expect(messages(await provoked(change, undo)).join('\n')).toContain(
      `LOGIN_TOO_POWERFUL: The server logs in as ${login()}, which ${what}`,
    )
  await db().migrator.query(`revoke ${login()} from current_user`)
})

test('LOGIN_TOO_POWERFUL: what only a superuser can give', async () => {
  const admin = await db().connect(await serverUrl())
  try {
    const { rows } = await admin.query('select rolsuper from pg_roles where rolname = current_user')
    if (!rows[0].rolsuper) {
      // Nobody here can bring this about, which is the other half of what is claimed.
      await expect(admin.query(`alter role ${login()} bypassrls`)).rejects.toMatchObject({ code: '42501' })
      return
    }
    const cases: readonly (readonly [string, string, string])[] = [
      ['bypassrls', 'nobypassrls', 'bypasses row security'],
      ['replication', 'noreplication', 'may replicate'],
      ['createrole', 'nocreaterole', 'may create roles'],
      ['superuser', 'nosuperuser', 'is a superuser'],
    ]
    for (const [on, off, what] of cases) {
      await admin.query(`alter role ${login()} ${on}`)
      expect(messages(await problems())).toContain(
        `LOGIN_TOO_POWERFUL: The server logs in as ${login()}, which ${what}.`,
      )
      await admin.query(`alter role ${login()} ${off}`)
    }
    await admin.query(`grant pg_read_all_data to ${member()}`)
    expect(messages(await problems())).toContain(
      `LOGIN_TOO_POWERFUL: The server logs in as ${login()}, which can become "pg_read_all_data".`,
    )
    await admin.query(`revoke pg_read_all_data from ${member()}; alter role ${sales()} bypassrls`)
    expect(messages(await problems())).toContain(
      `ROLE_TOO_POWERFUL: A request can become ${sales()}, which bypasses row security.`,
    )
    await admin.query(`alter role ${sales()} nobypassrls`)
    expect(messages(await problems())).toEqual([])
  } finally {
    await admin.end()
  }
})

test('ROLE_TOO_POWERFUL: what a request can become', async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      as(owner(), `grant select on rowhouse.tenant to ${sales()}`),
      as(owner(), `revoke select on rowhouse.tenant from ${sales()}`),
      `A request can become ${sales()}, which may select on "rowhouse"."tenant".`,
    ],
    [
      as(owner(), 'grant select (slug) on rowhouse.tenant to public'),
      as(owner(), 'revoke select (slug) on rowhouse.tenant from public'),
      'Every role may select on "rowhouse"."tenant".',
    ],
    [
      as(owner(), `grant create on schema app to ${member()}`),
      as(owner(), `revoke create on schema app from ${member()}`),
      `A request can become ${member()}, which may create in schema "app".`,
    ],
    [
      'grant create on schema public to public',
      'revoke create on schema public from public',
      'Every role may create in schema "public".',
    ],
    [
      `grant temporary on database "${db().name}" to public`,
      `revoke temporary on database "${db().name}" from public`,
      `Every role may create in database "${db().name}".`,
    ],
    [
      `alter role ${sales()} createdb`,
      `alter role ${sales()} nocreatedb`,
      `A request can become ${sales()}, which may create databases.`,
    ],
    [
      `grant ${owner()} to ${sales()}`,
      `revoke ${owner()} from ${sales()}`,
      `A request can become ${owner()}, which owns schema app.`,
    ],
    [
      `grant ${member()} to ${sales()} with admin option`,
      `revoke ${member()} from ${sales()}`,
      `A request can become ${sales()}, which may pass on membership of ${member()}.`,
    ],
  ]
  for (const [change, undo, message] of cases)
    expect(messages(await provoked(change, undo))).toContain(`ROLE_TOO_POWERFUL: ${message}`)
  expect(messages(await problems())).toEqual([])
})

test('ROLE_TOO_POWERFUL: a role set with a role more or less than its name stands for', async () => {
  const set = roleSetName(db().names.prefix, ['sales'])
  const admin = `"${db().names.prefix}_admin"`
  const cases: readonly (readonly [string, string])[] = [
    [`grant ${admin} to "${set}"`, `revoke ${admin} from "${set}"`],
    [`revoke ${sales()} from "${set}"`, `grant ${sales()} to "${set}"`],
  ]
  for (const [change, undo] of cases) {
    await db().migrator.query(change)
    const found = messages(await problems()).join('\n')
    await db().migrator.query(undo)
    expect(found).toContain(`ROLE_TOO_POWERFUL: A request can become "${set}", which is a member of`)
  }
  expect(messages(await problems())).toEqual([])
})

test('ROLE_TOO_POWERFUL: a role set that inherits nothing of those who are signed in escapes their denials', async () => {
  const set = roleSetName(db().names.prefix, ['sales'])
  const found =
    db().major >= 16
      ? await provokedOf(
          `grant ${member()} to "${set}" with inherit false`,
          `grant ${member()} to "${set}" with inherit true`,
        )
      : await provokedOf(`alter role "${set}" noinherit`, `alter role "${set}" inherit`)
  expect(found).toContain(set)
})

/** Objects of the problems after a change of memberships, which are no drift. */
async function provokedOf(change: string, undo: string): Promise<readonly string[]> {
  await db().migrator.query(change)
  try {
    return (await problems()).map((one) => one.object)
  } finally {
    await db().migrator.query(undo)
  }
}

test('FUNCTION_EXPOSED: functions that nobody knows, or that can be misled', async () => {
  const private_ = `"${db().names.private}"`
  const known = catalog.functions.find((one) => one.identity === '' && one.returns !== 'trigger')!
  const name = `rowhouse_private.${known.name}()`
  const cases: readonly (readonly [string, string, string])[] = [
    [
      as(
        owner(),
        'create function app.everything() returns int return 1; grant execute on function app.everything() to public',
      ),
      as(owner(), 'drop function app.everything()'),
      'Function "app.everything()" may be called by every role, which the model does not say.',
    ],
    [
      as(private_, `grant execute on function ${name} to ${login()}`),
      as(private_, `revoke execute on function ${name} from ${login()}`),
      `Function "${name}" may be called by ${login()}, which the model does not say.`,
    ],
    [
      as(
        private_,
        `create function rowhouse_private.x(a text) returns int language plpgsql security definer as $$ begin return 1; end $$`,
      ),
      as(private_, 'drop function rowhouse_private.x(text)'),
      'Function "rowhouse_private.x(text)" runs with its owner\'s rights, and its caller\'s search_path decides what its names mean.',
    ],
    [
      as(
        private_,
        `create function rowhouse_private.x(a text) returns int language plpgsql security definer set search_path = app as $$ begin return 1; end $$`,
      ),
      as(private_, 'drop function rowhouse_private.x(text)'),
      'Function "rowhouse_private.x(text)" runs with its owner\'s rights, and its caller\'s search_path decides what its names mean.',
    ],
    [
      as(
        owner(),
        'create function rowhouse.x() returns int security definer return 1; revoke execute on function rowhouse.x() from public',
      ),
      as(owner(), 'drop function rowhouse.x()'),
      `Function "rowhouse.x()" runs with the rights of ${owner()}, not of ${private_}.`,
    ],
  ]
  for (const [change, undo, message] of cases)
    expect(messages(await provoked(change, undo))).toContain(`FUNCTION_EXPOSED: ${message}`)
  expect(messages(await problems())).toEqual([])
})

test('all problems come as one error that names each', async () => {
  await db().migrator.query(as(owner(), 'alter table app.customer disable row level security'))
  try {
    const found = await problems()
    const error = bootError(found as [BootProblem, ...BootProblem[]])
    expect(error.code).toBe('TABLE_UNPROTECTED')
    expect(error.message).toContain('Table "app.customer" has row security off.')
    expect(error.message).toContain('DATABASE_DRIFTED: table app.customer: row security should be "on", but is "off"')
  } finally {
    await db().migrator.query(as(owner(), 'alter table app.customer enable row level security'))
  }
})
