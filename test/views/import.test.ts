import { describe, expect, test } from 'vitest'
import { importDatabase } from '#migrations'
import { useDatabase } from '../support/database.ts'
import { legacy } from './outlets.ts'

const db = useDatabase({ prepared: false })

describe('an import', () => {
  test('lists the views that could be adopted, each with an entity to start from', async () => {
    await db().migrator.query(`${legacy};
      create table books.shop (id integer primary key);
      create view books.odd as select point(1, 2) as place;
      create view books.closed as select 'x'::text as company, 1 as total`)
    const found = await importDatabase(db().migrator, { app: 'books', schemas: [], tenantColumn: 'company' })
    const views = found.findings
      .filter(({ object }) => /turnover|Rates|odd|closed/.test(object))
      .toSorted((a, b) => (a.object < b.object ? -1 : 1))
    expect(views).toEqual([
      {
        code: 'TABLE_VIEW',
        object: 'books.Rates',
        what: 'a materialized view',
        hint: "export const Rate = entity('Rate', { adopt: { view: 'books.Rates' }, tenant: false, key: '…', fields: { currency: text({ column: 'Currency' }), rate: decimal({ precision: 38, scale: 10 }) } })",
      },
      // Rows that are somebody's are offered to nobody while the column cannot say whose.
      { code: 'TABLE_KIND', object: 'books.closed', what: 'a view', hint: null },
      { code: 'TABLE_KIND', object: 'books.odd', what: 'a view', hint: null },
      {
        code: 'TABLE_VIEW',
        object: 'books.turnover',
        what: 'a view',
        hint: "export const Turnover = entity('Turnover', { adopt: { view: 'books.turnover' }, tenant: { column: 'company' }, key: '…', fields: { shop: uuid(), month: date(), total: decimal({ precision: 38, scale: 10 }), bookings: int64(), highest: decimal({ precision: 38, scale: 10 }) } })",
      },
    ])
  })
})
