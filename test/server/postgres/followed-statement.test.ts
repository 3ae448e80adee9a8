import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { FollowedStatement } from '../../../server/postgres/followed-statement.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { ClientQuery, RequestClient, RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { useBreakableLine } from '../../support/breakable-line.ts'
import { useDatabase } from '../../support/database.ts'

const database = useDatabase()
const line = useBreakableLine()
let pool: RequestPool
let together = 0

beforeAll(async () => {
  await database().asOwner(async (owner) => {
    await owner.query(`create table app.word (text text primary key); grant select, insert on app.word to public;
      grant usage on schema app to public`)
  })
})
beforeEach(async () => {
  pool = new RequestPool({ connectionString: line().through(database().loginUrl), max: 1 })
  const prefix = FollowedStatement.prototype.prefix
  vi.spyOn(FollowedStatement.prototype, 'prefix').mockImplementation(function (this: FollowedStatement, ...given) {
    together++
    return prefix.apply(this, given)
  })
  // What is sent for the third time is prepared.
  for (const text of ['one', 'two']) await change([insertion(`${text} ${Math.random()}`), selection])
  together = 0
})
afterEach(async () => {
  vi.restoreAllMocks()
  line().hold(false)
  await pool.close()
})

const insertion = (text: string): ClientQuery => ({
  text: 'insert into app.word values ($1)',
  name: 'insert_word',
  values: [text],
  isFollowed: true,
})
const selection: ClientQuery = { text: 'select count(*)::text from app.word', name: 'words', arrayMode: true }
const failing: ClientQuery = { text: "select 'x'::text::integer", arrayMode: true }

/** Sends all without waiting, and the order to keep it; what became of each, and of the end. */
async function change(queries: readonly ClientQuery[]) {
  const settings: RequestSettings = {
    role: database().names.anonymous,
    'rowhouse.tenant_id': '',
    'rowhouse.actor_id': '',
  }
  const transaction = pool.begin(settings, { access: 'write' })
  const work = async (client: RequestClient) => await Promise.allSettled(queries.map((query) => client.query(query)))
  const answers = await transaction.withPgClient(settings, work)
  const ended = await transaction.end({ isKept: true }).then(
    () => 'kept',
    (error: { code?: unknown }) => error.code,
  )
  const told = answers.map((answer) => {
    if (answer.status === 'rejected') return answer.reason.code
    return answer.value.rows.length === 0 ? answer.value.rowCount : 'rows'
  })
  return { told, ended }
}

async function has(text: string): Promise<boolean> {
  const { rows } = await database().asOwner((owner) => owner.query('select from app.word where text = $1', [text]))
  return rows.length === 1
}

test('what follows is answered together with it', async () => {
  expect(await change([insertion('kept'), selection])).toEqual({ told: [1, 'rows'], ended: 'kept' })
  expect(together).toBe(1)
  expect(await has('kept')).toBe(true)
})

test.each([
  ['nothing', [], [1]],
  ['another of its kind', [insertion('another'), selection], [1, 1, 'rows']],
  ['what is not prepared', [{ text: 'select 1' }], [1, 'rows']],
])('where %s follows, it is done all the same', async (name, others, told) => {
  expect(await change([insertion(`before ${name}`), ...others])).toEqual({ told, ended: 'kept' })
  expect(await has(`before ${name}`)).toBe(true)
})

test('where it fails, it says why, and what follows that it is undone', async () => {
  await change([insertion('there')])
  const failed = { told: ['23505', 'ROLLED_BACK', 'ROLLED_BACK'], ended: '23505' }
  expect(await change([insertion('there'), selection, selection])).toEqual(failed)
  expect(together).toBe(1)
  expect(await change([insertion('next'), selection])).toEqual({ told: [1, 'rows'], ended: 'kept' })
})

test('where what follows fails, nothing is kept', async () => {
  expect(await change([insertion('lost'), failing])).toEqual({ told: [1, '22P02'], ended: '22P02' })
  expect(together).toBe(1)
  expect(await has('lost')).toBe(false)
})

test('where the connection breaks, both say so', async () => {
  line().hold(true)
  const changed = change([insertion('broken'), selection])
  await expect.poll(() => together).toBe(1)
  line().cut()
  const { told } = await changed
  expect(told[0]).toEqual(told[1])
  expect(await has('broken')).toBe(false)
})
