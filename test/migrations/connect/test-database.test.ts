import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase, serverUrl } from '../../support/database.ts'

test('a test database that leaks a connection fails, and is dropped with its roles all the same', async () => {
  const db = await createTestDatabase({ roles: ['sales'] })
  const leaked = await db.connect(db.loginUrl)
  leaked.on('error', () => undefined)
  await leaked.query('select 42 as the_leak')
  await expect(db.close()).rejects.toThrow(/leaves 1 connections open[\s\S]*the_leak/)
  const admin = new pg.Client({ connectionString: await serverUrl() })
  await admin.connect()
  const { rows } = await admin.query(
    'select rolname from pg_roles where starts_with(rolname, $1) union all select datname from pg_database where datname = $1',
    [db.name],
  )
  await admin.end()
  await leaked.end().catch(() => undefined)
  expect(rows).toEqual([])
})

test('two test databases share nothing', async () => {
  const [one, two] = [await createTestDatabase({ roles: ['sales'] }), await createTestDatabase({ roles: ['sales'] })]
  try {
    expect(one.names.prefix).not.toBe(two.names.prefix)
    const login = await one.connect(one.loginUrl)
    await expect(login.query(`set role "${two.names.anonymous}"`)).rejects.toMatchObject({ code: '42501' })
    await login.end()
  } finally {
    await one.close()
    await two.close()
  }
})
