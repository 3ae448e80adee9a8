import { describe, expect, test } from 'vitest'
import { withinOne } from '../../support/within-one.ts'
import { acme, ann, globex, useWarehouse } from './warehouse.ts'

const house = useWarehouse()

async function makeOrders(count: number, tenant = acme): Promise<readonly { number: string; invoice: string }[]> {
  const company = await house().make('company', { name: 'Company' }, { tenant })
  const given = { title: 'Order', company_id: company }
  const ids = await Promise.all(Array.from({ length: count }, () => house().make('order', given, { tenant })))
  return house().see('select number, invoice from app."order" where id = any ($1) order by number', [ids])
}

const withinOneYear = (body: (year: number) => Promise<void>) =>
  withinOne('year', house().database, (beginning) => body(Number(beginning.slice(0, 4))))

const digits = (text: string) => Number(/\d+$/.exec(text)![0])

/** The series of a tenant that no other test uses. */
async function makeTenant(): Promise<string> {
  const [row] = await house().see(
    `insert into rowhouse.tenant (slug, name) values (gen_random_uuid()::text, 'Another') returning id`,
  )
  return row.id
}

describe('numbers', () => {
  test('count by tenant, from 1, each in its own series', () =>
    withinOneYear(async (year) => {
      const [tenant, other] = [await makeTenant(), await makeTenant()]
      expect(await makeOrders(1, tenant)).toEqual([{ number: `SO-${year}-0001`, invoice: 'INV-001' }])
      expect(await makeOrders(1, tenant)).toEqual([{ number: `SO-${year}-0002`, invoice: 'INV-002' }])
      expect(await makeOrders(1, other)).toEqual([{ number: `SO-${year}-0001`, invoice: 'INV-001' }])
    }))

  test('are different, and without gaps, when 20 are made at once', async () => {
    const tenant = await makeTenant()
    const made = await makeOrders(20, tenant)
    expect(new Set(made.map(({ number }) => number)).size).toBe(20)
    const invoices = made.map(({ invoice }) => digits(invoice)).sort((a, b) => a - b)
    expect(invoices).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  test('of a transaction that fails are given to the next where there are no gaps', async () => {
    const tenant = await makeTenant()
    const company = await house().make('company', { name: 'Company' }, { tenant })
    await makeOrders(1, tenant)
    const failing = house().database.asActor({ roles: ['clerk'], tenant, actor: ann }, async (client) => {
      await client.query(`select rowhouse.create_row('app."order"', $1)`, [{ title: 'Lost', company_id: company }])
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect((await makeOrders(1, tenant)).map(({ invoice }) => invoice)).toEqual(['INV-002'])
  })

  test('nobody waits for a number that may leave gaps; for one without gaps the next one waits', async () => {
    const tenant = await makeTenant()
    const project = await house().make('project', { name: 'Project' }, { tenant })
    const ticket = { kind: 'bug', project_id: project }
    await house().make('ticket', ticket, { tenant })
    const actor = { roles: ['clerk'], tenant, actor: ann }
    await house().database.asActor(actor, async (client) => {
      await client.query(`select rowhouse.create_row('app.ticket', $1)`, [ticket])
      // The transaction above is still open.
      await house().make('ticket', ticket, { tenant })
      await house().make('ticket', ticket, { tenant })
    })
    const numbers = await house().see('select number from app.ticket where project_id = $1 order by 1', [project])
    expect(numbers.map((row) => row.number)).toEqual(['bug.1', 'bug.2', 'bug.3', 'bug.4'])

    await makeOrders(1, tenant)
    const company = await house().make('company', { name: 'Company' }, { tenant })
    const order = { title: 'Order', company_id: company }
    await house().database.asActor(actor, async (client) => {
      await client.query(`select rowhouse.create_row('app."order"', $1)`, [order])
      const waiting = house().database.asActor(actor, async (second) => {
        await second.query("set local lock_timeout = '200ms'")
        await second.query(`select rowhouse.create_row('app."order"', $1)`, [order])
      })
      await expect(waiting).rejects.toMatchObject({ code: '55P03' })
    })
  })

  test('a transaction that makes many leaves none to anybody else', async () => {
    const tenant = await makeTenant()
    const project = await house().make('project', { name: 'Project' }, { tenant })
    const many = () =>
      house().run(
        `insert into app.ticket (kind, project_id) select 'bug', $1 from generate_series(1, 150)`,
        [project],
        { tenant },
      )
    const ticket = () => house().make('ticket', { kind: 'bug', project_id: project }, { tenant })
    await Promise.all([many(), ...Array.from({ length: 10 }, ticket)])
    const rows = await house().see('select count(distinct number)::int as n from app.ticket where project_id = $1', [
      project,
    ])
    expect(rows).toEqual([{ n: 160 }])
  })

  test('count by what the series is per', async () => {
    const tenant = await makeTenant()
    const [one, two] = [
      await house().make('project', { name: 'One' }, { tenant }),
      await house().make('project', { name: 'Two' }, { tenant }),
    ]
    for (const [project_id, kind] of [
      [one, 'bug'],
      [one, 'bug'],
      [one, 'wish'],
      [two, 'bug'],
    ])
      await house().make('ticket', { kind, project_id }, { tenant })
    const rows = await house().see(
      'select t.number from app.ticket t where t.project_id = any ($1) order by t.created_at, t.id',
      [[one, two]],
    )
    expect(rows.map((row) => row.number)).toEqual(['bug.1', 'bug.2', 'wish.1', 'bug.1'])
  })

  test('continue behind those that are there, and pass over those that are taken', () =>
    withinOneYear(async (year) => {
      const tenant = await makeTenant()
      const company = await house().make('company', { name: 'Company' }, { tenant })
      const load = (number: string, invoice: string) =>
        house().see(
          `insert into app."order" (tenant_id, number, invoice, title, company_id) values ($1, $2, $3, 'Loaded', $4)`,
          [tenant, number, invoice, company],
        )
      await load(`SO-${year}-0041`, 'INV-998')
      await load(`SO-${year - 1}-0900`, 'other')
      expect(await makeOrders(2, tenant)).toEqual(
        [
          { number: `SO-${year}-0042`, invoice: 'INV-999' },
          // More digits than the pattern asks for are not cut.
          { number: `SO-${year}-0043`, invoice: 'INV-1000' },
        ].map((each) => ({ number: each.number, invoice: expect.stringMatching(/^INV-(999|1000)$/) })),
      )
      await load(`SO-${year}-0044`, 'INV-1001')
      expect(await makeOrders(1, tenant)).toEqual([{ number: `SO-${year}-0045`, invoice: 'INV-1002' }])
    }))

  test('of removed rows are not given again', async () => {
    const tenant = await makeTenant()
    const [first] = await makeOrders(1, tenant)
    await house().see(`update app."order" set deleted_at = now() where tenant_id = $1`, [tenant])
    const again = house().see(
      `insert into app."order" (tenant_id, number, invoice, title, company_id) select tenant_id, number, 'x', title, company_id from app."order" where tenant_id = $1`,
      [tenant],
    )
    await expect(again).rejects.toMatchObject({ code: '23505' })
    expect(first!.invoice).toBe('INV-001')
  })

  test('of a transition are missing until then', async () => {
    const project = await house().make('project', { name: 'Project' })
    const id = await house().make('ticket', { kind: 'bug', project_id: project })
    expect(await house().see('select done from app.ticket where id = $1', [id])).toEqual([{ done: null }])
  })
})

describe('attacks', () => {
  test('nobody writes a number', async () => {
    const company = await house().make('company', { name: 'Company' })
    const given = { title: 'Order', company_id: company, number: 'SO-1' }
    await expect(house().make('order', given)).rejects.toMatchObject({ code: '42501' })
    const id = await house().make('order', { title: 'Order', company_id: company })
    const change = `select rowhouse.update_row('app."order"', $1, $2)`
    for (const column of ['number', 'invoice']) {
      await expect(
        house().run(change, [JSON.stringify({ id }), JSON.stringify({ [column]: 'X' })]),
      ).rejects.toMatchObject({
        code: '42501',
      })
    }
  })

  test('nobody reads or moves the counters', async () => {
    for (const text of [
      'select * from rowhouse.counter',
      'update rowhouse.counter set value = 0',
      'delete from rowhouse.counter',
      'select rowhouse.claim_number(1, 1)',
    ]) {
      await expect(house().run(text)).rejects.toMatchObject({ code: '42501' })
    }
  })

  test("the functions that count see no other tenant's counters", async () => {
    await makeOrders(1, acme)
    await makeOrders(1, globex)
    const { names } = house().database
    const found = await house().database.asRole(
      names.private,
      async (client) => (await client.query('select distinct tenant_id from rowhouse.counter')).rows,
      { 'rowhouse.tenant_id': acme },
    )
    expect(found).toEqual([{ tenant_id: acme }])
  })
})
