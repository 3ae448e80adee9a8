import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'

/**
 * Runs the suite on Debian's Postgres 15, on a cluster of its own in a temporary folder, as a migrator that is no superuser: it has
 * CREATEROLE and CREATEDB, as on most managed servers. Arguments go to vitest. Tests that meet no Postgres but the embedded one, or none
 * at all, would say the same again and are left out, unless they are named.
 */
const binaries = '/usr/lib/postgresql/15/bin'

const sameEverywhere = [
  'test/{browser,domains,package,cli/!(import-database*),mistakes,schema,tools,types}/**',
  'test/doctor/**',
  // What the server does with requests, front ends and scripts before and after Postgres is asked; what it asks is asked by the other suites here too.
  'test/{abuse,bench,client,clients,docs,scripts}/**',
  'test/e2e/front-end*.test.ts',
  'test/server/{auth,config,front,http}/**',
  'test/features/!(mixtures)*',
  'test/e2e/{change,crash,dev,json-app,package,refusals,watch,watch-swaps}.test.ts',
  'test/policies/{json,write}/**',
  'test/server/postgres/embedded/**',
  // Needs an administrator, which the login of this run is not.
  'test/views/superuser.test.ts',
  // Puts rows past their triggers, which only an administrator may.
  'test/{agreement,policies/agreement}/**',
  // What the planner of 18 does with bad rules; the rules of the examples are asked on the embedded one.
  'test/plans/plan-gate.test.ts',
]
const wanted = process.argv.slice(2)
const exclude = wanted.some((word) => word.startsWith('test/'))
  ? []
  : sameEverywhere.flatMap((each) => ['--exclude', each])

if (!existsSync(`${binaries}/postgres`)) {
  console.error('Postgres 15 is not installed: apt-get install -y postgresql-15')
  process.exit(1)
}

const account = process.getuid?.() === 0 ? unprivilegedAccount() : {}
const folder = mkdtempSync('/tmp/rowhouse-pg15-')
const data = join(folder, 'data')
const passwordFile = join(folder, 'password')
const superuserPassword = randomBytes(16).toString('hex')
const migratorPassword = randomBytes(16).toString('hex')
const port = await freePort()
let exitCode = 1
try {
  makeCluster()
  await makeMigrator()
  const url = `postgres://migrator:${migratorPassword}@127.0.0.1:${port}/migrator`
  const run = spawnSync('node_modules/.bin/vitest', ['run', ...exclude, ...wanted], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // Who waits for each other in vain is found after a second, which this login may not change.
    env: { ROWHOUSE_TEST_WRITES: '200', ...process.env, DATABASE_URL: url, ROWHOUSE_MIGRATE_URL: url },
  })
  exitCode = run.status ?? 1
} finally {
  postgres('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = exitCode

function makeCluster(): void {
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 })
  if (account.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid!)
  must('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ])
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Nobody misses the cluster after a crash, and compiling a plan of a few rows takes longer than running it.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    jit: 'off',
    max_connections: 200,
  }
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`)
  must('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'server.log'), '-o', flags.join(' '), 'start'])
}

async function makeMigrator(): Promise<void> {
  const admin = new pg.Client(`postgres://postgres:${superuserPassword}@127.0.0.1:${port}/postgres`)
  await admin.connect()
  await admin.query(`create role migrator login createrole createdb password '${migratorPassword}'`)
  await admin.query('create database migrator owner migrator')
  await admin.end()
}

function must(program: string, args: readonly string[]): void {
  const { status, output } = postgres(program, args)
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${output}`)
}

function postgres(program: string, args: readonly string[]) {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  // Not a pipe: the server that pg_ctl starts would keep it open.
  const run = spawnSync(join(binaries, program), args, { ...account, cwd: folder, env, stdio: 'ignore' })
  return { status: run.status, output: run.error?.message ?? '' }
}

/** Postgres refuses to run as root. */
function unprivilegedAccount(): { readonly uid?: number; readonly gid?: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user === undefined) throw new Error('Neither the user "postgres" nor "nobody" exists to run Postgres as.')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
