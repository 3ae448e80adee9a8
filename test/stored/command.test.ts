import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { ledgersFolder } from './ledgers.ts'

const db = useDatabase({ migrator: 'plain' })
let parent = ''
let app = ''

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const seed = `import { defineSeed } from 'rowhouse'

export const seed = defineSeed(() => ({
  tenants: [
    { id: '${id(1)}', slug: 'acme', name: 'Acme', rows: {
      Customer: [{ id: '${id(2)}', name: 'Ann' }],
      Product: [{ id: '${id(3)}', name: 'nut', price: '2' }],
      Order: [{ id: '${id(4)}', customer: '${id(2)}', number: 'A' }],
      Entry: [{ id: '${id(5)}', order: '${id(4)}', product: '${id(3)}', quantity: 3 }],
    } },
  ],
}))
`

beforeAll(() => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  parent = mkdtempSync(join(root, '.tmp', 'ledgers-'))
  // The name of the folder is the name of the app, and so of its roles.
  app = join(parent, db().names.prefix)
  cpSync(ledgersFolder, app, { recursive: true, filter: (path) => !path.includes('.rowhouse') })
  writeFileSync(join(app, 'seed.ts'), seed)
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const run = (...args: readonly string[]) =>
  runRowhouse(args, { env: { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl } })

test('what is stored is compared with what it follows from, and repaired', async () => {
  expect(await run('check', app, '--drift')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('so there is nothing to check'),
  })
  expect(await run('migrate', app, '--write-first')).toMatchObject({ code: 0 })
  expect(await run('migrate', app)).toMatchObject({ code: 0 })
  expect(await run('seed', app)).toMatchObject({ code: 0 })
  expect(await run('check', app, '--drift')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Every value of 15 stored formulas is what it follows from.'),
  })
  await db().asOwner((client) =>
    client.query(
      `alter table app.customer disable trigger user; update app.customer set ordered = 7; alter table app.customer enable trigger user`,
    ),
  )
  expect(await run('check', app, '--drift')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('Customer.ordered: 1 row differs from its formula'),
  })
  expect(await run('check', app, '--drift', '--repair')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Customer.ordered: 1 row repaired'),
  })
  expect(await run('check', app, '--drift')).toMatchObject({ code: 0 })
}, 300_000)
