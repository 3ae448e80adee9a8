import { describe, expect, test } from 'vitest'
import { acme, ann, globex, north, refresh, south, useFigures } from './figures.ts'

const app = useFigures()
const chief = { sub: ann, tenant: acme, roles: ['chief'] }
const analyst = { ...chief, roles: ['analyst'] }
const list = '{ figures { totalCount nodes { count total latest share refreshedAt store { name } } } }'
const figures = async (who: { sub: string; tenant: string; roles: string[] } = chief) => {
  const { data, errors } = await app().ask(who, list)
  expect(errors).toEqual([])
  return data.figures.nodes as readonly { total: string; refreshedAt: string; store: { name: string } | null }[]
}
const totals = async (who = chief) =>
  (await figures(who)).map(({ store, total }) => `${store?.name ?? 'gone'} ${total}`)
const stored = async (tenant = acme) =>
  app().database.asRole(
    app().database.names.owner,
    async (client) => (await client.query('select store_id, xmin::text from app.figure__rows order by 1')).rows,
    { 'rowhouse.tenant_id': tenant },
  )
const sell = async (label: string, store: string = south, amount = '3.00') => {
  const mutation = 'mutation ($sale: SaleInput!) { createSale(input: { sale: $sale }) { id } }'
  const sale = { label, storeId: store, soldOn: '2026-02-01', amount }
  expect((await app().ask(chief, mutation, { sale })).errors).toEqual([])
}

describe('rows that are kept', () => {
  test('are none before the first time, then those of that moment until the next', async () => {
    expect(await totals()).toEqual([])
    const done = await refresh(app())
    expect(done.map(({ report, tenant, rows, fault }) => [report, tenant, rows, fault])).toEqual([
      ['Figure', 'acme', 2, null],
      ['Price', 'acme', 3, null],
      ['Figure', 'globex', 1, null],
      ['Price', 'globex', 1, null],
    ])
    const before = await figures()
    expect(before).toMatchObject([
      { count: '2', total: '150.15', latest: '2026-01-10', share: '50.05', store: { name: 'North' } },
      { count: '1', total: '7.00', share: '2.33', store: { name: 'South' } },
    ])
    expect(await totals(analyst)).toEqual(['North 150.15'])
    expect(await totals({ ...chief, tenant: globex })).toEqual(['Foreign 9000.00'])
    await sell('d')
    expect(await figures()).toEqual(before)

    const written = await stored()
    await refresh(app(), { tenant: acme })
    expect(await totals()).toEqual(['North 150.15', 'South 10.00'])
    const [first] = await figures()
    expect(Date.parse(first!.refreshedAt)).toBeGreaterThan(Date.parse(before[0]!.refreshedAt))
    // What is as it was is not written again.
    const now = await stored()
    expect(now.find((row) => row.store_id === north)).toEqual(written.find((row) => row.store_id === north))
    expect(now.find((row) => row.store_id === south)).not.toEqual(written.find((row) => row.store_id === south))
  })

  test('are found, filtered and ordered, also by the moment; and go when the select has them no more', async () => {
    const { data, errors } = await app().ask(
      chief,
      `query ($id: UUID!) {
        figure(storeId: $id) { total }
        store(id: $id) { figures { nodes { total } } }
        large: figures(filter: { total: { greaterThan: "100" }, refreshedAt: { greaterThan: "2026-01-01T00:00:00Z" } }) { totalCount }
        none: figures(filter: { refreshedAt: { lessThan: "2026-01-01T00:00:00Z" } }, orderBy: [REFRESHED_AT_DESC]) { totalCount }
        figures { aggregates { sum { total } } }
      }`,
      { id: north },
    )
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      figure: { total: '150.15' },
      store: { figures: { nodes: [{ total: '150.15' }] } },
      large: { totalCount: 1 },
      none: { totalCount: 0 },
      figures: { aggregates: { sum: { total: '160.15' } } },
    })
    const sales = await app().ask(
      chief,
      'query ($id: UUID!) { sales(filter: { storeId: { equalTo: $id } }) { nodes { id } } }',
      { id: south },
    )
    for (const { id } of sales.data.sales.nodes)
      await app().ask(chief, 'mutation ($id: UUID!) { removeSale(input: { id: $id }) { id } }', { id })
    const gone = await app().ask(chief, 'mutation ($id: UUID!) { removeStore(input: { id: $id }) { id } }', {
      id: south,
    })
    expect(gone.errors).toEqual([])
    expect(await totals()).toEqual(['North 150.15', 'gone 10.00'])
    expect(await stored()).toHaveLength(2)
    await refresh(app(), { reports: ['Figure'] })
    expect(await stored()).toHaveLength(1)
  })

  test('have no mutations', async () => {
    const { data } = await app().ask(chief, '{ __schema { mutationType { fields { name } } } }')
    const names = data.__schema.mutationType.fields.map(({ name }: { name: string }) => name)
    expect(names.filter((name: string) => /figure|price|refresh/i.test(name))).toEqual([])
  })
})

describe('when the select fails', () => {
  const prices = async () =>
    (await app().ask(chief, '{ prices(orderBy: [LABEL_ASC]) { nodes { label } } }')).data.prices.nodes

  test('two rows with one key are told with report, tenant and key; the old rows stay, and others are computed', async () => {
    await refresh(app())
    const before = await prices()
    await sell('twice', north)
    await sell('twice', north)
    const done = await refresh(app())
    const [, fault] = done
    expect(done.map(({ report, tenant, rows }) => [report, tenant, rows])).toEqual([
      ['Figure', 'acme', 1],
      ['Price', 'acme', null],
      ['Figure', 'globex', 1],
      ['Price', 'globex', 1],
    ])
    expect(fault?.fault?.code).toBe('REPORT_REFRESH_FAILED')
    expect(fault?.fault?.message).toBe(
      'Rows of "Price" of tenant "acme" could not be computed: two rows with one key: {"label": "twice", "sold_on": "2026-02-01"}.',
    )
    expect(await prices()).toEqual(before)
    // Also when one of them is there already, as it was.
    expect((await refresh(app(), { reports: ['Price'], tenant: 'acme' }))[0]!.rows).toBeNull()
  })

  test('so is a division by zero', async () => {
    const before = await prices()
    await sell('divide', north)
    const [one] = await refresh(app(), { reports: ['Price'], tenant: 'acme' })
    expect(one?.fault?.message).toMatch(/"Price" of tenant "acme" could not be computed: division by zero/)
    expect(await prices()).toEqual(before)
  })
})

test('two at once wait for each other, and only what is missing is filled when so asked', async () => {
  const both = await Promise.all([refresh(app(), { reports: ['Figure'] }), refresh(app(), { reports: ['Figure'] })])
  expect(both.flat().map(({ rows }) => rows)).toEqual([1, 1, 1, 1])
  expect(await refresh(app(), { reports: ['Figure'], onlyMissing: true })).toEqual([])
  const { database } = app()
  await database.asRole(database.names.private, (client) => client.query('delete from app.figure__rows; commit'), {
    'rowhouse.tenant_id': globex,
  })
  expect(await refresh(app(), { reports: ['Figure'], onlyMissing: true })).toMatchObject([
    { tenant: 'globex', rows: 1 },
  ])
})

test('names that do not exist are told', async () => {
  await expect(refresh(app(), { reports: ['Figur'] })).rejects.toMatchObject({
    code: 'REPORT_REFRESH_UNKNOWN',
    hint: 'Did you mean "Figure"? Those that do: Figure, Price.',
  })
  await expect(refresh(app(), { tenant: 'umbrella' })).rejects.toThrow('There is no tenant "umbrella".')
})
