import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, followModel } from '#migrations'
import { loadModel } from '#policies'
import type { Entity, Field, Model, Rule } from '#schema'
import { repairSql } from '../../migrations/run/repair-sql.ts'
import { type CatalogReadBack, expectCatalogHeld } from '../support/catalog-read-back.ts'
import { useDatabase } from '../support/database.ts'
import { acme, folder, mia, sam, zoe } from './margins.ts'

const { model } = await loadModel(folder)
const home = mkdtempSync(join(tmpdir(), 'rowhouse-faces-'))
afterAll(() => rmSync(home, { recursive: true }))
const db = useDatabase({ migrator: 'plain' })

/** The app with other rules for deals, or another deal. */
function withDeal(
  rules: (rules: readonly Rule[]) => readonly Rule[],
  deal: (entity: Entity) => Entity = (one) => one,
): Model {
  return {
    ...model,
    app: db().names.prefix,
    entities: model.entities.map((entity) => (entity.name === 'Deal' ? deal(entity) : entity)),
    policies: model.policies.map((policy) =>
      policy.entity === 'Deal' ? { ...policy, rules: rules(policy.rules) } : policy,
    ),
  }
}

const plain = () => withDeal((rules) => rules.filter(({ effect, fields }) => effect === 'allow' && fields === null))
const faced = () => withDeal((rules) => rules)
const rank = (entity: Entity): Field => ({
  ...entity.fields.find(({ name }) => name === 'bonus')!,
  name: 'rank',
  column: 'rank',
})
const grown = () =>
  withDeal(
    (rules) => rules.filter(({ title }) => title !== 'who brought whom'),
    (entity) => ({ ...entity, fields: [rank(entity), ...entity.fields] }),
  )
const shrunk = () =>
  withDeal(
    (rules) => rules.filter(({ effect, fields }) => effect === 'allow' && fields === null),
    (entity) => ({ ...entity, fields: [rank(entity), ...entity.fields] }),
  )

const follow = async (to: Model) => {
  const { names, migratorUrl } = db()
  const catalog = buildCatalog(to)
  const roleSets = [['sales'], ['manager'], ['clerk']]
  const result = await followModel({ appFolder: home, migrateUrl: migratorUrl, names, catalog, roleSets })
  expect(result.followed, JSON.stringify(result.changes.filter((each) => each.class === 'destructive'))).toBe(true)
  return await expectCatalogHeld(db(), catalog)
}

const rows = () => db().migrator.query(`select number, margin, ctid::text as place from app.deal order by number`)
const asOwner = async (text: string) => {
  await db().asOwner(async (client) => {
    await client.query(`alter table app.deal no force row level security`)
    await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
    await client.query(text)
    await client.query(`alter table app.deal force row level security`)
  })
}
const seen = (roles: readonly string[], from: string) =>
  db().asActor(
    { roles, tenant: acme, actor: sam },
    async (client) => (await client.query(`select number, margin from ${from} order by number`)).rows,
  )

test('a filled table gets faces, other faces and a new column, and loses them again; no row moves', async () => {
  await follow(plain())
  await db()
    .migrator.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`)
    .catch(async () => {
      await db().asOwner((client) =>
        client.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`),
      )
    })
  await db().asOwner(async (client) => {
    for (const table of ['"user"', 'customer'])
      await client.query(`alter table app.${table} no force row level security`)
    await client.query(`insert into app."user" (id, name) values ('${sam}', 'Sam'), ('${mia}', 'Mia')`)
    await client.query(`insert into app.customer (tenant_id, id, name) values ('${acme}', '${zoe}', 'Zoe')`)
    for (const table of ['"user"', 'customer']) await client.query(`alter table app.${table} force row level security`)
  })
  await asOwner(`insert into app.deal (tenant_id, number, region, price, margin, terms_days, terms_place, customer_id, placed_by_id)
    select '${acme}', 'N' || n, 'eu', n, n, 1, 'x', '${zoe}', '${mia}' from generate_series(1, 3) n`)
  expect(await seen(['sales'], 'app.deal')).toHaveLength(3)
  const stored = async () => {
    await db().migrator.query('begin')
    await db().migrator.query(`set local role "${db().names.owner}"`)
    await db().migrator.query('alter table app.deal no force row level security')
    const found = (await rows()).rows
    await db().migrator.query('rollback')
    return found
  }
  const before = await stored()
  expect(before).toHaveLength(3)

  await follow(faced())
  expect(await seen(['manager'], 'app.deal__shown')).toEqual(
    [1, 2, 3].map((n) => ({ number: `N${n}`, margin: `${n}.00` })),
  )
  expect(await seen(['clerk'], 'app.deal__shown')).toEqual([1, 2, 3].map((n) => ({ number: `N${n}`, margin: null })))
  expect(await seen(['clerk'], 'app.deal')).toEqual([])
  expect(await stored()).toEqual(before)

  await follow(grown())
  expect(await seen(['manager'], 'app.deal__shown where rank is null')).toHaveLength(3)
  expect(await stored()).toEqual(before)

  await follow(shrunk())
  expect(await seen(['sales'], 'app.deal')).toHaveLength(3)
  await expect(seen(['clerk'], 'app.deal')).rejects.toThrow('permission denied')
  expect(await stored()).toEqual(before)
  const left = await db().migrator.query(`select relname from pg_class where relname like 'deal\\_\\_%'`)
  expect(left.rows).toEqual([])
})

describe('tampering is found', () => {
  let held: CatalogReadBack
  beforeAll(async () => {
    held = await follow(
      withDeal(
        (rules) => rules,
        (entity) => ({ ...entity, fields: [rank(entity), ...entity.fields] }),
      ),
    )
  })

  test.each([
    [
      'a hidden column is granted',
      'grant select (margin) on app.deal__rows to public',
      'grant app.deal__rows margin select to public: unexpected',
    ],
    [
      'a policy lets more in',
      'create policy more on app.deal for select to public using (true)',
      'policy app.deal more: unexpected',
    ],
    [
      'a face is taken off',
      'alter table app.deal__face_0 detach partition app.deal',
      'table app.deal__face_0: face of should be "deal"',
    ],
    [
      'another table stands behind',
      'create table app.more partition of app.deal__face_0 for values in (null)',
      'face of should be "deal"',
    ],
    ['a face shows all', 'alter table app.deal__face_0 disable row level security', 'row security should be "on"'],
    [
      'a column has another default',
      `alter table app.deal__rows alter column note set default 'x'`,
      'column app.deal__rows note: default',
    ],
  ])('%s', async (_, text, told) => {
    const client = db().migrator
    await client.query('begin')
    try {
      await client.query(`set local role "${db().names.owner}"`)
      await client.query(text)
      const differences = await held.differencesHere(client)
      expect(differences.join('\n')).toContain(told)
    } finally {
      await client.query('rollback')
    }
  })

  test.each([
    [
      'the table behind is taken off',
      'alter table app.deal__face_0 detach partition app.deal',
      'alter table "app"."deal__face_0" attach partition',
    ],
    [
      'a face is taken off',
      `do $$ begin execute (select format('alter table app.deal__rows detach partition %s', inhrelid::regclass) from pg_inherits where inhparent = 'app.deal__rows'::regclass); end $$`,
      'attach partition',
    ],
    [
      'a policy of a face is dropped',
      `do $$ begin execute (select format('drop policy %I on app.deal__face_0', polname) from pg_policy
         where polrelid = 'app.deal__face_0'::regclass and not polpermissive and polname like 'd\\_%' limit 1); end $$`,
      'create policy "d_',
    ],
    ['all rows stand on all faces', 'alter policy tenant on app.deal using (true)', 'create policy "tenant"'],
    [
      'the view shows what a face hides',
      `do $$ begin execute 'create or replace view app.deal__shown with (security_invoker = true) as '
         || replace(pg_get_viewdef('app.deal__shown'::regclass), 'NULL::numeric(12,2) AS margin', 'price::numeric(12,2) AS margin'); end $$`,
      'create view',
    ],
  ])('and what is printed mends it: %s', async (_, text, printed) => {
    const client = db().migrator
    await client.query('begin')
    try {
      await client.query(`set local role "${db().names.owner}"`)
      await client.query(text)
      const found = await held.differencesIn(client)
      expect(found).not.toEqual([])
      const fixes = new Set(
        found.flatMap((each) => repairSql(each, { left: held.expected, generated: held.catalog, words: held.words })),
      )
      expect([...fixes].join('\n')).toContain(printed)
      for (const fix of fixes) if (!/^(begin|commit);$/.test(fix)) await client.query(fix)
      expect(await held.differencesHere(client)).toEqual([])
    } finally {
      await client.query('rollback')
    }
  })

  test('a face that was dropped is missed, with the view in front of it', async () => {
    const client = db().migrator
    await client.query('begin')
    try {
      await client.query(`set local role "${db().names.owner}"`)
      await client.query('alter table app.deal__face_0 detach partition app.deal')
      await client.query('drop table app.deal__face_0 cascade')
      const told = (await held.differencesHere(client)).join('\n')
      expect(told).toContain('table app.deal__face_0: missing')
      expect(told).toContain('view app.deal__shown: missing')
    } finally {
      await client.query('rollback')
    }
  })

  test('the view reads as its owner', async () => {
    const alter = (to: boolean) =>
      db().asOwner((client) => client.query(`alter view app.deal__shown set (security_invoker = ${to})`))
    await alter(false)
    expect(await held.differences()).toEqual(['view app.deal__shown: security invoker should be "on", but is null'])
    await alter(true)
    expect(await held.differences()).toEqual([])
  })
})
