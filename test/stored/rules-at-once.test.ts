import type { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { acme } from '../server/shop.ts'
import { isSomebodyWaiting } from '../support/lock-waits.ts'
import { useLedgers, vouchersFolder } from './ledgers.ts'

const ledgers = useLedgers(vouchersFolder)
let clients: readonly Client[] = []

beforeEach(async () => {
  const { database } = ledgers()
  await database.asOwner((client) => client.query('delete from app.project'))
  await ledgers().load(`
    insert into app.project (name, budget) values ('P', 100);
    insert into app.voucher (number, declared, most, project_id) select n, 10, 2, id from app.project, unnest(array['A', 'B']) n;
    insert into app.posting (voucher_id, amount) select id, 10 from app.voucher`)
  clients = await Promise.all([1, 2].map(() => database.connect(database.loginUrl)))
})
afterEach(() => Promise.all(clients.map((client) => client.end())))

async function begin(client: Client, level: string): Promise<void> {
  await client.query(`begin isolation level ${level}`)
  await client.query(`set local role "${roleSetName(ledgers().database.names.prefix, ['boss'])}"`)
  await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
}

/** Both have begun and know what was there before either has done anything. */
async function both(level: string, acts: readonly [readonly string[], readonly string[]]): Promise<readonly string[]> {
  for (const client of clients) {
    await begin(client, level)
    await client.query('select count(*) from app.posting')
  }
  const [one, other] = clients as [Client, Client]
  const done = async (client: Client, statements: readonly string[]) => {
    try {
      for (const each of statements) await client.query(each)
      await client.query('commit')
      return 'kept'
    } catch (error) {
      await client.query('rollback')
      return (error as { readonly code: string }).code
    }
  }
  // The other does all that it has to do while the first one is not done yet; where it has to wait for that, it waits.
  const [first, ...rest] = acts[0]
  await one.query(first!)
  const ending = done(other, acts[1])
  await expect.poll(() => isWaitingOrDone(ending)).toBe(true)
  const outcome = await done(one, rest)
  return [outcome, await ending]
}

async function isWaitingOrDone(ending: Promise<string>): Promise<boolean> {
  const [waits, isDone] = await Promise.all([
    isSomebodyWaiting(ledgers().database.migrator),
    Promise.race([ending.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 20, false))]),
  ])
  return isDone || waits
}

const posting = (amount: number) =>
  `insert into app.posting (voucher_id, amount) select id, ${amount} from app.voucher where number = 'A'`
const broken = async () =>
  (
    await ledgers().run(
      `select v.number from app.voucher v where declared <> (select coalesce(sum(amount), 0) from app.posting p where p.voucher_id = v.id and p.deleted_at is null)
        or most < (select count(*) from app.posting p where p.voucher_id = v.id and p.deleted_at is null)`,
    )
  ).map(({ number }) => number)

const refused = { 'read committed': '23514', 'repeatable read': '40001', serializable: '40001' } as const

test.each(Object.entries(refused))(
  'two that each add the last line allowed: one is refused, %s',
  async (level, code) => {
    const add = [posting(0)]
    expect(await both(level, [add, add])).toEqual(['kept', code])
    expect(await broken()).toEqual([])
  },
)

test.each(Object.entries(refused))(
  'one changes a sum, one what it is held against: one is refused, %s',
  async (level, code) => {
    const [line, declared] = [posting(5), `update app.voucher set declared = 15 where number = 'A'`]
    const lower = `update app.voucher set declared = 10.00, most = 3 where number = 'A'`
    expect(await both(level, [[line, declared], [lower]])).toEqual(['kept', code])
    expect(await broken()).toEqual([])
  },
)

test('two vouchers of one project that together spend more than there is: one is refused', async () => {
  const spend = (number: string) => [
    `insert into app.posting (voucher_id, amount) select id, 45 from app.voucher where number = '${number}'`,
    `update app.voucher set declared = 55 where number = '${number}'`,
  ]
  expect(await both('read committed', [spend('A'), spend('B')])).toEqual(['kept', '23514'])
  expect(await ledgers().run('select spent <= budget as keeps from app.project')).toEqual([{ keeps: true }])
  expect(await ledgers().drift()).toEqual([])
})
