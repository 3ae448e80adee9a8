import { describe, expect, test } from 'vitest'
import { acme, ann, bob, closed, empty, foreign, globex, north, south, useStores } from './stores.ts'

const app = useStores()
const as = (roles: readonly string[], sub = ann, tenant = acme) => ({ sub, tenant, roles })
const chief = as(['chief'])
const list = '{ salesByStores { totalCount nodes { storeName count total latest share store { name } } } }'
const names = async (who: Parameters<ReturnType<typeof app>['ask']>[0]) => {
  const { data, errors } = await app().ask(who, '{ salesByStores(orderBy: [STORE_NAME_ASC]) { nodes { storeName } } }')
  return data?.salesByStores?.nodes.map((node: { storeName: string }) => node.storeName) ?? errors[0]!.extensions.code
}

describe('a report', () => {
  test('shows what its select says of the live rows, in its own order, with the rows that it leads to', async () => {
    const { data, errors } = await app().ask(chief, list)
    expect(errors).toEqual([])
    expect(data.salesByStores).toEqual({
      totalCount: 3,
      nodes: [
        { storeName: 'North', count: '2', total: '150.15', latest: '2026-02-11', share: 40, store: { name: 'North' } },
        { storeName: 'South', count: '1', total: '7.00', latest: '2026-01-12', share: 20, store: { name: 'South' } },
        { storeName: 'Empty', count: '0', total: '0.00', latest: null, share: 0, store: { name: 'Empty' } },
      ],
    })
  })

  test('is filtered, ordered, paged, counted and summed up', async () => {
    const { data, errors } = await app().ask(
      chief,
      `{
        large: salesByStores(filter: { total: { greaterThan: "5" } }, orderBy: [TOTAL_ASC]) { nodes { storeName } }
        region: salesByStores(filter: { store: { region: { equalTo: "north" } } }, orderBy: [STORE_NAME_ASC]) { nodes { storeName } }
        first: salesByStores(first: 1, orderBy: [STORE_NAME_ASC]) { pageInfo { endCursor hasNextPage } nodes { storeName } }
        sums: salesByStores { aggregates { sum { total count } max { latest } distinctCount { storeName } } }
        months: salesByMonths(orderBy: [MONTH_ASC, TOTAL_ASC]) { nodes { month kind total store { name } } }
      }`,
    )
    expect(errors).toEqual([])
    expect(data.large.nodes).toEqual([{ storeName: 'South' }, { storeName: 'North' }])
    expect(data.region.nodes).toEqual([{ storeName: 'Empty' }, { storeName: 'North' }])
    expect(data.first).toMatchObject({ pageInfo: { hasNextPage: true }, nodes: [{ storeName: 'Empty' }] })
    expect(data.sums.aggregates.sum).toEqual({ total: '157.15', count: '3' })
    expect(data.sums.aggregates.max).toEqual({ latest: '2026-02-11' })
    expect(data.months.nodes).toMatchObject([
      { month: '2026-01-01', kind: 'card', total: '1.00', store: { name: 'Closed' } },
      { month: '2026-01-01', kind: 'cash', total: '1.00' },
      { month: '2026-01-01', kind: 'cash', total: '7.00' },
      { month: '2026-01-01', kind: 'cash', total: '100.10' },
      { month: '2026-02-01', kind: 'card', total: '50.05', store: { name: 'North' } },
    ])
    const next = await app().ask(
      chief,
      'query ($after: Cursor) { salesByStores(first: 1, after: $after, orderBy: [STORE_NAME_ASC]) { nodes { storeName } } }',
      { after: data.first.pageInfo.endCursor },
    )
    expect(next.data.salesByStores.nodes).toEqual([{ storeName: 'North' }])
  })

  test('is found by its key and from the rows that it leads to', async () => {
    const { data, errors } = await app().ask(
      chief,
      `query ($id: UUID!) {
        salesByStore(storeId: $id) { total }
        store(id: $id) { figures { nodes { total } } months { totalCount } }
      }`,
      { id: north },
    )
    expect(errors).toEqual([])
    expect(data.salesByStore).toEqual({ total: '150.15' })
    expect(data.store).toEqual({ figures: { nodes: [{ total: '150.15' }] }, months: { totalCount: 2 } })
  })

  test('is written by nobody', async () => {
    const { data } = await app().ask(chief, '{ __schema { mutationType { fields { name } } types { name } } }')
    const fields: readonly { name: string }[] = data.__schema.mutationType.fields
    expect(fields.filter(({ name }) => /SalesBy/.test(name))).toEqual([])
    expect(
      data.__schema.types.filter(({ name }: { name: string }) =>
        /SalesBy.*(Store|Month|KeyInput|Payload|Patch)Input$/.test(name),
      ),
    ).toEqual([])
  })
})

describe('its rules', () => {
  test('decide who sees which rows: by reach, by condition, by denial', async () => {
    expect(await names(chief)).toEqual(['Empty', 'North', 'South'])
    expect(await names(as(['manager']))).toEqual(['North'])
    expect(await names(as(['manager'], bob))).toEqual([])
    expect(await names(as(['auditor']))).toEqual(['North'])
    expect(await names(as(['auditor', 'manager'], bob))).toEqual(['North'])
  })

  test('are the only way in: no rule, no rows', async () => {
    expect(await names(as(['clerk']))).toBe('FORBIDDEN')
    expect(await names(as([]))).toBe('FORBIDDEN')
    expect(await names(null)).toBe('FORBIDDEN')
  })

  test('keep tenants apart, though no select says a word of them', async () => {
    expect(await names(as(['chief'], ann, globex))).toEqual(['Foreign'])
    const { data, errors } = await app().ask(chief, 'query ($id: UUID!) { salesByStore(storeId: $id) { total } }', {
      id: foreign,
    })
    expect(errors).toEqual([])
    expect(data.salesByStore).toBeNull()
    expect([north, south, empty, closed]).not.toContain(foreign)
  })
})
