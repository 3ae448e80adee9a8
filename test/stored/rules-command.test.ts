import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { vouchersFolder } from './ledgers.ts'

const db = useDatabase({ migrator: 'plain' })
let parent = ''
let app = ''

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const seed = (amount: number) => `import { defineSeed } from 'rowhouse'

export const seed = defineSeed(() => ({
  tenants: [
    { id: '${id(1)}', slug: 'acme', name: 'Acme', rows: {
      Project: [{ id: '${id(2)}', name: 'P', budget: '10' }],
      Voucher: [{ id: '${id(3)}', number: 'V', declared: '3', project: '${id(2)}' }],
      Posting: [{ id: '${id(4)}', amount: '${amount}', voucher: '${id(3)}' }],
    } },
  ],
}))
`

beforeAll(() => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  parent = mkdtempSync(join(root, '.tmp', 'vouchers-'))
  // The name of the folder is the name of the app, and so of its roles.
  app = join(parent, db().names.prefix)
  cpSync(vouchersFolder, app, { recursive: true, filter: (path) => !path.includes('.rowhouse') })
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const run = (...args: readonly string[]) =>
  runRowhouse(args, { env: { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl } })

test('a seed that breaks a rule is refused, and rows that break one are listed by their keys and stay as they are', async () => {
  writeFileSync(join(app, 'seed.ts'), seed(4))
  expect(await run('migrate', app, '--write-first')).toMatchObject({ code: 0 })
  expect(await run('migrate', app)).toMatchObject({ code: 0 })
  expect(await run('seed', app)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('breaks a rule: Voucher: what is declared is the sum of the lines'),
  })
  writeFileSync(join(app, 'seed.ts'), seed(3))
  expect(await run('seed', app)).toMatchObject({ code: 0 })
  await db().asOwner((each) =>
    each.query(
      'alter table app.voucher disable trigger user; update app.voucher set declared = 9; alter table app.voucher enable trigger user',
    ),
  )
  // Nobody can say which side is wrong.
  for (const repair of [[], ['--repair']])
    expect(await run('check', app, '--drift', ...repair)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        `Voucher: 1 row breaks "what is declared is the sum of the lines": ${id(1)} ${id(3)}`,
      ),
    })
  // Here the stored side is wrong as well, and right values are repaired beside it.
  const past = (statement: string, table: string) =>
    db().asOwner((each) =>
      each.query(
        `set local rowhouse.tenant_id = '${id(1)}'; alter table app.${table} disable trigger user; ${statement}; alter table app.${table} enable trigger user`,
      ),
    )
  await past('update app.voucher set declared = 3', 'voucher')
  await past('update app.posting set amount = 8', 'posting')
  await past("update app.voucher set label = 'wrong'", 'voucher')
  const repaired = await run('check', app, '--drift', '--repair')
  expect(repaired.code).toBe(1)
  expect(repaired.stdout).toContain('Voucher.label: 1 row repaired\n')
  expect(repaired.stdout).toContain('Voucher.sum: 0 rows repaired, 1 left: the right value breaks a rule')
  await past('update app.voucher set declared = 8', 'voucher')
  expect((await run('check', app, '--drift', '--repair')).stdout).toContain('Voucher.sum: 1 row repaired\n')
  expect(await run('check', app, '--drift')).toMatchObject({ code: 0 })
}, 300_000)
