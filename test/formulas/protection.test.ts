import { beforeAll, expect, test } from 'vitest'
import { acme, globex } from '../server/shop.ts'
import { cleo, seedSql, sheetId, useSheets } from './sheets.ts'

const sheets = useSheets()
const s = (n: number, tenant: 'a' | 'b') => sheetId('s', tenant, n)

beforeAll(async () => {
  await seedSql(
    sheets().database,
    `insert into app.customer (tenant_id, id, name) values ('${acme}', '${sheetId('c', 'a', 1)}', 'Ann'), ('${globex}', '${sheetId('c', 'b', 1)}', 'Gil');
     insert into app.sheet (tenant_id, id, number, customer_id, due_on) values
       ('${acme}', '${s(1, 'a')}', 'S1', '${sheetId('c', 'a', 1)}', '2026-02-01'), ('${globex}', '${s(1, 'b')}', 'S1', '${sheetId('c', 'b', 1)}', '2026-02-01');
     insert into app.sheet_line (tenant_id, sheet_id, quantity, unit_price) values
       ('${acme}', '${s(1, 'a')}', 6, 100), ('${globex}', '${s(1, 'b')}', 7, 10)`,
  )
})

/** The function behind `Sheet.total`. */
async function totalFunction(): Promise<{ readonly at: string; readonly name: string }> {
  const { rows } = await sheets().database.migrator.query(
    `select oid::regprocedure::text as at, proname as name from pg_proc where proname like 'computed_sheet_total_%'`,
  )
  return rows[0]
}

/** What a clerk of acme is told who calls the function by itself, with the id of any sheet. */
async function told(id: string): Promise<unknown> {
  const { name } = await totalFunction()
  return sheets().database.asActor({ roles: ['clerk'], tenant: acme, actor: cleo, claims: {} }, async (client) => {
    const { rows } = await client.query(`select rowhouse_private."${name}"($1) as total`, [id])
    return rows[0].total
  })
}

/** With one protection taken away. */
async function without(strip: string, restore: string, run: () => Promise<void>): Promise<void> {
  const { migrator } = sheets().database
  await migrator.query(strip)
  try {
    await run()
  } finally {
    await migrator.query(restore)
  }
}

test('a total is the same for everybody, because its function is a definer', async () => {
  expect(await told(s(1, 'a'))).toBe('600.00')
  const { at } = await totalFunction()
  await without(`alter function ${at} security invoker`, `alter function ${at} security definer`, async () => {
    // The clerk sees no line of a large sheet.
    expect(await told(s(1, 'a'))).not.toBe('600.00')
  })
})

test('and knows no other tenant, because row security holds inside of it', async () => {
  expect(await told(s(1, 'b'))).toBe('0.00')
  const table = 'app.sheet_line'
  await without(
    `alter table ${table} disable row level security`,
    `alter table ${table} enable row level security`,
    async () => {
      expect(await told(s(1, 'b'))).toBe('70.00')
    },
  )
})
