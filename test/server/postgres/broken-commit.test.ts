import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { RequestError } from '#base'
import { isLost } from '../../../server/postgres/connection-errors.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { useBreakableLine } from '../../support/breakable-line.ts'
import { useDatabase } from '../../support/database.ts'

const database = useDatabase()
const line = useBreakableLine()
const gate = 4712
let pool: RequestPool
let admin: pg.Client

beforeAll(async () => {
  await database().asOwner(async (owner) => {
    await owner.query(`create table app.note (text text); grant select, insert on app.note to public;
      grant usage on schema app to public`)
    await owner.query(`create function app.wait_at_gate() returns trigger language plpgsql as
      $$ begin perform pg_catalog.pg_advisory_xact_lock(${gate}); return null; end $$`)
    await owner.query(`create constraint trigger wait_at_gate after insert on app.note deferrable initially deferred
      for each row when (new.text like 'gated%') execute function app.wait_at_gate()`)
  })
})
beforeEach(async () => {
  pool = new RequestPool({ connectionString: line().through(database().loginUrl), max: 1 })
  admin = await database().connect(database().loginUrl)
})
afterEach(async () => {
  line().hold(false)
  await Promise.all([pool.close(), admin.end()])
})

function visitor(): RequestSettings {
  return { role: database().names.anonymous, 'rowhouse.tenant_id': '', 'rowhouse.actor_id': '' }
}

/** All of a change in one round trip: the order to keep it waits for nothing. */
async function inOneTrip(text: string): Promise<void> {
  const settings = visitor()
  const transaction = pool.begin(settings, { access: 'write' })
  const query = { text: 'insert into app.note values ($1)', values: [text] }
  await transaction.withPgClient(settings, (client) => client.send(query))
  await transaction.end({ isKept: true })
}

async function countOf(text: string): Promise<number> {
  const { rows } = await database().asOwner((owner) => owner.query('select from app.note where text = $1', [text]))
  return rows.length
}

/** Ends what the login runs, or what it does not. */
async function end(condition: string): Promise<void> {
  const text = `select pg_terminate_backend(pid, 5000) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and ${condition}`
  await expect.poll(async () => (await admin.query(text)).rows).toEqual([{ ended: true }])
}

test('a change in one round trip is kept', async () => {
  await inOneTrip('kept')
  expect(await countOf('kept')).toBe(1)
})

test('one whose backend is ended while it is kept is known to be undone: its id came first', async () => {
  await admin.query('select pg_advisory_lock($1)', [gate])
  const told = inOneTrip('gated').catch((error: unknown) => error)
  await end(`wait_event = 'advisory'`)
  await admin.query('select pg_advisory_unlock($1)', [gate])
  expect([isLost(await told), await countOf('gated')]).toEqual([true, 0])
})

test('one that met a backend that had been ended is known to be undone, without an id', async () => {
  await inOneTrip('first')
  line().hold(true)
  await end(`state = 'idle' and application_name <> 'rowhouse test'`)
  const sent = line().heard('commit\0')
  const told = inOneTrip('too late').catch((error: unknown) => error)
  await sent
  line().hold(false)
  expect([isLost(await told), await countOf('too late')]).toEqual([true, 0])
})

test('one whose line broke before its id came is what nobody knows', async () => {
  line().cutBehind('commit\0')
  const told = await inOneTrip('doubted').catch((error: unknown) => error)
  expect(told).toBeInstanceOf(RequestError)
  expect(told).toMatchObject({ code: 'UNAVAILABLE', extensions: { outcome: 'unknown' } })
})

test('a network that is gone without a word is noticed', async () => {
  await inOneTrip('warm')
  const impatient = new RequestPool({
    connectionString: line().through(database().loginUrl),
    max: 1,
    statementTimeoutMs: 300,
  })
  const settings = visitor()
  await impatient.withPgClient(settings, (client) => client.query({ text: 'select 1' }))
  line().hold(true)
  const silent = impatient.withPgClient(settings, (client) => client.query({ text: 'select 1' }))
  await expect(silent).rejects.toSatisfy(isLost)
  line().hold(false)
  await impatient.withPgClient(settings, (client) => client.query({ text: 'select 1' }))
  await impatient.close()
})
