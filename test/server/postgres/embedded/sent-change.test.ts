import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../../../server/postgres/embedded/index.ts'
import { type SentChange, settleChange } from '../../../../server/postgres/sent-change.ts'
import { knownLine, learnLine } from '../../../../server/postgres/server-line.ts'
import { ask, endScratch, postmasterOf, scratchFolder } from './scratch.ts'

let dataFolder = ''
let postgres: EmbeddedPostgres
let url = ''
// Commits are answered before they are on disk, and stay in memory for seconds: a crash loses them.
const open = () => openEmbeddedPostgres({ dataFolder, durable: false, settings: { wal_writer_delay: '10s' } })
beforeAll(async () => {
  dataFolder = scratchFolder()
  postgres = await open()
  await ask(
    postgres.adminUrl,
    `create role plain login password 'plain'; create table note (text text); grant insert on note to plain`,
  )
  url = Object.assign(new URL(postgres.adminUrl), { username: 'plain', password: 'plain' }).href
})
afterAll(async () => {
  await postgres?.stop()
  await endScratch()
})

/** Told to be kept, as a login that owns nothing. */
async function change(text: string, end: 'commit' | 'rollback'): Promise<SentChange> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await learnLine(client)
    await client.query('begin')
    const { rows } = await client.query<{ id: string }>('select pg_current_xact_id() as id')
    await client.query('insert into note values ($1)', [text])
    await client.query(end)
    return { id: rows[0]!.id, line: knownLine(client), hasNotBegun: false }
  } finally {
    await client.end()
  }
}

async function settle(change: SentChange) {
  const pool = new pg.Pool({ connectionString: url, max: 1, pipeline: true } as never)
  pool.on('error', () => undefined)
  try {
    return await settleChange(change, { connect: () => pool.connect(), patienceMs: 30_000, signal: null })
  } finally {
    await pool.end()
  }
}

async function statusOf({ id }: SentChange): Promise<unknown> {
  return (await ask(postgres.adminUrl, `select pg_xact_status('${id}') as status`))[0]!.status
}

const isThere = async (text: string) =>
  (await ask(postgres.adminUrl, `select from note where text = '${text}'`)).length === 1

/** The postmaster lives on, and starts Postgres again. */
async function crash(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  const { pid } = (await client.query('select pg_backend_pid() as pid')).rows[0]
  const ended = new Promise((resolve) => client.once('end', resolve))
  process.kill(pid, 'SIGKILL')
  await ended
}

test('after a restart in order Postgres still tells what became of a change', async () => {
  const kept = await change('kept', 'commit')
  const undone = await change('undone', 'rollback')
  await postgres.stop()
  const asked = Promise.all([settle(kept), settle(undone)])
  postgres = await open()
  expect(await asked).toEqual(['kept', 'undone'])
  expect(await isThere('kept')).toBe(true)
})

test('a crash loses a change, and its id is given again: nobody takes the change of somebody else for it', async () => {
  const postmaster = postmasterOf(dataFolder)
  const lost = await change('lost', 'commit')
  expect(await settle(lost)).toBe('kept')
  await crash()
  // Nobody has its id yet.
  expect(await settle(lost)).toBe('undone')
  expect([await isThere('lost'), postmasterOf(dataFolder)]).toEqual([false, postmaster])
  let last = await change('of somebody else', 'commit')
  while (BigInt(last.id!) < BigInt(lost.id!)) last = await change('of somebody else', 'commit')
  expect(await statusOf(lost)).toBe('committed')
  expect(await settle(lost)).toBe('unknown')
  expect(await settle(last)).toBe('kept')
})

test('what was on disk when Postgres crashed is not said to be undone', async () => {
  const kept = await change('on disk', 'commit')
  await ask(postgres.adminUrl, 'checkpoint')
  await crash()
  expect([await settle(kept), await isThere('on disk')]).toEqual(['unknown', true])
})

test('another cluster, and an id that Postgres has forgotten, tell nothing', async () => {
  const kept = await change('kept here', 'commit')
  const { line } = kept
  expect(await settle({ ...kept, line: { ...line!, cluster: '1' } })).toBe('unknown')
  expect(await settle({ ...kept, id: '3' })).toBe('unknown')
  expect(await settle({ ...kept, line: null })).toBe('unknown')
  expect(await settle({ ...kept, id: null })).toBe('unknown')
  expect(await settle({ ...kept, id: null, hasNotBegun: true })).toBe('undone')
})
