import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildCatalog, diffCatalogs, followModel } from '#migrations'
import { loadModel } from '#policies'
import type { Entity, Model } from '#schema'
import { runSeed } from '#server'
import { expectCatalogHeld } from '../support/catalog-read-back.ts'
import { useDatabase } from '../support/database.ts'
import { acme, folder, keys, locked } from './vault.ts'

const { model } = await loadModel(folder)
const home = mkdtempSync(join(tmpdir(), 'rowhouse-secrets-'))
afterAll(() => rmSync(home, { recursive: true }))
const db = useDatabase({ migrator: 'plain' })

/** The app with other accounts. */
const withAccount = (change: (entity: Entity) => Entity): Model => ({
  ...model,
  app: db().names.prefix,
  entities: model.entities.map((entity) => (entity.name === 'Account' ? change(entity) : entity)),
})
const without = () =>
  withAccount((entity) => ({ ...entity, fields: entity.fields.filter(({ type }) => type.kind !== 'secret') }))
const whole = () => withAccount((entity) => entity)
const otherwise = () =>
  withAccount((entity) => ({
    ...entity,
    fields: entity.fields.map((field) =>
      field.type.kind === 'secret' ? { ...field, type: { kind: 'secret', keep: 'encrypted' } } : field,
    ),
  }))

const follow = async (to: Model) => {
  const { names, migratorUrl } = db()
  return await followModel({ appFolder: home, migrateUrl: migratorUrl, names, catalog: buildCatalog(to), roleSets: [] })
}

test('a filled table gets secrets, and what is read back equals what was wanted; tampering is found', async () => {
  expect((await follow({ ...without(), policies: withoutPins(without()) })).followed).toBe(true)
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`),
  )
  const again = await follow(whole())
  expect(again.followed, JSON.stringify(again.changes.map(({ description }) => description))).toBe(true)
  const held = await expectCatalogHeld(db(), buildCatalog(whole()))
  const seed = {
    tenants: [{ id: acme, slug: 'acme', name: 'Acme', rows: { Account: [{ id: locked, number: 'A', pin: 'x1' }] } }],
  }
  await runSeed(whole(), seed, { client: db().migrator, owner: db().names.owner, again: true, secretKeys: keys })
  const kept = async () =>
    (await db().asOwner((client) => client.query('select mark::text, sealed from rowhouse.secret'))).rows
  const [first] = await kept()
  // A seed that is written again leaves nothing of what it said before.
  await runSeed(whole(), seed, { client: db().migrator, owner: db().names.owner, again: true, secretKeys: keys })
  const after = await kept()
  expect(after).toHaveLength(1)
  expect(after[0].mark).not.toBe(first.mark)
  for (const tampering of [
    'alter table app.account disable trigger rowhouse_0_secrets',
    'drop trigger rowhouse_7_secrets on app.account',
    'alter table app.account drop constraint account_pin_check',
    `create or replace function rowhouse_private.keep_secrets_account() returns trigger language plpgsql security definer set search_path = '' as 'begin return new; end'`,
  ]) {
    await db().migrator.query('begin')
    await db().migrator.query(tampering)
    expect(await held.differencesHere(db().migrator), tampering).not.toEqual([])
    await db().migrator.query('rollback')
  }
})

test('how a secret is kept is not changed under rows that have one', async () => {
  const changes = diffCatalogs(buildCatalog(whole()), buildCatalog(otherwise()))
  expect(changes.filter((each) => each.class === 'destructive').map(({ description }) => description)).toEqual([
    'constraint app.account account_pin_check: changed; existing rows may not fit',
  ])
  expect((await follow(otherwise())).followed).toBe(false)
  const other = buildCatalog(otherwise()).tables.find(({ name }) => name === 'account')
  const check = other?.constraints.find(({ name }) => name === 'account_pin_check')?.definition
  await expect(
    db().asOwner((client) => client.query(`alter table app.account add constraint other_check ${check}`)),
  ).rejects.toMatchObject({ code: '23514' })
})

test('without its trigger a table takes no secret at all', async () => {
  const said = await db()
    .asOwner(async (client) => {
      await client.query('alter table app.account disable trigger user')
      await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
      await client.query(`insert into app.account (number, pin) values ('Z', '$argon2id$hush')`)
    })
    .catch((error: { readonly code: string }) => error.code)
  expect(said).toBe('23514')
})

/** Rules that name no secret. */
function withoutPins({ policies }: Model): Model['policies'] {
  return policies.map((policy) =>
    policy.entity === 'Account'
      ? {
          ...policy,
          rules: policy.rules.filter(({ fields, where }) => fields?.includes('pin') !== true && where === null),
        }
      : policy,
  )
}
