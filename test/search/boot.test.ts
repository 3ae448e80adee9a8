import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCatalog, migrate, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import { verifyDatabase } from '#server'
import { useDatabase } from '../support/database.ts'

const { model } = await loadModel('test/fixtures/apps/shelves')
const catalog = buildCatalog(model)
const db = useDatabase({ prepared: false, migrator: 'plain' })
let appFolder: string

beforeAll(async () => {
  appFolder = await mkdtemp(join(tmpdir(), 'rowhouse-boot-'))
  await writeFirstMigration(appFolder, catalog, 'initial')
  const { migratorUrl: migrateUrl, names } = db()
  const roleSets = model.roles.map(({ name }) => [name])
  await migrate({
    ...{ appFolder, migrateUrl, names, catalog, roleSets },
    loginPassword: new URL(db().loginUrl).password,
  })
})

afterAll(() => rm(appFolder, { recursive: true, force: true }))

/** What is wrong, but that it differs from what was migrated. */
async function problems() {
  const client = await db().connect(db().loginUrl)
  try {
    const found = await verifyDatabase(client, { appFolder, model, catalog, names: db().names })
    return found.filter(({ code }) => code !== 'DATABASE_DRIFTED').map(({ message, fix }) => ({ message, fix }))
  } finally {
    await client.end()
  }
}

/** Problems after a change, each of which is mended by what it says. */
async function provoked(change: string) {
  await db().migrator.query(change)
  const found = await problems()
  for (const text of new Set(found.flatMap(({ fix }) => fix))) await db().migrator.query(text)
  expect(await problems()).toEqual([])
  return found.map(({ message }) => message)
}

test('an app that searches may be served', async () => {
  expect(await problems()).toEqual([])
})

test('what finds rows of all belongs to the role that sees no others than those with the words', async () => {
  const { names } = db()
  const find = 'rowhouse_private.find_article(text, boolean)'
  expect(
    await provoked(`begin; set local role "${names.private}"; grant create on schema rowhouse_private to "${names.search}";
    reset role; alter function ${find} owner to "${names.private}"; commit`),
  ).toEqual([`Function "${find}" runs with the rights of "${names.private}", not of "${names.search}".`])
})

test('nobody else is let in by the policy of that role', async () => {
  expect(await provoked('alter policy searched on app.article to public')).toEqual([
    'Table "app.article" lets through every row to "public" by its policy "searched".',
  ])
})

test('no request becomes that role', async () => {
  const { names } = db()
  const found = await provoked(`grant "${names.search}" to "${names.member}"`)
  expect(found.join('\n')).toContain(`A request can become "${names.search}"`)
})
