import { expect, test } from 'vitest'
import { buildCatalog, diffCatalogs, renderAdditions, replacePlaceholders } from '#migrations'
import { entitiesOnly, modelOf } from '../schema/written-app.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const tenant = '00000000-0000-7000-8000-00000000000a'
const catalogOf = async (history: string) => {
  const model = await modelOf(
    entitiesOnly(`export const Note = entity('Note', { ${history} fields: { text: string() } })`),
  )
  return buildCatalog({ ...model, app: database().name })
}

test('a table that was there gains a history by additions alone, and its rows are found when they change', async () => {
  const [before, after] = [await catalogOf(''), await catalogOf('history: true,')]
  await database().applyCatalog(before)
  const asOwner = (text: string) =>
    database().asOwner(async (client) => {
      await client.query('alter table app.note no force row level security')
      await client.query(text)
      await client.query('alter table app.note force row level security')
    })
  await asOwner(`insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'a', 'A')`)
  await asOwner(`insert into app.note (tenant_id, text) values ('${tenant}', 'old')`)
  const changes = diffCatalogs(before, after)
  expect(changes.filter((change) => change.class !== 'add')).toEqual([])
  const text = renderAdditions(changes)
  await database().migrator.query(replacePlaceholders(text, database().names))
  await asOwner(`update app.note set text = 'new'`)
  const { rows } = await database().asRole(
    database().names.private,
    (client) => client.query('select revision, change, text from app.note_history order by revision'),
    { 'rowhouse.tenant_id': tenant },
  )
  expect(rows).toEqual([
    { revision: 1, change: 'found', text: 'old' },
    { revision: 2, change: 'update', text: 'new' },
  ])
})
