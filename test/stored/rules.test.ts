import { beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../server/shop.ts'
import { bo, useLedgers, vouchersFolder } from './ledgers.ts'

const ledgers = useLedgers(vouchersFolder)
const run = (text: string) => ledgers().run(text)
const id = (n: number) => `00000000-0000-7000-a000-${String(n).padStart(12, '0')}`
const project = id(1)
const [first, other] = ['A', 'B'] as const

/** What Postgres says of a rule that is broken, and of nothing else. */
const breaks = (title: string) => ({
  code: '23514',
  message: expect.stringContaining(`breaks the rule "${title}"`),
})
const sum = 'what is declared is the sum of the lines'

/** One transaction of a boss. */
const inOne = (...statements: readonly string[]) =>
  ledgers().database.asActor({ roles: ['boss'], tenant: acme, actor: bo }, async (client) => {
    for (const each of statements) await client.query(each)
  })

const voucher = (of: string, declared: number) =>
  `insert into app.voucher (number, declared, project_id) values ('${of}', ${declared}, '${project}')`
const posting = (of: string, amount: number) =>
  `insert into app.posting (voucher_id, amount) select id, ${amount} from app.voucher where number = '${of}'`

beforeEach(async () => {
  await ledgers().database.asOwner((client) => client.query('delete from app.project; delete from app.article'))
  await ledgers().load(`insert into app.project (id, name, budget) values ('${project}', 'P', 100)`)
  await inOne(voucher(first, 30), posting(first, 10), posting(first, 20))
})

describe('a rule that looks at other rows', () => {
  test('is asked when the transaction commits, whatever the order of what it does', async () => {
    await inOne(posting(first, 5), `update app.voucher set declared = 35 where number = '${first}'`)
    await inOne(`update app.voucher set declared = 20`, `delete from app.posting where amount in (5, 10)`)
    expect(await run('select declared, sum, line_count from app.voucher')).toEqual([
      { declared: '20.00', sum: '20.00', line_count: 1 },
    ])
  })

  test('refuses what breaks it, on either side, with its title', async () => {
    await expect(run(posting(first, 5))).rejects.toMatchObject(breaks(sum))
    await expect(run('update app.voucher set declared = 31')).rejects.toMatchObject(breaks(sum))
    await expect(run('delete from app.posting where amount = 10')).rejects.toMatchObject(breaks(sum))
    await expect(inOne(voucher(other, 0))).rejects.toMatchObject(breaks('it has a line'))
    await expect(inOne('update app.voucher set most = 1')).rejects.toMatchObject(breaks('not more lines than allowed'))
    expect(await run('select declared, sum from app.voucher')).toEqual([{ declared: '30.00', sum: '30.00' }])
  })

  test('reaches over two relations', async () => {
    await expect(inOne(posting(first, 80), 'update app.voucher set declared = 110')).rejects.toMatchObject(
      breaks('no more is spent than there is'),
    )
    await expect(run('update app.project set budget = 29')).rejects.toMatchObject(
      breaks('no more is spent than there is'),
    )
    await inOne(posting(first, 80), 'update app.voucher set declared = 110', 'update app.project set budget = 110')
  })

  test('holds for lines that move, are removed, come back, and go by a cascade', async () => {
    await inOne(voucher(other, 7), posting(other, 7))
    await expect(
      run(
        `update app.posting set voucher_id = (select id from app.voucher where number = '${other}') where amount = 10`,
      ),
    ).rejects.toMatchObject(breaks(sum))
    await expect(
      run('select rowhouse_private.remove_posting(id) from app.posting where amount = 10'),
    ).rejects.toMatchObject(breaks(sum))
    await ledgers().load(`insert into app.article (id, name) values ('${id(9)}', 'nut')`)
    await run(`update app.posting set article_id = '${id(9)}' where amount = 20`)
    await expect(run(`delete from app.article`)).rejects.toMatchObject(breaks(sum))
    await inOne(`delete from app.article`, `update app.voucher set declared = 10 where number = '${first}'`)
  })

  test('lets whole rows go with all that belongs to them, and asks again when they come back', async () => {
    const found = String((await run('select id from app.voucher'))[0]!.id)
    await run(`select rowhouse_private.remove_voucher('${found}')`)
    await run(`select rowhouse_private.restore_voucher('${found}')`)
    await run(`select rowhouse_private.remove_voucher('${found}')`)
    await ledgers().load(`update app.voucher set declared = 31 where number = '${first}'`)
    await expect(run(`select rowhouse_private.restore_voucher('${found}')`)).rejects.toMatchObject(breaks(sum))
    await run(`delete from app.project`)
  })

  test('binds the owner and rows of every tenant', async () => {
    await expect(ledgers().load(posting(first, 1))).rejects.toMatchObject(breaks(sum))
    const twins = `insert into app.project (tenant_id, id, name, budget) select id, '${id(20)}', 'T', 100 from rowhouse.tenant;
      insert into app.voucher (tenant_id, id, number, declared, project_id) select id, '${id(21)}', 'T', 3, '${id(20)}' from rowhouse.tenant;
      insert into app.posting (tenant_id, voucher_id, amount) select id, '${id(21)}', case slug when 'acme' then 3 else $1 end from rowhouse.tenant`
    const load = (amount: number) =>
      ledgers().database.asOwner((client) => client.query(twins.replace('$1', String(amount))))
    await expect(load(4)).rejects.toMatchObject(breaks(sum))
    await load(3)
  })

  test('cannot be put off by whoever writes', async () => {
    const rules = await ledgers().database.asOwner((client) =>
      client.query<{ readonly name: string }>(`select conname as name from pg_constraint where contype = 't'`),
    )
    expect(rules.rows).toHaveLength(4)
    for (const attack of [
      'set constraints all deferred',
      'set local session_replication_role = replica',
      'alter table app.voucher disable trigger user',
      `set local rowhouse.tenant_id = '${id(77)}'`,
      `set local rowhouse.tenant_id = ''`,
      'savepoint a; release savepoint a',
    ])
      await expect(inOne(posting(first, 1), attack)).rejects.toMatchObject({
        code: expect.stringMatching(/^(23514|42501)$/),
      })
  })

  test('is asked at once where the caller asks for that', async () => {
    await expect(inOne('set constraints all immediate', posting(first, 1))).rejects.toMatchObject(breaks(sum))
  })
})
