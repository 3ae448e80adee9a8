import { describe, expect, test } from 'vitest'
import { followModel } from '#migrations'
import type { Model } from '#schema'
import { serverUrl, type TestDatabase } from '../support/database.ts'
import { model, refusedWith, statusOf, withDatabase } from './adopting.ts'
import { acme, globex } from './outlets.ts'

// What only an administrator of the database can bring about. `npm run test:pg15` leaves this file out: its login is none.

async function asSuperuser(db: TestDatabase, text: string): Promise<void> {
  const url = new URL(await serverUrl())
  url.pathname = `/${db.name}`
  const client = await db.connect(url.href)
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

describe('refused, and nothing is made, where others own', () => {
  const owned: readonly (readonly [string, string])[] = [
    [
      'alter view books.turnover owner to postgres_owner',
      'books.turnover: belongs to "postgres_owner", and the migrator',
    ],
    ['alter schema books owner to postgres_owner', 'the migrator may let nobody into schema "books"'],
  ]

  test.each(owned)('%s', async (change, said) => {
    await withDatabase(async ({ db, options }) => {
      const stranger = `${db.name}_stranger`
      const real = (text: string) => text.replaceAll('postgres_owner', stranger)
      try {
        await asSuperuser(
          db,
          `create role ${stranger}; grant create, usage on schema books to ${stranger}; ${real(change)}`,
        )
        await refusedWith(options, real(said))
        const { rows } = await db.migrator.query("select to_regnamespace('rowhouse') as made")
        expect(rows).toEqual([{ made: null }])
      } finally {
        await asSuperuser(
          db,
          `reassign owned by ${stranger} to current_user; drop owned by ${stranger}; drop role ${stranger}`,
        )
      }
    })
  })
})

describe('a view over tables of entities', () => {
  const over = `create view books.turnover as
    select tenant_id as company, id as shop, date '2026-01-01' as month, 1::numeric(15, 2) as total, count(*) as bookings, null::numeric(15, 2) as highest
    from app.store group by id, tenant_id`
  const withoutViews: Model = {
    ...model,
    entities: model.entities.filter(({ name }) => name === 'Store').map((entity) => ({ ...entity, relations: [] })),
    policies: model.policies.filter(({ entity }) => entity === 'Store'),
  }
  const stores = `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
    insert into app.store (tenant_id, name, region) values ('${acme}', 'A', 'north'), ('${globex}', 'G', 'north')`

  test('is refused where its owner sees none of their rows, and whoever sees all is pinned to the tenant', async () => {
    await withDatabase(async (setUp) => {
      const { db, options, of } = setUp
      await followModel({ ...options, catalog: of(withoutViews) })
      await asSuperuser(db, `drop view books.turnover; ${stores}; ${over}`)
      // Whoever row security does not hold for owns it; the migrator may pass the right to read on.
      const { rows } = await db.migrator.query('select current_user::text as name')
      await asSuperuser(db, `grant select on books.turnover to "${rows[0].name}" with grant option`)
      expect((await followModel(options)).followed).toBe(true)
      expect(await followModel(options)).toMatchObject({ changes: [] })
      expect((await statusOf(setUp)).reasons).toEqual([])
      const seen = (tenant: string | null) =>
        db.asActor({ roles: ['chief'], tenant }, async (client) => {
          const found = await client.query('select s.name from app.turnover t join app.store s on s.id = t.shop')
          const all = await client.query('select count(*)::int as count from app.turnover')
          return [found.rows.map(({ name }) => name), all.rows[0].count]
        })
      expect(await seen(acme)).toEqual([['A'], 1])
      expect(await seen(globex)).toEqual([['G'], 1])
      expect(await seen(null)).toEqual([[], 0])
      // Its owner is one of those that row security holds for.
      await asSuperuser(db, `alter view books.turnover owner to "${rows[0].name}"`)
      const error = (await followModel(options).catch((thrown: unknown) => thrown)) as Error
      expect(error.message).toContain(`reads "app.store", a table of an entity, with the rights of "${rows[0].name}"`)
    })
  })

  test('is refused where it reads what is Rowhouse’s own', async () => {
    await withDatabase(async ({ db, options, of }) => {
      await followModel({ ...options, catalog: of(withoutViews) })
      await asSuperuser(
        db,
        `drop view books.turnover; ${over.replace('from app.store', 'from rowhouse.tenant').replace('tenant_id as', 'id as').replace('id, tenant_id', 'id')}`,
      )
      const error = (await followModel(options).catch((thrown: unknown) => thrown)) as Error
      expect(error.message).toContain('reads "rowhouse.tenant", which belongs to Rowhouse')
    })
  })
})
