import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { findEmbeddedPostgres, openEmbeddedPostgres } from '../../../../server/postgres/embedded/index.ts'
import { ask, endScratch, inDatabase, isServed, openInChild, postmasterOf, scratchFolder } from './scratch.ts'

const quick = { durable: false }

afterEach(endScratch)

describe('a first start', () => {
  test('makes a cluster that listens here alone and asks for its password', async () => {
    const dataFolder = scratchFolder()
    const postgres = await openEmbeddedPostgres({ dataFolder })
    expect(postgres).toMatchObject({ fresh: true, adopted: false, version: expect.stringMatching(/^\d+\.\d+$/) })
    const settings = await ask(
      postgres.adminUrl,
      `select name, setting from pg_settings where name in
       ('fsync', 'listen_addresses', 'unix_socket_directories', 'wal_level', 'TimeZone', 'data_checksums', 'password_encryption')`,
    )
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      TimeZone: 'UTC',
      data_checksums: 'on',
      fsync: 'on',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
      unix_socket_directories: '',
      wal_level: 'logical',
    })
    const rows = await ask(
      postgres.adminUrl,
      "select datlocprovider as provider, datlocale as locale, lower('ÄÖ') as lower from pg_database where datname = 'postgres'",
    )
    expect(rows).toEqual([{ provider: 'b', locale: 'C.UTF-8', lower: 'äö' }])
    const wrong = Object.assign(new URL(postgres.adminUrl), { password: 'wrong' }).href
    await expect(ask(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    await postgres.stop()
  })

  test('keeps the password in one file that nobody else reads', async () => {
    const dataFolder = scratchFolder()
    const postgres = await openEmbeddedPostgres({ dataFolder, ...quick })
    const password = decodeURIComponent(new URL(postgres.adminUrl).password)
    const folder = join(dataFolder, 'postgres')
    expect(password.length).toBeGreaterThanOrEqual(32)
    expect(readFileSync(join(folder, 'password'), 'utf8').trim()).toBe(password)
    expect(
      [folder, join(folder, 'password'), join(folder, 'cluster')].map((path) => statSync(path).mode & 0o077),
    ).toEqual([0, 0, 0])
    const holders = filesHolding(folder, password)
    const commands = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(password))
    await postgres.stop()
    expect({ holders, commands }).toEqual({ holders: ['password'], commands: [] })
  })

  test('works in a folder called anything', async () => {
    // One inside of the other: Postgres meets all of them in one path.
    const names = ['with space', `it's "quoted"`, '$(touch hacked) `id`', 'back\\slash', 'ümläut', '%s']
    const parent = scratchFolder()
    const dataFolder = join(parent, ...names)
    for (const fresh of [true, false]) {
      const postgres = await openEmbeddedPostgres({ dataFolder, ...quick })
      expect(postgres.fresh).toBe(fresh)
      expect(await findEmbeddedPostgres({ dataFolder })).toMatchObject({ port: postgres.port })
      await postgres.stop()
    }
    const made = names.map((_, depth) => readdirSync(join(parent, ...names.slice(0, depth))))
    expect(made).toEqual(names.map((name) => [name]))
  })

  test('that was killed half way is simply made again', async () => {
    const dataFolder = scratchFolder()
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    await first.stop()
    const folder = join(dataFolder, 'postgres')
    rmSync(join(folder, 'cluster'), { recursive: true })
    writeFileSync(join(folder, 'cluster.4194303.new'), 'left over')
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    await second.stop()
    expect(second.fresh).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['cluster', 'password', 'server.log'])
  })
})

describe('a later start', () => {
  test('has the same port and the data', async () => {
    const dataFolder = scratchFolder()
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    await ask(first.adminUrl, 'create database kept')
    await first.stop()
    expect(await isServed(dataFolder)).toBe(false)
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    expect(second).toMatchObject({ fresh: false, adopted: false, adminUrl: first.adminUrl })
    expect(await ask(inDatabase(second.adminUrl, 'kept'), 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
  })

  test('takes another port when somebody has its own', async () => {
    const dataFolder = scratchFolder()
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    await first.stop()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(first.port, '127.0.0.1', resolve))
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    server.close()
    await second.stop()
    expect(second.port).not.toBe(first.port)
  })

  test('is not misled by the process number of a dead server', async () => {
    const dataFolder = scratchFolder()
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    const file = join(dataFolder, 'postgres/cluster/postmaster.pid')
    const text = readFileSync(file, 'utf8')
    await first.stop()
    // As after a restart of the machine: the number belongs to a living process, here this one.
    writeFileSync(file, text.replace(/^\d+/, String(process.pid)))
    expect(await findEmbeddedPostgres({ dataFolder })).toBeNull()
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    expect(second.adopted).toBe(false)
    await second.stop()
  })

  test('without the password file says so', async () => {
    const dataFolder = scratchFolder()
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    await first.stop()
    rmSync(join(dataFolder, 'postgres/password'))
    await expect(openEmbeddedPostgres({ dataFolder, ...quick })).rejects.toMatchObject({ code: 'DATA_FOLDER_DAMAGED' })
  })

  test('that Postgres refuses shows the end of its log', async () => {
    const dataFolder = scratchFolder()
    const opening = openEmbeddedPostgres({ dataFolder, ...quick, settings: { shared_buffers: "much'more" } })
    await expect(opening).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: expect.stringContaining('shared_buffers'),
    })
  })
})

describe('after kill -9', () => {
  test('of node the server is adopted, with its sessions', async () => {
    const dataFolder = scratchFolder()
    const first = await openInChild({ dataFolder })
    await ask(first.said.adminUrl, 'create table kept as select 1 as one')
    first.child.kill('SIGKILL')
    expect(await first.ended).toBe('SIGKILL')
    const pid = postmasterOf(dataFolder)
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    expect(second).toMatchObject({ adopted: true, fresh: false, adminUrl: first.said.adminUrl })
    expect(postmasterOf(dataFolder)).toBe(pid)
    expect(await ask(second.adminUrl, 'select * from kept')).toEqual([{ one: 1 }])
    await second.stop()
    expect(await isServed(dataFolder)).toBe(false)
  })

  test('of Postgres what was committed is recovered', async () => {
    const dataFolder = scratchFolder()
    const first = await openInChild({ dataFolder, durable: true })
    await ask(first.said.adminUrl, 'create table kept as select generate_series(1, 1000) as n')
    process.kill(postmasterOf(dataFolder), 'SIGKILL')
    first.child.kill('SIGKILL')
    await first.ended
    const second = await openEmbeddedPostgres({ dataFolder })
    expect(second).toMatchObject({ adopted: false, fresh: false })
    expect(await ask(second.adminUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    await second.stop()
  })

  test('of one of its sessions the claim on the cluster is taken up again', async () => {
    const dataFolder = scratchFolder()
    const first = await openInChild({ dataFolder })
    const before = await claimant(first.said.adminUrl)
    process.kill(before!, 'SIGKILL')
    for (let now = before; now === null || now === before; await delay(20)) {
      // Postgres refuses connections while it recovers.
      now = await claimant(first.said.adminUrl).catch(() => null)
    }
    await expect(openEmbeddedPostgres({ dataFolder, ...quick })).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' })
  })
})

test('nobody who takes the port of a Postgres that died is sent its password', async () => {
  const dataFolder = scratchFolder()
  const { said } = await openInChild({ dataFolder })
  process.kill(postmasterOf(dataFolder), 'SIGKILL')
  let connections = 0
  const impostor = createServer((socket) => {
    connections++
    socket.destroy()
  })
  while (!(await listens(impostor, said.port))) await delay(20)
  // Several times as long as the claim waits before it is tried again.
  await delay(2000)
  impostor.close()
  expect(connections).toBe(0)
})

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
}

/** The session that holds the claim on a cluster. */
async function claimant(url: string): Promise<number | null> {
  const rows = await ask(url, "select pid from pg_locks where locktype = 'advisory' and granted")
  return (rows[0]?.pid as number | undefined) ?? null
}

describe('two on one data folder', () => {
  test('the second is refused and harms nothing; commands beside it find the server', async () => {
    const dataFolder = scratchFolder()
    const first = await openInChild({ dataFolder })
    await expect(openEmbeddedPostgres({ dataFolder, ...quick })).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(dataFolder),
    })
    const found = await findEmbeddedPostgres({ dataFolder })
    expect(found).toMatchObject({ adminUrl: first.said.adminUrl, port: first.said.port })
    expect(await ask(found!.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('that start at the same moment: one opens, the others are refused', async () => {
    const dataFolder = scratchFolder()
    const all = await Promise.all(Array.from({ length: 3 }, () => openInChild({ dataFolder })))
    expect(all.map(({ said }) => said.code ?? 'opened').sort()).toEqual([
      'DATA_FOLDER_IN_USE',
      'DATA_FOLDER_IN_USE',
      'opened',
    ])
    const opened = all.find(({ said }) => said.code === undefined)!
    expect(await ask(opened.said.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readdirSync(join(dataFolder, 'postgres')).sort()).toEqual(['cluster', 'password', 'server.log'])
  })

  test('nothing is found where nothing was opened', async () => {
    expect(await findEmbeddedPostgres({ dataFolder: join(scratchFolder(), 'none') })).toBeNull()
  })
})

test('Ctrl-C for the whole process group leaves Postgres up until requests have drained', async () => {
  const dataFolder = scratchFolder()
  const opened = await openInChild({ dataFolder })
  process.kill(-opened.child.pid!, 'SIGINT')
  expect(await opened.next()).toEqual({ drained: 1 })
  expect(await opened.next()).toEqual({ stopped: true })
  expect(await opened.ended).toBe(0)
  expect(await isServed(dataFolder)).toBe(false)
})

describe('comparisons of numeric', () => {
  const marked =
    "select bool_and(proleakproof) as marked from pg_proc where proname in ('numeric_eq', 'numeric_ne', 'numeric_lt', 'numeric_le', 'numeric_gt', 'numeric_ge', 'numeric_cmp')"

  test('are leakproof in every database made later', async () => {
    const postgres = await openEmbeddedPostgres({ dataFolder: scratchFolder(), ...quick })
    await ask(postgres.adminUrl, 'create database later')
    expect(await ask(inDatabase(postgres.adminUrl, 'later'), marked)).toEqual([{ marked: true }])
    await postgres.stop()
  })

  test('stay as they are where that was not wanted', async () => {
    const postgres = await openEmbeddedPostgres({ dataFolder: scratchFolder(), ...quick, leakproof: false })
    expect(await ask(postgres.adminUrl, marked)).toEqual([{ marked: false }])
    await postgres.stop()
  })
})

function filesHolding(folder: string, text: string): readonly string[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return paths
    .filter((path) => readFileSync(path, 'latin1').includes(text))
    .map((path) => path.slice(folder.length + 1))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}
