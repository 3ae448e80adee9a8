import { describe, expect, test } from 'vitest'
import { dealA, dealB, dealS, useMargins, yan, zoe } from './margins.ts'

const app = useMargins()
const all = 'orderBy: [NUMBER_ASC]'

describe('who sees what', () => {
  const shown = `{ deals(${all}) { nodes { number margin bonus referrerId referrer { name } terms { days } profit doubled extra } } }`
  const row = (number: string, given: object) => expect.objectContaining({ number, ...given })
  const cases: readonly (readonly [roles: readonly string[], expected: readonly object[]])[] = [
    [
      ['sales'],
      [
        row('A', {
          margin: null,
          bonus: 7,
          referrerId: null,
          referrer: null,
          terms: { days: 30 },
          profit: null,
          doubled: 400,
        }),
        row('B', { margin: null }),
        row('C', { margin: null }),
        // Whoever made the deal.
        row('S', { margin: '10.00', profit: '20.00' }),
      ],
    ],
    [
      ['manager'],
      [
        row('A', { margin: '20.00', bonus: 7, referrerId: null, profit: '40.00' }),
        row('B', { margin: '30.00' }),
        row('C', { margin: '20.00' }),
        row('S', { margin: '10.00' }),
      ],
    ],
    [
      ['clerk'],
      [
        row('A', { margin: null, bonus: null, terms: null, referrer: null, extra: null }),
        row('B', {}),
        row('C', {}),
        row('S', { margin: null }),
      ],
    ],
    [
      ['referrals'],
      [
        row('A', { margin: null, bonus: null, terms: null, referrerId: yan, referrer: { name: 'Yan' } }),
        row('B', {}),
        row('C', {}),
        row('S', { referrerId: null }),
      ],
    ],
    [
      ['sales', 'clerk'],
      [
        row('A', { margin: null, bonus: 7, terms: { days: 30 }, extra: 7 }),
        row('B', {}),
        row('C', {}),
        row('S', { margin: '10.00' }),
      ],
    ],
    [
      ['manager', 'referrals'],
      [row('A', { margin: '20.00', bonus: 7, referrerId: yan }), row('B', {}), row('C', {}), row('S', {})],
    ],
    [
      ['clerk', 'referrals'],
      [row('A', { margin: null, bonus: null, referrerId: yan }), row('B', {}), row('C', {}), row('S', {})],
    ],
  ]
  test.each(cases)('%j', async (roles, expected) => {
    expect((await app().data(roles, shown)).deals.nodes).toEqual(expected)
  })
})

describe('whoever may not see a field learns nothing of it', () => {
  const numbers = async (roles: readonly string[], given: string) =>
    (await app().data(roles, `{ deals(${given}) { totalCount nodes { number } } }`)).deals.nodes.map(
      (each: { number: string }) => each.number,
    )

  test.each([
    ['over', 'filter: { margin: { greaterThan: "0" } }'],
    ['is', 'filter: { margin: { equalTo: "20.00" } }'],
    ['among', 'filter: { margin: { in: ["20.00", "30.00"] } }'],
    ['has one', 'filter: { margin: { isNull: false } }'],
    ['is not', 'filter: { margin: { notEqualTo: "20.00" } }'],
    ['by what is computed of it', 'filter: { profit: { greaterThan: "0" } }'],
    ['by a relation', `filter: { referrerId: { equalTo: "${yan}" } }`],
    ['by the target of a relation', 'filter: { referrer: { name: { equalTo: "Yan" } } }'],
    ['by parts of a value object', 'filter: { terms: { place: { startsWith: "B" } } }'],
  ])('filter: %s', async (_, filter) => {
    expect(await numbers(['clerk'], `${filter}, ${all}`)).toEqual([])
  })

  test('filter: those who see it find it', async () => {
    expect(await numbers(['manager'], `filter: { margin: { equalTo: "20.00" } }, ${all}`)).toEqual(['A', 'C'])
    expect(await numbers(['sales'], `filter: { margin: { greaterThan: "0" } }, ${all}`)).toEqual(['S'])
  })

  test('order', async () => {
    const down = 'orderBy: [MARGIN_DESC, NUMBER_ASC]'
    expect(await numbers(['clerk'], down)).toEqual(['A', 'B', 'C', 'S'])
    expect(await numbers(['manager'], down)).toEqual(['B', 'A', 'C', 'S'])
    expect(await numbers(['clerk'], 'orderBy: [PROFIT_ASC, NUMBER_ASC]')).toEqual(['A', 'B', 'C', 'S'])
  })

  test('aggregates and groups', async () => {
    const query = `{ deals { aggregates { sum { margin bonus } distinctCount { margin referrerId } max { margin } }
      groupedAggregates(groupBy: [MARGIN]) { keys sum { price } } } }`
    const { aggregates, groupedAggregates } = (await app().data(['clerk'], query)).deals
    expect(aggregates).toEqual({
      sum: { margin: '0', bonus: '0' },
      distinctCount: { margin: '0', referrerId: '0' },
      max: { margin: null },
    })
    expect(groupedAggregates).toHaveLength(1)
    const seen = (await app().data(['manager'], query)).deals
    expect(seen.aggregates.sum.margin).toBe('80.00')
    expect(seen.groupedAggregates).toHaveLength(3)
  })

  test('conditions on groups, and the first row of each', async () => {
    const query = `{
      none: deals { groupedAggregates(groupBy: [NUMBER], having: { max: { margin: { greaterThan: "0" } } }) { keys } }
      counted: deals { groupedAggregates(groupBy: [NUMBER], having: { distinctCount: { margin: { greaterThan: "0" } } }) { keys } }
      first: deals(distinctOn: [MARGIN], orderBy: [NUMBER_ASC]) { nodes { number } totalCount }
      byMargin: deals(distinctOn: [BONUS], orderBy: [MARGIN_DESC, NUMBER_ASC]) { nodes { number } }
    }`
    const hidden = await app().data(['clerk'], query)
    expect(hidden.none.groupedAggregates).toEqual([])
    expect(hidden.counted.groupedAggregates).toEqual([])
    expect(hidden.first).toEqual({ nodes: [{ number: 'A' }], totalCount: 1 })
    expect(hidden.byMargin.nodes).toEqual([{ number: 'A' }])
    const seen = await app().data(['manager'], query)
    expect(seen.none.groupedAggregates).toHaveLength(4)
    expect(seen.counted.groupedAggregates).toHaveLength(4)
    expect(seen.first.totalCount).toBe(3)
  })

  test('cursors', async () => {
    const page = `{ deals(orderBy: [MARGIN_ASC, NUMBER_ASC], first: 2) { edges { cursor node { number } } } }`
    const { edges } = (await app().data(['clerk'], page)).deals
    expect(edges.map((each: { node: { number: string } }) => each.node.number)).toEqual(['A', 'B'])
    const told = edges.map((each: { cursor: string }) => Buffer.from(each.cursor, 'base64').toString()).join()
    expect(told).not.toMatch(/20|30/)
    // A cursor of somebody who sees it leads nowhere else.
    const theirs = (await app().data(['manager'], page)).deals.edges.at(-1).cursor
    const after = await app().ask(
      ['clerk'],
      `{ deals(orderBy: [MARGIN_ASC, NUMBER_ASC], after: "${theirs}") { nodes { number } } }`,
    )
    expect((after.data?.deals?.nodes ?? []).length).toBeLessThanOrEqual(4)
  })

  test('from other entities', async () => {
    const back =
      '{ customers(orderBy: [NAME_ASC]) { nodes { name referred { totalCount } deals { aggregates { sum { margin } } } } } }'
    const { nodes } = (await app().data(['clerk'], back)).customers
    expect(nodes[0]).toEqual({
      name: 'Yan',
      referred: { totalCount: 0 },
      deals: { aggregates: { sum: { margin: '0' } } },
    })
    const some = `{ customers(filter: { referred: { some: { number: { equalTo: "A" } } } }) { nodes { name } } }`
    expect((await app().data(['clerk'], some)).customers.nodes).toEqual([])
    expect((await app().data(['referrals'], some)).customers.nodes).toEqual([{ name: 'Yan' }])
    const lines = '{ dealLines(filter: { deal: { margin: { greaterThan: "0" } } }) { nodes { text deal { margin } } } }'
    expect((await app().data(['clerk'], lines)).dealLines.nodes).toEqual([])
    expect((await app().data(['manager'], lines)).dealLines.nodes).toEqual([
      { text: 'line', deal: { margin: '20.00' } },
    ])
  })

  test('by id', async () => {
    const query = `{ deal(id: "${dealA}") { margin terms { place } number } }`
    expect((await app().data(['clerk'], query)).deal).toEqual({ margin: null, terms: null, number: 'A' })
  })

  test('changes of the row', async () => {
    const kept = (await app().data(['manager'], '{ __type(name: "DealHistory") { fields { name } } }')).__type.fields
    const names = kept.map((each: { name: string }) => each.name)
    expect(names).toContain('price')
    for (const hidden of ['margin', 'bonus', 'terms', 'referrerId', 'referrer']) expect(names).not.toContain(hidden)
    await expect(app().query(['manager'], 'select margin from app.deal_history')).rejects.toThrow('permission denied')
  })
})

describe('direct SQL of a request', () => {
  test.each([
    ['the face that shows whole rows', 'select margin from app.deal__rows'],
    ['its whole rows', 'select t from app.deal__rows t'],
    ['a face without it', 'select margin from app.deal__face_0'],
    ['in a test', 'select number from app.deal__rows where margin > 0'],
    ['in an update', 'update app.deal__rows set note = margin::text'],
    ['as the condition of an update', `update app.deal__rows set note = 'x' where margin > 0`],
    ['what an update returns', `update app.deal__rows set note = 'x' returning margin`],
    [
      'what an insert meets',
      `insert into app.deal__rows (number) values ('A') on conflict (number) do update set note = deal__rows.margin::text`,
    ],
    ['past the faces', `insert into app.deal (number) values ('Z')`],
    ['past the faces', `update app.deal set note = 'x'`],
    ['past the faces', 'delete from app.deal'],
    ['past the faces', `update app.deal__face_0 set note = 'x'`],
    ['through the view', `update app.deal__shown set note = 'x'`],
    ['by locking', 'select margin from app.deal for update'],
  ])('%s: %s', async (_, text) => {
    await expect(app().query(['sales'], text)).rejects.toThrow(/permission denied|cannot update view|no unique/)
  })

  test('the table itself shows only rows that are shown whole', async () => {
    const { rows } = await app().query(['manager', 'referrals'], 'select number from app.deal order by number')
    expect(rows.map(({ number }) => number)).toEqual(['A', 'B', 'C', 'S'])
    for (const roles of [['sales'], ['clerk'], ['manager'], ['clerk', 'referrals']])
      expect((await app().query(roles, 'select margin from app.deal')).rows).toEqual([])
  })

  test('each row is on one face', async () => {
    for (const roles of [
      ['sales'],
      ['clerk'],
      ['manager'],
      ['referrals'],
      ['sales', 'clerk'],
      ['manager', 'referrals'],
      ['clerk', 'referrals'],
    ]) {
      const { rows } = await app().query(roles, 'select number from app.deal__shown order by number')
      expect(
        rows.map(({ number }) => number),
        String(roles),
      ).toEqual(['A', 'B', 'C', 'S'])
    }
  })

  test('a claim of another tenant shows nothing', async () => {
    const { rows } = await app().server.database.asActor({ roles: ['manager'], tenant: null, actor: null }, (client) =>
      client.query('select margin from app.deal__shown'),
    )
    expect(rows).toEqual([])
  })
})

describe('writes', () => {
  const change = (roles: readonly string[], patch: object, id = dealB) =>
    app().ask(
      roles,
      'mutation ($id: UUID!, $patch: DealPatch!) { updateDeal(input: { id: $id, patch: $patch }) { deal { number margin note } } }',
      { id, patch },
    )

  test('are refused by the name of the field, with its reason', async () => {
    const { data, errors } = await change(['sales'], { margin: '1.00', note: 'mine' })
    expect(data?.updateDeal ?? null).toBeNull()
    expect(errors).toMatchObject([
      { message: 'Margins are set by managers.', extensions: { code: 'FORBIDDEN', fields: ['margin'] } },
    ])
    const without = await change(['sales'], { referrerId: zoe })
    expect(without.errors).toMatchObject([
      {
        message: 'A rule keeps "referrerId" for others: who brought whom.',
        extensions: { code: 'FORBIDDEN', fields: ['referrerId'] },
      },
    ])
  })

  test('tell nothing by what would change nothing', async () => {
    const told = await Promise.all(
      ['30.00', '31.00'].map(async (margin) => (await change(['sales'], { margin })).errors),
    )
    expect(told[0]).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(JSON.stringify(told[0])).toBe(JSON.stringify(told[1]))
  })

  test('answer with what the writer may see', async () => {
    expect((await change(['sales'], { note: 'changed' })).data.updateDeal.deal).toEqual({
      number: 'B',
      margin: null,
      note: 'changed',
    })
    expect((await change(['manager'], { margin: '31.00' })).data.updateDeal.deal).toMatchObject({ margin: '31.00' })
    expect((await change(['manager'], { margin: '30.00' })).data.updateDeal.deal).toMatchObject({ margin: '30.00' })
  })

  test('make rows with what the maker may not see', async () => {
    const make = (roles: readonly string[], given: object) =>
      app().ask(
        roles,
        'mutation ($deal: DealInput!) { createDeal(input: { deal: $deal }) { deal { id margin note referrerId } } }',
        {
          deal: {
            number: `N${JSON.stringify(given).length}`,
            region: 'eu',
            price: 1,
            margin: '4.00',
            terms: { days: 1, place: 'x' },
            customerId: zoe,
            ...given,
          },
        },
        // Sam would see it as its own.
      )
    const made = await make(['sales'], { note: 'made' })
    expect(made.errors).toEqual([])
    expect(made.data.createDeal.deal).toMatchObject({ margin: '4.00', note: 'made', referrerId: null })
    const refused = await make(['sales'], { referrerId: yan })
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', fields: ['referrerId'] } }])
    const id = made.data.createDeal.deal.id
    const gone = await app().ask(['sales'], `mutation { deleteDeal(input: { id: "${id}" }) { clientMutationId } }`)
    expect(gone.errors).toEqual([])
  })

  test('removes and restores', async () => {
    const run = (verb: string) =>
      app().ask(['sales'], `mutation { ${verb}Deal(input: { id: "${dealS}" }) { __typename } }`)
    expect((await run('remove')).errors).toEqual([])
    expect((await app().data(['sales'], `{ deal(id: "${dealS}") { number } }`)).deal).toBeNull()
    expect((await run('restore')).errors).toEqual([])
    expect((await app().data(['sales'], `{ deal(id: "${dealS}") { margin } }`)).deal).toEqual({ margin: '10.00' })
  })
})
