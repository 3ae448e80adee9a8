import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { acme } from '../server/shop.ts'
import { useLedgers, vouchersFolder } from '../stored/ledgers.ts'

const ledgers = useLedgers(vouchersFolder)
const level = { one: 240, many: 400 }

/** Numbers that are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

beforeAll(async () => {
  await ledgers().database.migrator.query(`alter database "${ledgers().database.name}" set deadlock_timeout = '20ms'`)
  await ledgers().load(`
    insert into app.article (name) select 'a' || n from generate_series(1, 4) n;
    insert into app.project (name, budget) select 'P' || n, 60 from generate_series(1, 3) n;
    insert into app.voucher (number, declared, project_id) select 'V' || n, 6, (select id from app.project offset n % 3 limit 1) from generate_series(1, 9) n;
    insert into app.posting (voucher_id, amount) select id, n from app.voucher, generate_series(1, 3) n`)
})

/** The rules in plain SQL, of the live rows that the tables hold, without any stored value. */
const broken = `
  with live as (select v.declared, v.most, v.project_id,
    (select coalesce(sum(p.amount), 0) from app.posting p where p.voucher_id = v.id) as s,
    (select count(*) from app.posting p where p.voucher_id = v.id) as n from app.voucher v)
  select 'what is declared is the sum of the lines' as title where exists (select from live where declared <> s)
  union all select 'it has a line' where exists (select from live where n < 1)
  union all select 'not more lines than allowed' where exists (select from live where n > most)
  union all select 'no more is spent than there is' where exists (select from app.project p
    where budget < (select coalesce(sum(s), 0) from live where live.project_id = p.id))`

const any = (table: string) => `(select id from app.${table} order by random() limit 1)`
const acts: readonly ((n: (below: number) => number) => readonly string[])[] = [
  (n) => [
    `insert into app.posting (voucher_id, amount, article_id) values (${any('voucher')}, ${n(4)}, ${any('article')})`,
  ],
  (n) => [`update app.posting set amount = ${n(5)} where id = ${any('posting')}`],
  () => [`update app.posting set voucher_id = ${any('voucher')} where id = ${any('posting')}`],
  () => [`delete from app.posting where id = ${any('posting')}`],
  () => [`select rowhouse_private.remove_posting(id) from app.posting where id = ${any('posting')}`],
  (n) => [`update app.voucher set declared = ${n(20)} where id = ${any('voucher')}`],
  (n) => [`update app.voucher set most = ${n(6) + 1} where id = ${any('voucher')}`],
  () => [`update app.voucher set project_id = ${any('project')} where id = ${any('voucher')}`],
  (n) => [`update app.project set budget = ${20 + n(90)} where id = ${any('project')}`],
  (n) => [
    `insert into app.voucher (number, declared, project_id) values ('N${n(1_000_000_000)}', 1, ${any('project')})`,
    `insert into app.posting (voucher_id, amount) select id, 1 from app.voucher order by created_at desc limit 1`,
  ],
  () => [`delete from app.article where id = ${any('article')}`, `insert into app.article (name) values ('new')`],
  () => [
    `select rowhouse_private.remove_voucher(id) from app.voucher where id = ${any('voucher')} and number like 'N%'`,
  ],
]
/** Often what was begun is brought to a good end. */
const mend = [
  'update app.voucher v set declared = (select coalesce(sum(amount), 0) from app.posting p where p.voucher_id = v.id)',
  'insert into app.posting (voucher_id, amount) select id, declared from app.voucher v where not exists (select from app.posting p where p.voucher_id = v.id)',
]

async function begin(client: Client): Promise<void> {
  await client.query('begin')
  await client.query(`set local role "${roleSetName(ledgers().database.names.prefix, ['boss'])}"`)
  await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
}

async function statements(client: Client, n: (below: number) => number): Promise<void> {
  for (let left = n(3) + 1; left > 0; left--) for (const each of acts[n(acts.length)]!(n)) await client.query(each)
  if (n(2) === 0) for (const each of mend) await client.query(each)
}

const titleOf = (error: unknown) => /breaks the rule "(.*)"/.exec((error as Error).message)?.[1] ?? String(error)

test('a transaction commits exactly where plain SQL finds that every rule is kept', { timeout: 600_000 }, async () => {
  const client = await ledgers().database.connect(ledgers().database.loginUrl)
  const n = numbers(7)
  const seen = { kept: 0, refused: 0 }
  try {
    for (let at = 0; at < level.one; at++) {
      await begin(client)
      await statements(client, n)
      const wrong = (await client.query<{ readonly title: string }>(broken)).rows.map(({ title }) => title)
      const refusal = await client.query('commit').then(() => null, titleOf)
      if (wrong.length === 0) expect(refusal).toBeNull()
      else expect(wrong).toContain(refusal)
      seen[wrong.length === 0 ? 'kept' : 'refused']++
    }
  } finally {
    await client.end()
  }
  console.log(seen)
  expect(Math.min(seen.kept, seen.refused)).toBeGreaterThan(20)
})

test('whatever several do at once, what is kept breaks no rule', { timeout: 600_000 }, async () => {
  const { database } = ledgers()
  const clients = await Promise.all([1, 2, 3, 4, 5].map(() => database.connect(database.loginUrl)))
  const counts = { kept: 0, refused: 0, gaveWay: 0 }
  const codes: Readonly<Record<string, 'refused' | 'gaveWay'>> = {
    '23514': 'refused',
    '40P01': 'gaveWay',
    '40001': 'gaveWay',
  }
  try {
    await Promise.all(
      clients.map(async (client, at) => {
        const n = numbers(at + 20)
        while (counts.kept + counts.refused < level.many) {
          try {
            await begin(client)
            await statements(client, n)
            await client.query('commit')
            counts.kept++
          } catch (error) {
            await client.query('rollback')
            const { code = '' } = error as { readonly code?: string }
            // Rows that went meanwhile.
            if (codes[code] !== undefined) counts[codes[code]]++
            else if (!/^(23|P0|RH)/.test(code)) throw error
          }
        }
      }),
    )
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
  console.log(counts)
  expect(await ledgers().run(broken)).toEqual([])
  expect(await ledgers().drift()).toEqual([])
})
