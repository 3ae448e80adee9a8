import { stableId } from 'rowhouse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'
import { dataFolder, graphql, spawnServer, startServer } from './support/start-server.ts'

const db = useDatabase({ migrator: 'plain' })
const data = dataFolder()
let app: AppCopy
let issuer: Issuer
let env: Record<string, string>

const sam = { id: stableId('User', 'sam'), tenant: stableId('tenant', 'acme'), roles: ['sales'] }

beforeAll(async () => {
  app = await copyApp(db().names.prefix)
  issuer = await startIssuer()
  env = { ...issuer.env, DATABASE_URL: db().loginUrl, ROWHOUSE_DATA: data.path }
})

afterAll(async () => {
  await issuer.close()
  app.remove()
  data.remove()
})

const args = () => ['start', app.folder]
const migrating = () => ({ env: { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl } })

test('without a database and an issuer it says all that is missing', async () => {
  const ended = await runRowhouse(args(), { env: { PORT: '0' } })
  expect(ended).toMatchObject({ code: 3, stdout: '' })
  for (const name of ['DATABASE_URL', 'ROWHOUSE_JWKS_URL', 'ROWHOUSE_JWT_ISSUER', 'ROWHOUSE_JWT_AUDIENCE']) {
    expect(ended.stderr).toContain(name)
  }
})

test('a database that was not migrated is refused', async () => {
  const ended = await runRowhouse(args(), { env: { ...env, PORT: '0' } })
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('DATABASE_UNMIGRATED') })
})

test('migrated and seeded it serves those whom the issuer vouches for, and nobody else', async () => {
  expect(await runRowhouse(['migrate', app.folder], migrating())).toMatchObject({
    stderr: expect.stringMatching(/^Applied 000001-initial-schema\.sql\.$/m),
    stdout: 'The database is up to date now.\n',
    code: 0,
  })
  expect(await runRowhouse(['seed', app.folder], migrating())).toMatchObject({ code: 0 })
  const server = await startServer({ args: args(), env })
  const token = await issuer.tokenOf(sam)
  expect(await graphql(server.url, token, '{ customers { totalCount } }')).toEqual({
    data: { customers: { totalCount: 20 } },
  })
  const dev = await runRowhouse(['token', 'sam', '--app', app.folder], { env: { ROWHOUSE_DATA: data.path } })
  const refused = await graphql(server.url, dev.stdout.trim(), '{ customers { totalCount } }')
  expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  expect((await fetch(`${server.url}/`, { headers: { accept: 'text/html' } })).status).toBe(404)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  checkLog(server.output(), [token, dev.stdout.trim()])
})

/** One JSON object a line, without anything secret. */
function checkLog(output: string, secrets: readonly string[]): void {
  const lines = output.trim().split('\n')
  const events = lines.map((line) => JSON.parse(line).event)
  expect(events).toEqual(['ready', 'unauthenticated', 'stopping', 'stopped'])
  for (const secret of [...secrets, new URL(db().loginUrl).password]) expect(output).not.toContain(secret)
}

test('a login that could get around row security is refused', async () => {
  const ended = await runRowhouse(args(), { env: { ...env, PORT: '0', DATABASE_URL: db().migratorUrl } })
  expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('LOGIN_TOO_POWERFUL') })
  expect(ended.stderr).not.toContain(new URL(db().migratorUrl).password)
})

test('a table without its policies is refused by name', async () => {
  await db().asRole(db().names.owner, async (client) => {
    const { rows } = await client.query(
      `select policyname from pg_policies where schemaname = 'app' and tablename = 'payment' and policyname not in ('tenant', 'private')`,
    )
    for (const { policyname } of rows) await client.query(`drop policy "${policyname}" on app.payment`)
  })
  const ended = await runRowhouse(args(), { env: { ...env, PORT: '0' } })
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('TABLE_UNPROTECTED') })
  expect(ended.stderr).toContain('"app.payment"')
})

test('dev never makes a database of the operator anew', async () => {
  const ended = spawnServer({
    args: ['dev', app.folder, '--recreate'],
    env: { ...migrating().env, ROWHOUSE_DATA: data.path },
  })
  const how = await Promise.race([ended.ended, ended.until(/Ctrl-C stops/).then(() => ended.stop())])
  expect(how).toEqual({ code: 1, signal: null })
  expect(ended.output()).toContain('DATABASE_DRIFTED')
})
