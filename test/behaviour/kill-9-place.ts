import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { sql, toText } from '#base'
import { buildCatalog, makeAnew, platformRoles } from '#migrations'
import { loadModel } from '#policies'
import { type DevKeys, loadDevKeys } from '#server'
import { findPlace } from '../../server/postgres/embedded/cluster-place.ts'
import { findBinaries } from '../../server/postgres/embedded/find-binaries.ts'
import { openEmbeddedPostgres } from '../../server/postgres/embedded/index.ts'
import { runnableBinaries } from '../../server/postgres/embedded/runnable-binaries.ts'
import { startPostmaster } from '../../server/postgres/embedded/start-postmaster.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'

/** The app of `test/fixtures/apps/post`. */
const appFolder = realpathSync(`${import.meta.dirname}/../fixtures/apps/post`)

/** What can be killed: processes, one connection's process of Postgres, one thread of the server that runs scripts. */
export type Victim = 'server' | 'runner' | 'postgres' | 'backend' | 'thread'

/** A Postgres, a server and a runner of jobs, each a process of its own that can be killed and comes back. */
export interface KillPlace {
  readonly app: string
  readonly keys: DevKeys
  /** Where the server is now; null while there is none. */
  url(): string | null
  /**
   * Kills with signal 9, and starts it again. Resolves when it is back. A thread has no signals: the server ends it wherever it is, and starts another one itself.
   */
  kill(what: Victim): Promise<void>
  /** As superuser. */
  ask(text: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/** Makes it all in a new folder. */
export async function openKillPlace(): Promise<KillPlace> {
  const { model } = await loadModel(appFolder)
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-kill-9-'))
  // As root, Postgres runs as another user.
  chmodSync(folder, 0o755)
  const options = { dataFolder: join(folder, 'postgres'), mayMove: true } as const
  const postgres = await openEmbeddedPostgres(options)
  const admin = new URL(postgres.adminUrl)
  await asked(admin.href, toText(sql`create database ${sql.identifier(model.app)}`))
  admin.pathname = `/${model.app}`
  const names = platformRoles(model.app)
  const loginPassword = randomBytes(18).toString('base64url')
  const made = { appFolder, migrateUrl: admin.href, names, catalog: buildCatalog(model), loginPassword }
  await makeAnew({ ...made, roleSets: [['clerk'], ['robot']] })
  await asked(
    admin.href,
    `set role ${names.owner}; insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`,
  )
  const login = Object.assign(new URL(admin), { username: names.login, password: loginPassword })
  const keysFolder = join(folder, 'keys')
  const keys = await loadDevKeys(keysFolder)
  const start = async (what: 'server' | 'runner'): Promise<Child> => {
    const given = JSON.stringify({ what, url: login.href, folder: appFolder, keys: keysFolder })
    return startChild({ KILL_9: given })
  }
  const children = { server: await start('server'), runner: await start('runner') }
  const killChild = async (what: 'server' | 'runner'): Promise<void> => {
    const { process: child } = children[what]
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    children[what] = { process: child, told: null }
    await gone
    children[what] = await start(what)
  }
  const killPostgres = async (): Promise<void> => {
    const pid = Number((await readFile(join(postgres.folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(pid, 'SIGKILL')
    const place = findPlace(options)
    await startPostmaster(place, await runnableBinaries(findBinaries(), place.user), {})
  }
  /** Postgres ends all of its processes and recovers when one of them is killed. */
  const killBackend = async (): Promise<void> => {
    const text = `select pid from pg_stat_activity where usename = '${names.login}' order by random() limit 1`
    for (const { pid } of await asked(admin.href, text)) process.kill(Number(pid), 'SIGKILL')
  }
  /** Ends threads that run scripts until one had a script in it. */
  const killThread = async (): Promise<void> => {
    for (;;) {
      const { process: child } = children.server
      child.send('end a thread')
      const [told] = await once(child, 'message')
      if (told === 'hit') return
    }
  }
  const kills = { thread: killThread, server: () => killChild('server'), runner: () => killChild('runner') }
  return {
    ...{ app: model.app, keys },
    url: () => children.server.told,
    kill: async (what) => {
      await { ...kills, postgres: killPostgres, backend: killBackend }[what]()
      await answers(admin.href)
    },
    ask: (text) => asked(admin.href, text),
    close: async () => {
      for (const { process: child } of Object.values(children)) {
        const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null
        child.kill('SIGKILL')
        await gone
      }
      await answers(admin.href)
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Child {
  readonly process: ChildProcess
  /** What it said when it was ready. */
  readonly told: string | null
}

/** A child that cannot start, as Postgres is away, is started again. */
async function startChild(environment: Readonly<Record<string, string>>): Promise<Child> {
  for (;;) {
    const child = fork(join(import.meta.dirname, 'kill-9-child.ts'), {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const told = await Promise.race([
      once(child, 'message').then(([message]) => String(message)),
      once(child, 'exit').then(() => null),
    ])
    if (told !== null) return { process: child, told }
  }
}

async function answers(url: string): Promise<void> {
  while ((await asked(url, 'select 1').catch(() => null)) === null) await new Promise((done) => setTimeout(done, 50))
}

async function asked(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text)
    return result.rows
  } finally {
    await client.end().catch(() => undefined)
  }
}
