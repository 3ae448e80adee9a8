import { beforeAll, describe, expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog, explainer, objectsOf } from '#migrations'
import { entityOf, indexModel, mayForActorsSql } from '#policies'
import type { Rule } from '#schema'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { id } from './related-model.ts'

const db = useDatabase()
const [tenant, ann, bob] = [id(1), id(11), id(12)] as const
const mine = m.compare('placedBy', 'is', m.actor('id'))
const draft = m.compare('status', 'is', 'draft')
const order = (verb: string) => m.path('order', m.may(verb))

const lineRules: readonly Rule[] = [
  m.allow('as visible as its order', 'signedIn', ['read'], { where: order('read') }),
  m.allow('edited with its order', 'signedIn', ['update', 'remove'], { where: order('update') }),
  m.allow('made in orders', 'sales', ['create'], { where: order('update') }),
]

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Order: {
      states: ['draft', 'placed'],
      fields: { number: m.text() },
      relations: { placedBy: m.one('User') },
      lists: { lines: { kind: 'many', to: 'Line', by: 'order' } },
    },
    Line: { fields: { text: m.text() }, relations: { order: m.one('Order') } },
    Note: { fields: { text: m.text() }, relations: { line: m.one('Line'), order: m.one('Order', { optional: true }) } },
    Secret: { relations: { order: m.one('Order') } },
    Folder: { fields: { name: m.text(), locked: m.plain('boolean') } },
    Page: { relations: { folder: m.one('Folder') } },
  },
  roles: { sales: [], clerk: [], boss: ['clerk'], auditor: [], anyone: [] },
  actor: { entity: 'User', values: [] },
  policies: {
    Order: [
      m.allow('clerks see all', 'clerk', ['read']),
      m.allow('sales sees its own', 'sales', ['read'], { where: mine }),
      m.allow('sales edits its drafts', 'sales', ['update'], { where: m.all(mine, draft) }),
    ],
    Line: lineRules,
    Note: [m.allow('as visible as its line', 'signedIn', ['read'], { where: m.path('line', m.may('read')) })],
    Secret: [
      m.allow('auditors see what sales sees', 'auditor', ['read'], { where: order('read') }),
      m.allow('or not', 'anyone', ['read'], { where: m.not(order('read')) }),
    ],
    Folder: [
      m.allow('seen', 'signedIn', ['read']),
      m.deny('locked', 'signedIn', ['read'], { where: m.compare('locked', 'is', true) }),
    ],
    Page: [m.allow('as its folder', 'signedIn', ['read'], { where: m.path('folder', m.may('read')) })],
  },
})
const index = indexModel(model)
const catalog = buildCatalog(model)

const policies = (table: string, command: string) =>
  catalog.tables
    .find((each) => each.name === table)!
    .policies.filter((each) => each.command === command && /^[rd]_/.test(each.name))
    .map(({ roles, using, check, comment }) => ({ roles: roles.join(), using, check, comment }))
    .sort((a, b) => (a.roles < b.roles ? -1 : 1))

describe('policies that ask for a right', () => {
  test('are written out for each rule that gives it, to whom it gives it', () => {
    expect(policies('line', 'select')).toEqual([
      { roles: ':ROLE_CLERK', using: '"deleted_at" is null', check: null, comment: 'as visible as its order' },
      {
        roles: ':ROLE_SALES',
        // Of a live line the order is live: the line carries who placed it.
        using: '"deleted_at" is null and "order_placed_by_id" = (select rowhouse.actor_id())',
        check: null,
        comment: 'as visible as its order',
      },
    ])
  })

  test('speak to a role that holds for who is in both', () => {
    const told = policies('secret', 'select').filter(({ roles }) => roles !== ':ROLE_ANYONE')
    expect(told).toEqual([
      {
        roles: ':BOTH_AUDITOR__CLERK',
        using: '"deleted_at" is null',
        check: null,
        comment: 'auditors see what sales sees',
      },
      {
        roles: ':BOTH_AUDITOR__SALES',
        using: '"deleted_at" is null and "order_placed_by_id" = (select rowhouse.actor_id())',
        check: null,
        comment: 'auditors see what sales sees',
      },
    ])
    expect(catalog.roles.filter(({ name }) => name.startsWith(':BOTH_'))).toEqual([
      { name: ':BOTH_AUDITOR__CLERK', memberOf: [], comment: 'Everyone with auditor, clerk.' },
      { name: ':BOTH_AUDITOR__SALES', memberOf: [], comment: 'Everyone with auditor, sales.' },
    ])
  })

  test('stay whole where a denial speaks, and under `not`', () => {
    expect(policies('page', 'select')).toHaveLength(1)
    expect(policies('secret', 'select').filter(({ roles }) => roles === ':ROLE_ANYONE')).toHaveLength(1)
  })

  test('have names of their own that stay', () => {
    const names = catalog.tables.flatMap((table) => table.policies.map(({ name }) => `${table.name} ${name}`))
    expect(new Set(names).size).toBe(names.length)
    expect(buildCatalog(model).tables).toEqual(catalog.tables)
  })

  test('say where the right comes from', () => {
    const explain = explainer(model, catalog)
    const said = objectsOf(catalog)
      .flatMap((object) => (object.kind === 'policy' && object.table.name === 'line' ? [explain(object)] : []))
      .flatMap(({ sentences }) => sentences)
    expect(said).toContainEqual(
      expect.stringMatching(
        /^"r_[0-9a-f]{12}" lets sales read .*: "as visible as its order", where the right comes from "sales sees its own"\.$/,
      ),
    )
    for (const object of objectsOf(catalog)) expect(explain(object).sentences.length).toBeGreaterThan(0)
  })

  test('that ask for themselves are refused', () => {
    const circle = m.makeModel({
      entities: { A: { relations: { b: m.one('B') } }, B: { relations: { a: m.one('A') } } },
      policies: {
        A: [m.allow('a', 'signedIn', ['read'], { where: m.not(m.path('b', m.may('read'))) })],
        B: [m.allow('b', 'signedIn', ['read'], { where: m.path('a', m.may('read')) })],
      },
    })
    expect(() => buildCatalog(circle)).toThrow(/ask for themselves/)
  })
})

describe('what they show', () => {
  beforeAll(async () => {
    await expectCatalogReadBack(db(), catalog)
    await db().asOwner((client) =>
      client.query(`
        insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here'), ('${id(2)}', 'there', 'There');
        insert into app."user" (id) values ('${ann}'), ('${bob}');
        insert into app."order" (tenant_id, id, number, status, placed_by_id, deleted_at) values
          ('${tenant}', '${id(51)}', 'a', 'draft', '${ann}', null), ('${tenant}', '${id(52)}', 'b', 'placed', '${ann}', null),
          ('${tenant}', '${id(53)}', 'c', 'draft', '${bob}', null), ('${id(2)}', '${id(59)}', 'far', 'draft', '${ann}', null);
        insert into app.line (tenant_id, id, text, order_id, deleted_at) values
          ('${tenant}', '${id(61)}', 'x', '${id(51)}', null), ('${tenant}', '${id(62)}', 'x', '${id(52)}', null),
          ('${tenant}', '${id(63)}', 'x', '${id(53)}', null), ('${tenant}', '${id(64)}', 'x', '${id(51)}', now()), ('${tenant}', '${id(65)}', 'x', '${id(51)}', null),
          ('${id(2)}', '${id(69)}', 'x', '${id(59)}', null);
        insert into app.note (tenant_id, id, text, line_id) values
          ('${tenant}', '${id(71)}', 'n', '${id(61)}'), ('${tenant}', '${id(73)}', 'n', '${id(63)}');
        insert into app.secret (tenant_id, id, order_id) values
          ('${tenant}', '${id(81)}', '${id(51)}'), ('${tenant}', '${id(83)}', '${id(53)}');
        insert into app.folder (tenant_id, id, name, locked) values
          ('${tenant}', '${id(91)}', 'open', false), ('${tenant}', '${id(92)}', 'locked', true);
        insert into app.page (tenant_id, id, folder_id) values
          ('${tenant}', '${id(95)}', '${id(91)}'), ('${tenant}', '${id(96)}', '${id(92)}');
      `),
    )
    await db().ensureRoleSets([
      ['sales'],
      ['clerk'],
      ['boss'],
      ['clerk', 'sales'],
      ['auditor', 'sales'],
      ['anyone', 'sales'],
    ])
  }, 60_000)

  const who = { tenant, actor: ann }

  test.each([
    ['Line', 'sales', [61, 62, 65]],
    ['Line', 'clerk', [61, 62, 63, 65]],
    ['Line', 'boss', [61, 62, 63, 65]],
    ['Line', 'clerk,sales', [61, 62, 63, 65]],
    ['Line', 'auditor', []],
    ['Line', '', []],
    ['Note', 'sales', [71]],
    ['Note', 'clerk', [71, 73]],
    ['Secret', 'auditor', []],
    ['Secret', 'auditor,sales', [81]],
    ['Secret', 'auditor,boss', [81, 83]],
    ['Secret', 'anyone', [81, 83]],
    ['Secret', 'anyone,sales', [83]],
    ['Page', '', [95]],
  ] as const)('%s to "%s": %j', async (name, roles, expected) => {
    const set = roles === '' ? [] : roles.split(',')
    const { table } = entityOf(index, name)
    const seen = await db().asActor({ ...who, roles: set }, (client) =>
      client.query<{ id: string }>(`select id from app.${table} order by id`),
    )
    expect(seen.rows.map((row) => Number(row.id.slice(24)))).toEqual(expected)
    const together = toText(mayForActorsSql(entityOf(index, name), 'read', index))
    const actors = JSON.stringify([{ actor: 'ann', id: ann, tenant_id: tenant, roles: set, claims: {}, request: {} }])
    const { rows } = await db().asOwner((client) => client.query<{ row: [string] }>(`${together} order by 2`, [actors]))
    expect(rows.map(({ row }) => Number(row[0].slice(24)))).toEqual(expected)
  })

  test('a visitor sees nothing of it', async () => {
    await expect(
      db().asActor({ roles: null }, (client) => client.query('select id from app.line')),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('lines change with drafts alone', async () => {
    const changed = await db().asActor({ ...who, roles: ['clerk', 'sales'] }, (client) =>
      client.query<{ id: string }>(`update app.line set text = 'y' returning id`),
    )
    expect(changed.rows.map((row) => Number(row.id.slice(24)))).toEqual([61, 65])
  })

  test('a line is not moved into an order that may not be changed', async () => {
    await expect(
      db().asActor({ ...who, roles: ['clerk', 'sales'] }, (client) =>
        client.query(`update app.line set order_id = '${id(52)}' where id = '${id(61)}'`),
      ),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('a line is not made in one either', async () => {
    const make = (at: number) =>
      db().asActor({ ...who, roles: ['sales'] }, (client) =>
        client.query(`insert into app.line (text, order_id) values ('new', '${id(at)}') returning text`),
      )
    await expect(make(52)).rejects.toMatchObject({ code: '42501' })
    await expect(make(53)).rejects.toMatchObject({ code: 'RH404' })
    expect((await make(51)).rowCount).toBe(1)
  })

  test('verbs ask the same', async () => {
    const remove = (at: number) =>
      db().asActor({ ...who, roles: ['clerk', 'sales'] }, async (client) => {
        const { rows } = await client.query(`select rowhouse_private.remove_line('${id(at)}') as said`)
        return rows[0].said
      })
    await expect(remove(62)).rejects.toMatchObject({ code: '42501' })
    await expect(remove(63)).rejects.toMatchObject({ code: '42501' })
    expect(await remove(69)).toBe('missing')
    expect(await remove(65)).toBe('removed')
  })
})
