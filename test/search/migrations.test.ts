import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, followModel } from '#migrations'
import type { Model, Search } from '#schema'
import { repairSql } from '../../migrations/run/repair-sql.ts'
import { type CatalogReadBack, expectCatalogHeld } from '../support/catalog-read-back.ts'
import { useDatabase } from '../support/database.ts'
import { allow, makeModel, text } from '../support/model.ts'

const home = mkdtempSync(join(tmpdir(), 'rowhouse-search-'))
afterAll(() => rmSync(home, { recursive: true }))
// As on a managed server: nobody is superuser.
const db = useDatabase({ migrator: 'plain' })
const acme = '00000000-0000-7000-8000-00000000000a'

const titles: Search = { language: 'simple', fields: [{ name: 'title', weight: 'A' }] }
const both: Search = { language: 'english', fields: [...titles.fields, { name: 'body', weight: 'B' }] }

function searching(search: Search | null): Model {
  const model = makeModel({
    app: db().names.prefix,
    entities: { Note: { fields: { title: text(), body: text() } } },
    roles: { sales: [] },
    policies: { Note: [allow('all', 'sales', ['read', 'create'])] },
  })
  return { ...model, entities: model.entities.map((entity) => ({ ...entity, search })) }
}

const follow = async (search: Search | null) => {
  const { names, migratorUrl } = db()
  const catalog = buildCatalog(searching(search))
  const result = await followModel({ appFolder: home, migrateUrl: migratorUrl, names, catalog, roleSets: [['sales']] })
  expect(result.followed, JSON.stringify(result.changes.filter((each) => each.class === 'destructive'))).toBe(true)
  return await expectCatalogHeld(db(), catalog)
}

const found = (words: string) =>
  db().asActor({ roles: ['sales'], tenant: acme }, async (client) => {
    const { rows } = await client.query('select count(*)::integer as n from rowhouse_private.search_note($1, true)', [
      words,
    ])
    return rows[0].n
  })

test('a filled table is searched, by other texts, and no more', async () => {
  await follow(null)
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`),
  )
  await db().asActor({ roles: ['sales'], tenant: acme }, (client) =>
    client.query(`insert into app.note (title, body) values ('Running shoes', 'walks'), ('Hats', 'run')`),
  )
  await follow(titles)
  expect([await found('running'), await found('run '), await found('walks')]).toEqual([1, 0, 0])
  await follow(both)
  expect([await found('running'), await found('run '), await found('walk ')]).toEqual([2, 2, 1])
  await follow(null)
  await expect(found('running')).rejects.toMatchObject({ code: '42883' })
  const { search } = db().names
  const { rows } = await db().migrator.query(
    `select has_schema_privilege($1, 'app', 'usage') or has_schema_privilege($1, 'rowhouse', 'usage')
       or has_schema_privilege($1, 'rowhouse_private', 'usage') as left`,
    [search],
  )
  expect(rows).toEqual([{ left: false }])
})

describe('tampering is found', () => {
  let held: CatalogReadBack
  beforeAll(async () => {
    held = await follow(titles)
  })
  const column = () => buildCatalog(searching(titles)).tables[0]!.columns.at(-1)!.name

  test.each([
    ['owner', 'drop policy search on app.note'],
    ['owner', 'alter policy search on app.note rename to words'],
    ['owner', 'alter policy searched on app.note to public'],
    ['owner', 'drop index app.note_search_idx'],
    ['search', 'grant execute on function rowhouse_private.find_note(text, boolean) to "MEMBER"'],
    ['owner', 'grant select on app.note to "MEMBER"'],
  ] as const)('%s: %s', async (who, statement) => {
    const { names, migrator: client } = db()
    await client.query('begin')
    try {
      await client.query(`set local role "${who === 'owner' ? names.owner : names.search}"`)
      await client.query(statement.replace('COLUMN', column()).replace('MEMBER', names.member))
      const found = await held.differencesIn(client)
      expect(found).not.toEqual([])
      const means = { left: held.expected, generated: held.catalog, words: held.words }
      const fixes = new Set(found.flatMap((each) => repairSql(each, means)))
      for (const fix of fixes) if (!/^(begin|commit);$/.test(fix)) await client.query(fix)
      expect(await held.differencesHere(client)).toEqual([])
    } finally {
      await client.query('rollback')
    }
  })
})
