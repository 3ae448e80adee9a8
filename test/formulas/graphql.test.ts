import { beforeAll, describe, expect, test } from 'vitest'
import { acme, globex } from '../server/shop.ts'
import { cleo, seedSql, sheetId, useSheetsServer } from './sheets.ts'

const sheets = useSheetsServer()
const s = (n: number, tenant: 'a' | 'b' = 'a') => sheetId('s', tenant, n)

/** Acme: sheet 1 of 30.00, sheet 2 of 250.00 (one line removed), sheet 3 empty, sheet 4 of 600.00. Globex: one of 70.00. */
beforeAll(async () => {
  await seedSql(
    sheets().database,
    `insert into app.customer (tenant_id, id, name, rate) values
       ('${acme}', '${sheetId('c', 'a', 1)}', 'Ann', 1.50), ('${acme}', '${sheetId('c', 'a', 2)}', 'Bea', 10),
       ('${globex}', '${sheetId('c', 'b', 1)}', 'Gil', 2);
     insert into app.item (tenant_id, id, name) values
       ('${acme}', '${sheetId('i', 'a', 1)}', 'nut'), ('${acme}', '${sheetId('i', 'a', 2)}', 'bolt'), ('${globex}', '${sheetId('i', 'b', 1)}', 'cog');
     insert into app.sheet (tenant_id, id, number, customer_id, ordered_on, due_on, margin, sent_at, approved_by_id) values
       ('${acme}', '${s(1)}', 'S1', '${sheetId('c', 'a', 1)}', '2026-01-01', '2026-02-01', 10, '2026-01-03T23:30:00Z', '${cleo}'),
       ('${acme}', '${s(2)}', 'S2', '${sheetId('c', 'a', 1)}', '2026-01-01', '2026-04-01', 50, null, null),
       ('${acme}', '${s(3)}', 'S3', '${sheetId('c', 'a', 2)}', '2026-01-31', '2026-02-01', 0, null, null),
       ('${acme}', '${s(4)}', 'S4', '${sheetId('c', 'a', 2)}', '2026-01-01', '2026-02-01', 700, null, null),
       ('${globex}', '${s(1, 'b')}', 'S1', '${sheetId('c', 'b', 1)}', '2026-01-01', '2026-02-01', 1, null, null);
     insert into app.sheet_line (tenant_id, sheet_id, item_id, quantity, unit_price, discount, deleted_at) values
       ('${acme}', '${s(1)}', '${sheetId('i', 'a', 1)}', 3, 10, 0, null),
       ('${acme}', '${s(2)}', '${sheetId('i', 'a', 1)}', 5, 40, 0, null),
       ('${acme}', '${s(2)}', '${sheetId('i', 'a', 2)}', 1, 100, 0.5, null),
       ('${acme}', '${s(2)}', '${sheetId('i', 'a', 2)}', 9, 100, 0, now()),
       ('${acme}', '${s(4)}', null, 6, 100, 0, null),
       ('${globex}', '${s(1, 'b')}', '${sheetId('i', 'b', 1)}', 7, 10, 0, null);`,
  )
})

const boss = () => sheets().token({ sub: cleo, roles: ['boss'], claims: {} })
const clerk = () => sheets().token({ sub: cleo, roles: ['clerk'], claims: {} })

async function ask(query: string, token?: string) {
  const answer = await sheets().ask(query, null, token ?? (await boss()))
  expect(answer.errors).toEqual([])
  return answer.data
}

describe('reading', () => {
  // Postgres 15 wants a name for every sub-select.
  test('filters lead through rows with formulas', async () => {
    const { sheets: found } = await ask(
      '{ sheets(filter: { items: { some: { name: { equalTo: "bolt" } } } }) { nodes { number } } }',
    )
    expect(found.nodes).toEqual([{ number: 'S2' }])
  })

  test('every kind of formula, exact, with lists of live rows only', async () => {
    const { sheet } = await ask(`{ sheet(id: "${s(2)}") {
      total profit marginShare averagePrice lineCount bigLineCount itemNames firstItem label isLate size daysOpen approver copyMade lineShare
      lines(orderBy: [AMOUNT_DESC]) { nodes { amount shareOfSheet } }
      customer { caption spent isGood }
    } }`)
    expect(sheet).toEqual({
      total: '250.00',
      profit: '200.00',
      marginShare: '0.2000',
      averagePrice: '40.00',
      lineCount: 2,
      bigLineCount: 1,
      itemNames: 'bolt, nut',
      firstItem: 'nut',
      label: 'S2 for Ann',
      isLate: false,
      size: 'medium',
      daysOpen: null,
      approver: null,
      copyMade: null,
      lineShare: '0.750',
      lines: {
        nodes: [
          { amount: '200.00', shareOfSheet: '0.8000' },
          { amount: '50.00', shareOfSheet: '0.2000' },
        ],
      },
      customer: { caption: 'Ann (1.5)', spent: '280.00', isGood: true },
    })
  })

  test('of no rows a sum is 0 and an average null; a division by zero is null', async () => {
    const { sheet } = await ask(
      `{ sheet(id: "${s(3)}") { total averagePrice marginShare lineShare itemNames firstItem lineCount isLate size } }`,
    )
    expect(sheet).toEqual({
      total: '0.00',
      averagePrice: null,
      marginShare: null,
      lineShare: null,
      itemNames: '',
      firstItem: null,
      lineCount: 0,
      isLate: false,
      size: 'small',
    })
  })

  test('days of instants are those of UTC, paths lead to rows or null', async () => {
    const { sheet } = await ask(`{ sheet(id: "${s(1)}") { daysOpen approver } }`)
    expect(sheet).toEqual({ daysOpen: 2, approver: 'Cleo' })
  })
})

describe('filters, orders and aggregates use the formula', () => {
  test('filters, also of related rows', async () => {
    const data = await ask(`{
      large: sheets(filter: { total: { greaterThan: "100" } }, orderBy: [NUMBER_ASC]) { nodes { number } }
      sized: sheets(filter: { size: { equalTo: large } }) { nodes { number } }
      ofGood: sheets(filter: { customer: { spent: { lessThan: "300" } } }, orderBy: [NUMBER_ASC]) { nodes { number } }
      withBig: sheets(filter: { lines: { some: { amount: { equalTo: "600" } } } }) { nodes { number } }
      late: sheets(filter: { isLate: { equalTo: true } }, orderBy: [NUMBER_ASC]) { nodes { number } }
    }`)
    const numbers = Object.fromEntries(
      Object.entries(data).map(([name, list]) => [
        name,
        (list as { nodes: { number: string }[] }).nodes.map((each) => each.number),
      ]),
    )
    expect(numbers).toEqual({
      large: ['S2', 'S4'],
      sized: ['S4'],
      ofGood: ['S1', 'S2'],
      withBig: ['S4'],
      late: ['S1', 'S4'],
    })
  })

  test('orders page by page, with nulls, and by a related row', async () => {
    const first = await ask('{ sheets(orderBy: [TOTAL_DESC], first: 2) { nodes { number } pageInfo { endCursor } } }')
    const after = first.sheets.pageInfo.endCursor
    const second = await ask(`{ sheets(orderBy: [TOTAL_DESC], first: 2, after: "${after}") { nodes { number } } }`)
    expect([...first.sheets.nodes, ...second.sheets.nodes].map((each) => each.number)).toEqual(['S4', 'S2', 'S1', 'S3'])
    const nulls = await ask('{ sheets(orderBy: [MARGIN_SHARE_ASC, NUMBER_ASC]) { nodes { number } } }')
    expect(nulls.sheets.nodes.map((each: { number: string }) => each.number)).toEqual(['S2', 'S1', 'S4', 'S3'])
    const related = await ask('{ sheets(orderBy: [CUSTOMER__SPENT_DESC, NUMBER_ASC]) { nodes { number } } }')
    expect(related.sheets.nodes.map((each: { number: string }) => each.number)).toEqual(['S3', 'S4', 'S1', 'S2'])
  })

  test('aggregates and groups', async () => {
    const { sheets: all } = await ask(`{ sheets {
      aggregates { sum { total lineCount } average { profit } max { total } }
      groupedAggregates(groupBy: [SIZE]) { keys sum { total } }
    } }`)
    expect(all.aggregates.sum).toEqual({ total: '880.00', lineCount: '4' })
    expect(all.aggregates.max).toEqual({ total: '600.00' })
    expect(Number(all.aggregates.average.profit)).toBe(30)
    const groups = all.groupedAggregates.map((each: { keys: string[]; sum: { total: string } }) => [
      each.keys[0],
      each.sum.total,
    ])
    expect(groups.toSorted()).toEqual([
      ['large', '600.00'],
      ['medium', '250.00'],
      ['small', '30.00'],
    ])
  })

  test('no input takes a computed field', async () => {
    const { data } = await sheets().ask('{ __type(name: "SheetInput") { inputFields { name } } }', null, await clerk())
    const names = (data.__type?.inputFields ?? []).map((each: { name: string }) => each.name)
    expect(names).toContain('margin')
    expect(names).not.toContain('total')
  })
})

describe('rules', () => {
  test('clerks see small sheets and their lines, wherever they look', async () => {
    const token = await clerk()
    const data = await ask(
      `{ sheets(orderBy: [NUMBER_ASC]) { totalCount nodes { number total } aggregates { sum { total } } }
         sheetLines { totalCount }
         large: sheets(filter: { total: { greaterThan: "100" } }) { totalCount }
         size: sheet(id: "${s(4)}") { total } }`,
      token,
    )
    expect(data).toEqual({
      sheets: {
        totalCount: 2,
        nodes: [
          { number: 'S1', total: '30.00' },
          { number: 'S3', total: '0.00' },
        ],
        aggregates: { sum: { total: '30.00' } },
      },
      sheetLines: { totalCount: 1 },
      large: { totalCount: 0 },
      size: null,
    })
  })

  test('a formula sees all live rows of the tenant, whatever the caller may read', async () => {
    // The clerk sees no line of S2 and S4, yet what Ann and Bea spent counts them.
    const { customers } = await ask('{ customers(orderBy: [NAME_ASC]) { nodes { spent } } }', await clerk())
    expect(customers.nodes).toEqual([{ spent: '280.00' }, { spent: '600.00' }])
  })

  test('another tenant is not there', async () => {
    const token = await sheets().token({ sub: cleo, tenant: globex, roles: ['boss'], claims: {} })
    const { customers, sheets: theirs } = await ask(
      '{ customers { nodes { spent } } sheets { nodes { total } } }',
      token,
    )
    expect([customers.nodes, theirs.nodes]).toEqual([[{ spent: '70.00' }], [{ total: '70.00' }]])
  })

  test('a new row has its own values and no lists yet', async () => {
    const make = async (margin: string) =>
      sheets().ask(
        `mutation { createSheet(input: { sheet: { number: "N${margin}", customerId: "${sheetId('c', 'a', 1)}", margin: "${margin}" } }) { sheet { number dueOn remindOn orderedOn } } }`,
        null,
        await clerk(),
      )
    const refused = await make('-1')
    // profit is 0 - margin: a margin below zero would make it positive.
    expect(refused.errors.map((each) => each.extensions.code)).toEqual(['FORBIDDEN'])
    const made = await make('1')
    expect(made.errors).toEqual([])
    const { orderedOn, dueOn, remindOn } = made.data.createSheet.sheet
    const day = (text: string) => Date.parse(text) / 86_400_000
    expect([day(dueOn) - day(orderedOn), day(remindOn) - day(orderedOn)]).toEqual([14, 11])
  })

  test('an update is judged by what it leaves behind', async () => {
    const change = async (margin: string) =>
      sheets().ask(
        `mutation { updateSheet(input: { id: "${s(1)}", patch: { margin: "${margin}" } }) { sheet { profit } } }`,
        null,
        await clerk(),
      )
    expect((await change('31')).errors.map((each) => each.extensions.code)).toEqual(['FORBIDDEN'])
    const allowed = await change('30')
    expect([allowed.errors, allowed.data.updateSheet.sheet]).toEqual([[], { profit: '0.00' }])
  })

  test('verbs ask it too', async () => {
    const remove = async (id: string, token: string) =>
      sheets().ask(`mutation { removeSheet(input: { id: "${id}" }) { id } }`, null, token)
    const large = await remove(s(4), await boss())
    expect(large.errors.map((each) => each.extensions.code)).toEqual(['FORBIDDEN'])
    expect((await remove(s(2), await boss())).errors).toEqual([])
    const full = await remove(s(1), await clerk())
    expect(full.errors.map((each) => each.extensions.code)).toEqual(['FORBIDDEN'])
    expect((await remove(s(3), await clerk())).errors).toEqual([])
  })
})
