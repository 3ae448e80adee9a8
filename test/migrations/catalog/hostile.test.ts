import { expect, test } from 'vitest'
import { buildCatalog, renderCatalog } from '#migrations'
import type { Rule } from '#schema'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { id } from './shop.ts'

const db = useDatabase()

const words = [
  `'; drop schema app cascade; --`,
  `$body$; drop schema app cascade; $body$ $body1$`,
  `one\n--! include /etc/passwd\n--!no-transaction`,
  `:OWNER ":PRIVATE" ':ROLE_ADMIN'`,
  `*/ /* \\ \\' E'\\x' \u202e\u2028\u0007`,
  `%s %I % {} \${x}`,
]

/** A model with the words wherever an author's words may stand. */
function hostileModel(word: string) {
  const where = m.any(
    m.compare('title', 'contains', word),
    m.compare('title', 'in', [word, 'x']),
    m.compare('title', 'endsWith', m.actor('word')),
  )
  const rules: readonly Rule[] = [
    m.allow(`${word} read`, 'sales', ['read'], { where }),
    m.allow(`${word} one`, 'sales', ['update', 'create'], { where, fields: ['title', 'mood'] }),
    m.allow(`${word} two`, 'sales', ['update', 'remove'], { where: m.path('parent', where) }),
    m.deny(`${word} deny`, 'everyone', ['remove'], { where, because: word }),
  ]
  return m.makeModel({
    entities: {
      User: { tenant: false },
      Note: {
        note: word,
        states: [word, 'other'],
        fields: {
          title: { ...m.text({ default: { kind: 'value', value: word } }), note: word },
          mood: { ...m.choice(word, 'fine'), default: { kind: 'value', value: word } },
        },
        relations: { parent: m.one('Note', { optional: true }) },
        indexes: [m.indexOn([{ name: 'title', descending: false }], m.compare('title', 'isNot', word))],
      },
    },
    roles: { sales: [] },
    actor: { entity: 'User', values: [m.claim('word', m.text())] },
    policies: { Note: rules },
  })
}

test.each(words)('%j is data and nothing else', async (word) => {
  const model = hostileModel(word)
  const catalog = buildCatalog(model)
  const text = renderCatalog(catalog)
  expect(text).not.toMatch(/^--!/m)
  expect(text).not.toMatch(/[\u202e\u2028]|\p{Cc}(?<!\n)/u)
  await db().migrator.query('drop schema if exists app, rowhouse_private cascade')
  await db()
    .asRole(db().names.owner, (client) => client.query('select'))
    .catch(() => null)
  await db().migrator.query(`create schema app authorization ${db().names.owner}`)
  await db().migrator.query(`create schema rowhouse_private authorization ${db().names.private}`)
  await db().migrator.query(
    `grant usage on schema app, rowhouse_private to ${db().names.private}, ${db().names.owner}, ${db().names.member}`,
  )
  await db().applyCatalog(catalog)
  const { rows: comments } = await db().migrator.query(
    `select obj_description('app.note'::regclass) as note, col_description('app.note'::regclass, attnum) as title
     from pg_attribute where attrelid = 'app.note'::regclass and attname = 'title'`,
  )
  expect(comments).toEqual([{ note: word, title: word }])
  const { rows: titles } = await db().migrator.query(
    `select obj_description(oid) as title from pg_policy where polrelid = 'app.note'::regclass and polname ~ '^[rd]_'`,
  )
  for (const { title } of titles) expect(title).toMatch(/(read|one|two|deny)$/)
  expect(titles.every(({ title }) => title.startsWith(word))).toBe(true)
  const tenant = id(1)
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ($1, 'a', 'a') on conflict do nothing`, [tenant]),
  )
  await db().asOwner((client) => client.query('insert into app.note (tenant_id) values ($1)', [tenant]))
  const as = { roles: ['sales'], tenant, actor: id(2), claims: { word } }
  const { rows } = await db().asActor(as, (client) => client.query('select id, title, mood, status from app.note'))
  expect(rows).toMatchObject([{ title: word, mood: word, status: word }])
  const changed = await db()
    .asActor(as, (client) => client.query(`update app.note set title = title || 'x', mood = 'fine'`))
    .catch((error) => error.code)
  expect(changed).toMatchObject({ rowCount: 1 })
  const denied = await db()
    .asActor(as, (client) => client.query('select rowhouse_private.remove_note($1)', [rows[0].id]))
    .catch((error) => error)
  expect(denied).toMatchObject({ code: '42501', hint: word })
})
