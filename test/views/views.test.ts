import { describe, expect, test } from 'vitest'
import { acme, ann, foreign, globex, north, useOutlets } from './outlets.ts'

const app = useOutlets()
const as = (roles: readonly string[], tenant = acme) => ({ sub: ann, tenant, roles })
const chief = as(['chief'])
const totals = async (who: Parameters<ReturnType<typeof app>['ask']>[0]) => {
  const { data, errors } = await app().ask(who, '{ turnovers(orderBy: [TOTAL_ASC]) { nodes { total } } }')
  return data?.turnovers?.nodes.map((node: { total: string }) => node.total) ?? errors[0]!.extensions.code
}

describe('an adopted view', () => {
  test('shows its rows in the order of the entity, with the rows that they lead to', async () => {
    const { data, errors } = await app().ask(
      chief,
      '{ turnovers { totalCount nodes { month total bookings highest store { name } } } rates { nodes { currency rate } } }',
    )
    expect(errors).toEqual([])
    expect(data.turnovers.totalCount).toBe(3)
    expect(data.turnovers.nodes[0]).toEqual({
      ...{ month: '2026-02-01', total: '7.00', bookings: '1', highest: '7.00', store: { name: 'North' } },
    })
    expect(data.rates.nodes).toEqual([
      { currency: 'CHF', rate: '0.9500' },
      { currency: 'USD', rate: '1.1234' },
    ])
  })

  test('is filtered, ordered, paged, counted and summed up', async () => {
    const { data, errors } = await app().ask(
      chief,
      `{
        large: turnovers(filter: { total: { greaterThan: "10" } }, orderBy: [TOTAL_DESC]) { nodes { total } }
        region: turnovers(filter: { store: { region: { equalTo: "south" } } }) { nodes { total } }
        page: turnovers(first: 1, orderBy: [TOTAL_ASC]) { pageInfo { endCursor hasNextPage } nodes { total } }
        sums: turnovers { aggregates { sum { total bookings } max { month } distinctCount { month } } }
      }`,
    )
    expect(errors).toEqual([])
    expect(data.large.nodes).toEqual([{ total: '150.15' }, { total: '20.00' }])
    expect(data.region.nodes).toEqual([{ total: '20.00' }])
    expect(data.page).toMatchObject({ pageInfo: { hasNextPage: true }, nodes: [{ total: '7.00' }] })
    expect(data.sums.aggregates).toEqual({
      sum: { total: '177.15', bookings: '4' },
      max: { month: '2026-02-01' },
      distinctCount: { month: '2' },
    })
    const next = await app().ask(
      chief,
      'query ($after: Cursor) { turnovers(first: 1, after: $after, orderBy: [TOTAL_ASC]) { nodes { total } } }',
      { after: data.page.pageInfo.endCursor },
    )
    expect(next.data.turnovers.nodes).toEqual([{ total: '20.00' }])
  })

  test('is found by its key and from the rows that it leads to', async () => {
    const { data, errors } = await app().ask(
      chief,
      'query ($id: UUID!) { turnover(storeId: $id, month: "2026-01-01") { total } store(id: $id) { turnovers { totalCount } } }',
      { id: north },
    )
    expect(errors).toEqual([])
    expect(data).toEqual({ turnover: { total: '150.15' }, store: { turnovers: { totalCount: 2 } } })
  })

  test('is written by nobody', async () => {
    const { data } = await app().ask(chief, '{ __schema { mutationType { fields { name } } } }')
    const names: readonly { name: string }[] = data.__schema.mutationType.fields
    expect(names.filter(({ name }) => /Turnover|Rate$/.test(name))).toEqual([])
  })
})

describe('its rules', () => {
  test('decide who sees which rows', async () => {
    expect(await totals(chief)).toEqual(['7.00', '20.00', '150.15'])
    expect(await totals(as(['analyst']))).toEqual(['150.15'])
    expect(await totals(as(['clerk']))).toBe('FORBIDDEN')
    expect(await totals(as([]))).toBe('FORBIDDEN')
    expect(await totals(null)).toBe('FORBIDDEN')
  })

  test('keep tenants apart, and share what is said to be of nobody', async () => {
    expect(await totals(as(['chief'], globex))).toEqual(['9000.00'])
    const { data } = await app().ask(
      chief,
      'query ($id: UUID!) { turnover(storeId: $id, month: "2026-01-01") { total } }',
      {
        id: foreign,
      },
    )
    expect(data.turnover).toBeNull()
    const { data: shared } = await app().ask(as(['chief'], globex), '{ rates { totalCount } }')
    expect(shared.rates.totalCount).toBe(2)
  })
})
