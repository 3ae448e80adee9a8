import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quoteIdentifier } from '#base'
import { roleSetName } from '#migrations'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { type AppCopy, copyApp } from '../e2e/support/app-copy.ts'
import { type Issuer, startIssuer } from '../e2e/support/issuer.ts'
import { dataFolder, startServer } from '../e2e/support/start-server.ts'
import { askDoctor, type Diagnosis } from './support/ask-doctor.ts'
import { type FreshCluster, freshCluster, majors } from './support/fresh-cluster.ts'

const password = 'open-sesame-4711'

describe.each(majors)('Postgres %i', (major) => {
  let cluster: FreshCluster
  let app: AppCopy
  let issuer: Issuer
  const data = dataFolder()
  let env: Record<string, string>
  let appUrl: string

  beforeAll(async () => {
    cluster = await freshCluster(major)
    app = await copyApp('clinic')
    await runRowhouse(['check', app.folder])
    issuer = await startIssuer()
    const url = (user: string) => {
      const result = new URL(cluster.adminUrl)
      result.username = user
      result.password = password
      result.pathname = '/clinic_db'
      return result.href
    }
    const admin = new URL(cluster.adminUrl)
    admin.pathname = '/clinic_db'
    appUrl = admin.href
    env = {
      ...issuer.env,
      DATABASE_URL: url('clinic_login'),
      ROWHOUSE_MIGRATE_URL: url('clinic "migrator"'),
      ROWHOUSE_DATA: data.path,
    }
  })

  afterAll(async () => {
    await cluster?.close()
    await issuer?.close()
    app?.remove()
    data.remove()
  })

  async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /** What the hands of an administrator do with the printed SQL: all of it, once. */
  const apply = (url: string, text: string) => asAdmin(url, (client) => runAll(client, text))

  async function runAll(client: pg.Client, text: string): Promise<void> {
    // `create database` wants to stand alone, as psql sends it.
    for (const statement of text
      .split(/;\n|;$/)
      .map((one) => one.trim())
      .filter((one) => one !== ''))
      await client.query(statement)
  }

  async function setPassword(role: string): Promise<void> {
    if (cluster.isTrusting) return
    await asAdmin(cluster.adminUrl, (client) =>
      client.query(`alter role ${quoteIdentifier(role)} password '${password}'`),
    )
  }

  /** Anything that was written anywhere in the cluster has used a transaction id. */
  const nextTransaction = () =>
    asAdmin(
      cluster.adminUrl,
      async (client) => (await client.query('select pg_snapshot_xmax(pg_current_snapshot()) as id')).rows[0].id,
    )

  const filesOf = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)

  const ask = (extra: Readonly<Record<string, string>> = {}) => askDoctor(app.folder, { ...env, ...extra })

  test('the printed SQL leads from nothing to an app that runs, and asking changes nothing', async () => {
    const files = filesOf(app.folder)
    const first = await ask()
    expect(first.complaints).toContain('fail DATABASE_LOGIN_REFUSED')
    expect(first.exitCode).toBe(3)
    let diagnosis: Diagnosis = first
    for (let round = 0; round < 3 && diagnosis.exitCode !== 0; round++) {
      expect(diagnosis.sql).not.toContain('Nothing to mend')
      await apply(cluster.adminUrl, diagnosis.sql)
      await setPassword('clinic "migrator"')
      const before = await nextTransaction()
      diagnosis = await ask()
      expect(await nextTransaction()).toBe(before)
    }
    expect(diagnosis.complaints.filter((one) => one.startsWith('fail'))).toEqual([])
    expect(diagnosis.complaints).toContain('warn DATABASE_UNMIGRATED')
    expect(filesOf(app.folder)).toEqual(files)

    const migrated = await runRowhouse(['migrate', app.folder], { env })
    expect(migrated, migrated.stderr).toMatchObject({ code: 0 })
    await setPassword('clinic_login')
    const before = await nextTransaction()
    const after = await ask()
    expect(after.text).toContain('All fine')
    expect(after.complaints.filter((one) => !/DATABASE_TOO_OLD|leakproof/.test(one))).toEqual([])
    expect(await nextTransaction()).toBe(before)
    const server = await startServer({ args: ['start', app.folder], env })
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  })

  test('nothing that is printed holds a password', async () => {
    for (const extra of [{}, { DATABASE_URL: env.DATABASE_URL!.replace(password, 'wrong-secret') }]) {
      const { text, sql, findings } = await ask(extra)
      for (const said of [text, sql, JSON.stringify(findings)]) expect(said).not.toMatch(/open-sesame|wrong-secret/)
    }
  })

  const sales = roleSetName('clinic', ['sales'])
  const owner = 'set role clinic_owner;'

  test.each<readonly [name: string, damage: string, code: string]>([
    ['a login that is superuser', 'alter role clinic_login superuser', 'LOGIN_TOO_POWERFUL'],
    ['a login past row security', 'alter role clinic_login bypassrls', 'LOGIN_TOO_POWERFUL'],
    ['a login that makes roles', 'alter role clinic_login createrole', 'LOGIN_TOO_POWERFUL'],
    ['a login that inherits', 'alter role clinic_login inherit', 'LOGIN_TOO_POWERFUL'],
    ['a login that is the owner', 'grant clinic_owner to clinic_login', 'LOGIN_TOO_POWERFUL'],
    ['a login that reads every table', 'grant pg_read_all_data to clinic_login', 'LOGIN_TOO_POWERFUL'],
    [
      'a login that owns something',
      'create table public.mine (a int); alter table public.mine owner to clinic_login',
      'LOGIN_TOO_POWERFUL',
    ],
    ['a set past row security', `alter role ${sales} bypassrls`, 'ROLE_TOO_POWERFUL'],
    ['a set that is in another role', `grant clinic_admin to ${sales}`, 'ROLE_TOO_POWERFUL'],
    ['temporary tables for everybody', 'grant temporary on database clinic_db to public', 'ROLE_TOO_POWERFUL'],
    ['a schema for everybody', 'grant create on schema public to public', 'ROLE_TOO_POWERFUL'],
    ['tenants for a role', 'grant select on rowhouse.tenant to clinic_member', 'ROLE_TOO_POWERFUL'],
    ['a table without row security', 'alter table app.customer disable row level security', 'TABLE_UNPROTECTED'],
    ['a table that its owner reads', 'alter table app.customer no force row level security', 'TABLE_UNPROTECTED'],
    ['a table without its tenant', 'drop policy tenant on app.customer', 'TABLE_UNPROTECTED'],
    [
      'a table of nobody',
      'create table app.leak (a int); grant select on app.leak to clinic_member',
      'TABLE_UNPROTECTED',
    ],
    [
      'a function for everybody',
      'grant execute on all functions in schema rowhouse_private to public',
      'FUNCTION_EXPOSED',
    ],
    [
      'a definer that can be misled',
      `${owner} alter function rowhouse.note_created() security definer; reset role`,
      'FUNCTION_EXPOSED',
    ],
    ['a grant by hand', 'grant update on app.customer to clinic_member', 'DATABASE_DRIFTED'],
    ['a setting of the login', 'alter role clinic_login set row_security = off', 'DATABASE_DRIFTED'],
    ['a set that is gone', `drop role ${sales}`, 'ROLES_MISSING'],
    ['a set out of reach', `revoke ${sales} from clinic_login`, 'ROLES_MISSING'],
    ['a migrator that owns nothing', 'alter database clinic_db owner to postgres', 'MIGRATOR_LACKS_RIGHTS'],
    [
      'a migrator that is no member',
      'revoke clinic_private from "clinic ""migrator""" granted by "clinic ""migrator"""',
      'MIGRATOR_LACKS_RIGHTS',
    ],
    [
      'a migrator that makes no roles',
      `alter role "clinic ""migrator""" nocreaterole; drop role ${sales}`,
      'MIGRATOR_LACKS_RIGHTS',
    ],
    [
      'a database that is read only',
      'alter database clinic_db set default_transaction_read_only = on',
      'DATABASE_READ_ONLY',
    ],
  ])('%s is seen, and its SQL mends it', async (_name, damage, code) => {
    await asAdmin(appUrl, (client) => client.query(damage.includes('read_only') ? damage : `begin; ${damage}; commit`))
    const broken = await ask()
    expect(broken.complaints).toContain(`fail ${code}`)
    expect(broken.exitCode).toBe(code === 'DATABASE_READ_ONLY' ? 3 : 1)
    const problem = broken.findings.find((one) => one.code === code)!
    expect(problem.fix!.sql).not.toEqual([])
    expect(broken.text).toContain(`more  docs/errors/${code}.md`)
    await asAdmin(appUrl, async (client) => {
      await client.query('set default_transaction_read_only = off')
      await runAll(client, broken.sql)
      if (/app.leak|public.mine/.test(damage)) await client.query(`drop table ${/(\w+\.\w+) \(/.exec(damage)![1]}`)
    })
    const mended = await ask()
    expect(
      mended.complaints.filter((one) => one.startsWith('fail')),
      `${broken.sql}\n${mended.text}`,
    ).toEqual([])
  })

  test('a database with another encoding', async () => {
    await asAdmin(cluster.adminUrl, (client) =>
      client.query(
        `create database latin owner "clinic ""migrator""" encoding 'LATIN1' template template0 locale 'C'${major >= 15 ? " locale_provider 'libc'" : ''}`,
      ),
    )
    const elsewhere = (database: string) => ({
      DATABASE_URL: '',
      ROWHOUSE_MIGRATE_URL: env.ROWHOUSE_MIGRATE_URL!.replace('clinic_db', database),
    })
    const broken = await ask(elsewhere('latin'))
    expect(broken.complaints).toContain('fail DATABASE_ENCODING_WRONG')
    await apply(cluster.adminUrl, broken.sql)
    expect((await ask(elsewhere('latin_utf8'))).complaints).not.toContain('fail DATABASE_ENCODING_WRONG')
  })

  test('warnings: collation, connections, transactions that nobody ended, operators', async () => {
    await asAdmin(appUrl, async (client) => {
      await client.query("update pg_database set datcollversion = '0.1' where datname = 'clinic_db'")
      await client.query('alter database clinic_db connection limit 5')
      await client.query('alter function pg_catalog.numeric_eq(numeric, numeric) not leakproof')
    })
    const found = await ask()
    expect(found.complaints).toEqual(
      expect.arrayContaining([...(major < 18 ? [] : ['warn collation']), 'warn connections', 'warn leakproof']),
    )
    expect(found.exitCode).toBe(0)
    expect(found.sql).toMatch(/^-- alter function pg_catalog\."numeric_eq"/m)
    await asAdmin(appUrl, (client) => runAll(client, found.sql.replaceAll(/^-- (?=alter function)/gm, '')))
    expect((await ask()).complaints.filter((one) => one !== 'warn DATABASE_TOO_OLD')).toEqual([])
  })

  test('a provisioner', async () => {
    const extra = { ROWHOUSE_PROVISION_URL: env.DATABASE_URL!.replace('clinic_login', 'maker') }
    const missing = await ask(extra)
    expect(missing.complaints).toContain('fail DATABASE_LOGIN_REFUSED')
    await apply(cluster.adminUrl, missing.sql.replaceAll(/^-- .*\n/gm, ''))
    await setPassword('maker')
    const there = await ask(extra)
    expect(there.complaints).toContain('fail PROVISIONER_REFUSED')
    if (major < 16) {
      expect(there.text).toContain('Unset ROWHOUSE_PROVISION_URL')
      return
    }
    await asAdmin(appUrl, (client) => runAll(client, there.sql))
    expect((await ask(extra)).complaints.filter((one) => one.startsWith('fail'))).toEqual([])
    await asAdmin(appUrl, (client) => client.query('alter role maker nocreaterole'))
    const weak = await ask(extra)
    expect(weak.complaints).toContain('fail PROVISIONER_REFUSED')
    await asAdmin(appUrl, (client) => runAll(client, weak.sql))
    expect((await ask(extra)).complaints.filter((one) => one.startsWith('fail'))).toEqual([])
  })
})
