import type { Client } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { runSeed } from '#server'
import { checkTables } from '../../server/postgres/boot-checks/check-tables.ts'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const files = {
  'schema/all.entity.ts': `export const Unit = entity('Unit', {
  tenant: 'shared', display: 'code',
  fields: { code: string({ unique: true }), kind: choice(['mass', 'length'], { default: 'mass' }) },
  relations: {
    base: one('Unit', { optional: true, onDelete: 'setNull' }), notes: many('UnitNote', { by: 'unit' }), items: many('Item', { by: 'unit' }),
    tags: many('Tag', { link: true }), country: one('Country', { optional: true }), keeper: one('Item', { optional: true }),
  },
})
export const UnitNote = entity('UnitNote', { tenant: 'shared', fields: { text: string() }, relations: { unit: partOf('Unit', { ordered: true }) } })
export const Tag = entity('Tag', { tenant: 'shared', fields: { name: string() }, relations: { units: many('Unit', { by: 'tags' }) } })
export const Country = entity('Country', { tenant: false, fields: { name: string() } })
export const Item = entity('Item', {
  fields: { name: string() },
  relations: { unit: one('Unit'), other: one('Unit', { optional: true, onDelete: 'setNull', onRemove: 'cascade' }), tags: many('Tag', { link: true }) },
})`,
  'policies/all.ts': `import { Country, Item, Tag, Unit, UnitNote } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Sees what is weighed.' })
export const P1 = policy(Unit, { all: { allow: 'admin', to: anything }, 'clerks see units': { allow: 'clerk', to: 'read' } })
export const P2 = policy(UnitNote, { all: { allow: 'admin', to: anything } })
export const P3 = policy(Tag, { all: { allow: 'admin', to: anything } })
export const P4 = policy(Country, { all: { allow: 'admin', to: 'read' } })
export const P5 = policy(Item, { all: { allow: 'admin', to: anything }, weighed: { allow: 'clerk', to: 'read', where: { unit: { kind: 'mass' } } } })`,
}
const app = useWrittenServer(files, ['admin', 'clerk'])

const id = (n: number) => `00000000-0000-7000-8000-00000000${n.toString(16).padStart(4, '0')}`
const [kg, gram, metre, at] = [id(1), id(2), id(3), id(4)]
const [acmeBag, globexBox] = [id(0x11), id(0x21)]
const nil = '00000000-0000-0000-0000-000000000000'

const seed = {
  shared: {
    Country: [{ id: at, name: 'Austria' }],
    Unit: [
      { id: kg, code: 'kg', country: at },
      { id: gram, code: 'g', base: kg, tags: [id(0x31)] },
      { id: metre, code: 'm', kind: 'length' },
    ],
    UnitNote: [{ id: id(5), text: 'of Paris', unit: kg }],
    Tag: [{ id: id(0x31), name: 'si' }],
  },
  tenants: [
    {
      id: acme,
      slug: 'acme',
      name: 'Acme',
      rows: {
        Unit: [{ id: acmeBag, code: 'bag', base: kg }],
        Item: [
          { id: id(0x12), name: 'flour', unit: acmeBag, other: kg },
          { id: id(0x13), name: 'rope', unit: metre },
        ],
      },
    },
    {
      id: globex,
      slug: 'globex',
      name: 'Globex',
      rows: { Unit: [{ id: globexBox, code: 'box' }], Item: [{ id: id(0x22), name: 'nail', unit: kg }] },
    },
  ],
}

beforeAll(async () => {
  const { model, database } = app()
  const options = { client: database.migrator, owner: database.names.owner, again: true }
  expect(await runSeed(model, seed, options)).toMatchObject({ kind: 'seeded' })
  // Twice is as once.
  await runSeed(model, seed, options)
})

const asGil = { tenant: globex, sub: gil }
const code = (answer: { readonly errors: readonly { readonly extensions: { readonly code: string } }[] }) =>
  answer.errors.map(({ extensions }) => extensions.code)

describe('reading', () => {
  test('a tenant sees ours beside its own, with counts and filters, and no other', async () => {
    const query =
      '{ units(orderBy: [CODE_ASC]) { totalCount nodes { code isShared } } own: units(filter: { isShared: { equalTo: false } }) { totalCount nodes { code } } }'
    const { data, errors } = await app().ask(query)
    expect(errors).toEqual([])
    expect(data.units).toEqual({
      totalCount: 4,
      nodes: [
        { code: 'bag', isShared: false },
        { code: 'g', isShared: true },
        { code: 'kg', isShared: true },
        { code: 'm', isShared: true },
      ],
    })
    expect(data.own).toEqual({ totalCount: 1, nodes: [{ code: 'bag' }] })
    expect((await app().ask(query, {}, asGil)).data.own.nodes).toEqual([{ code: 'box' }])
    const foreign = await app().ask('query ($id: UUID!) { unit(id: $id) { code } }', { id: globexBox })
    expect(foreign.data.unit).toBeNull()
    expect((await app().ask('query ($id: UUID!) { unit(id: $id) { code } }', { id: kg })).data.unit).toEqual({
      code: 'kg',
    })
  })

  test('relations lead from own rows to ours, and from ours to own rows alone', async () => {
    const { data, errors } = await app().ask(
      'query ($kg: UUID!) { items(orderBy: [NAME_ASC]) { nodes { name unit { code base { code country { name } } } other { code } } } unit(id: $kg) { items { totalCount } notes { nodes { text } } } tags { nodes { name units { nodes { code } } } } }',
      { kg },
    )
    expect(errors).toEqual([])
    const base = { code: 'kg', country: { name: 'Austria' } }
    expect(data.items.nodes).toEqual([
      { name: 'flour', unit: { code: 'bag', base }, other: { code: 'kg' } },
      { name: 'rope', unit: { code: 'm', base: null }, other: null },
    ])
    expect(data.unit).toEqual({ items: { totalCount: 0 }, notes: { nodes: [{ text: 'of Paris' }] } })
    expect(data.tags.nodes).toEqual([{ name: 'si', units: { nodes: [{ code: 'g' }] } }])
    const theirs = await app().ask('query ($kg: UUID!) { unit(id: $kg) { items { nodes { name } } } }', { kg }, asGil)
    expect(theirs.data.unit.items.nodes).toEqual([{ name: 'nail' }])
  })

  test('rules look at ours too', async () => {
    const read = '{ items { nodes { name } } }'
    expect((await app().ask(read, {}, { roles: ['clerk'] })).data.items.nodes).toEqual([{ name: 'flour' }])
    expect((await app().ask(read, {}, { ...asGil, roles: ['clerk'] })).data.items.nodes).toEqual([{ name: 'nail' }])
  })
})

describe('writing', () => {
  test('a tenant makes, changes, removes and restores its own, and may repeat a code of ours', async () => {
    const made = await app().ask(
      'mutation ($base: UUID!) { createUnit(input: { unit: { code: "kg", baseId: $base } }) { id unit { code isShared base { code } } } }',
      { base: kg },
    )
    expect(made.errors).toEqual([])
    expect(made.data.createUnit.unit).toEqual({ code: 'kg', isShared: false, base: { code: 'kg' } })
    const own = made.data.createUnit.id
    expect(code(await app().ask('mutation { createUnit(input: { unit: { code: "kg" } }) { id } }'))).toEqual([
      'CONFLICT',
    ])
    for (const base of [acmeBag, null, gram]) {
      const moved = await app().ask(
        'mutation ($id: UUID!, $base: UUID) { updateUnit(input: { id: $id, patch: { baseId: $base } }) { unit { baseId } } }',
        { id: own, base },
      )
      expect([moved.errors, moved.data?.updateUnit.unit.baseId]).toEqual([[], base])
    }
    for (const verb of ['remove', 'restore', 'delete'])
      expect(
        code(await app().ask(`mutation ($id: UUID!) { ${verb}Unit(input: { id: $id }) { id } }`, { id: own })),
      ).toEqual([])
  })

  test('nobody leads to a row of another tenant', async () => {
    const make = 'mutation ($unit: UUID!) { createItem(input: { item: { name: "x", unitId: $unit } }) { id } }'
    expect(code(await app().ask(make, { unit: globexBox }))).toEqual(['NOT_FOUND'])
    expect(code(await app().ask(make, { unit: id(0xff) }))).toEqual(['NOT_FOUND'])
    const { data } = await app().ask(make, { unit: kg })
    const turn =
      'mutation ($id: UUID!, $unit: UUID!) { updateItem(input: { id: $id, patch: { unitId: $unit } }) { id } }'
    expect(code(await app().ask(turn, { id: data.createItem.id, unit: globexBox }))).toEqual(['NOT_FOUND'])
    expect(code(await app().ask(turn, { id: data.createItem.id, unit: acmeBag }))).toEqual([])
  })

  test.each([
    ['update', 'mutation ($id: UUID!) { updateUnit(input: { id: $id, patch: { code: "x" } }) { id } }', kg],
    ['remove', 'mutation ($id: UUID!) { removeUnit(input: { id: $id }) { id } }', kg],
    ['delete', 'mutation ($id: UUID!) { deleteUnit(input: { id: $id }) { id } }', metre],
    [
      'add a part',
      'mutation ($id: UUID!) { createUnitNote(input: { unitNote: { text: "mine", unitId: $id } }) { id } }',
      kg,
    ],
    ['move a part', 'mutation ($id: UUID!) { moveUnitNote(input: { id: $id, to: 1 }) { id } }', id(5)],
    [
      'link',
      `mutation ($id: UUID!) { linkUnitTags(input: { unitId: $id, tagIds: ["${id(0x31)}"] }) { unit { id } } }`,
      kg,
    ],
  ])("ours are nobody's to %s", async (_what, mutation, which) => {
    const { errors } = await app().ask(mutation, { id: which })
    expect(
      errors.map(({ message, extensions }) => (extensions.code === 'FORBIDDEN' ? extensions.code : message)),
    ).toEqual(['FORBIDDEN'])
  })
})

/** A role set with every right that a rule could give, and more: grants are not what holds. */
async function asAlmighty(text: string, tenant: string): Promise<number> {
  const { database } = app()
  await database.asOwner(async (client) => {
    for (const table of ['unit', 'item', 'unit_note'])
      await client.query(`grant insert, update, delete, select on app.${table} to "${database.names.member}"`)
  })
  return await database.asActor(
    { roles: ['admin'], tenant, actor: ann },
    async (client: Client) => (await client.query(text)).rowCount ?? 0,
  )
}

const refused: readonly (readonly [title: string, text: string, tenant: string, outcome: string | 0])[] = [
  ['changes ours', `update app.unit set code = 'x' where id = '${kg}'`, acme, 0],
  ['changes ours as the tenant of nobody', `update app.unit set code = 'x' where id = '${kg}'`, nil, 0],
  [
    'takes ours',
    `update app.unit set tenant_id = '${acme}', own_tenant_id = '${acme}', is_shared = false where id = '${kg}'`,
    acme,
    0,
  ],
  ['locks ours', `select 1 from app.unit where id = '${kg}' for update`, acme, 0],
  ['deletes ours', `delete from app.unit where id = '${metre}'`, acme, 0],
  ['deletes ours as the tenant of nobody', `delete from app.unit where id = '${metre}'`, nil, 0],
  [
    'makes ours',
    `insert into app.unit (tenant_id, own_tenant_id, is_shared, code) values ('${nil}', null, true, 'x')`,
    acme,
    '42501',
  ],
  [
    'makes ours as the tenant of nobody',
    `insert into app.unit (own_tenant_id, is_shared, code) values (null, true, 'x')`,
    nil,
    '42501',
  ],
  [
    'gives a row to all',
    `update app.unit set tenant_id = '${nil}', own_tenant_id = null, is_shared = true where id = '${acmeBag}'`,
    acme,
    '42501',
  ],
  ['says of a row that it is of all', `update app.unit set is_shared = true where id = '${acmeBag}'`, acme, '23514'],
  ['hides whose a row is', `update app.unit set own_tenant_id = '${globex}' where id = '${acmeBag}'`, acme, '23514'],
  ['changes rows of another', `update app.unit set code = 'x' where id = '${globexBox}'`, acme, 0],
  [
    'leads to a row of another',
    `insert into app.item (name, unit_id, unit_tenant_id) values ('x', '${globexBox}', '${globex}')`,
    acme,
    'RH404',
  ],
  [
    'leads to ours by another name',
    `update app.item set unit_tenant_id = '${acme}' where id = '${id(0x13)}'`,
    acme,
    '23503',
  ],
]

test.each(refused)('no request role %s', async (_title, text, tenant, outcome) => {
  const attempt = asAlmighty(text, tenant).catch((error: { code: string }) => error.code)
  expect(await attempt).toBe(outcome)
})

test.each([
  ['to another tenant', `('${acme}', 'x', '${globexBox}', '${globex}')`, '23514'],
  ['to another tenant under the own name', `('${acme}', 'x', '${globexBox}', '${acme}')`, '23503'],
  ['to another tenant as one of all', `('${acme}', 'x', '${globexBox}', '${nil}')`, '23503'],
  ['nowhere known', `('${acme}', 'x', '${kg}', null)`, '23502'],
])('no row leads %s, past row security and triggers', async (_title, values, expected) => {
  const { database } = app()
  const attempt = database.asOwner(async (client) => {
    await client.query('alter table app.item no force row level security, disable trigger user')
    await client.query(`insert into app.item (tenant_id, name, unit_id, unit_tenant_id) values ${values}`)
  })
  await expect(attempt).rejects.toMatchObject({ code: expected })
})

const own = `tenant_id = (select rowhouse.tenant_id())`
const faults: readonly (readonly [title: string, change: string])[] = [
  ['a policy of update is gone', 'drop policy tenant_update on app.unit'],
  ['a policy of delete is for some', 'alter policy tenant_delete on app.unit to current_user'],
  ['everybody sees everything', 'alter policy tenant on app.unit using (true)'],
  ['nobody is a tenant too', `alter policy tenant_update on app.unit using (${own}) with check (${own})`],
]

test.each([['nothing', 'select 1'] as const, ...faults])(
  'the server starts only if the fence stands: %s',
  async (title, change) => {
    const { database, model } = app()
    const { migrator } = database
    await migrator.query('begin')
    await migrator.query("set local search_path = ''")
    await migrator.query(change)
    const { rows } = await migrator.query(
      'select oid::text as oid, rolname as name from pg_roles where rolname like $1',
      [`${database.names.member.replace(/_member$/, '')}%`],
    )
    const found = await checkTables(migrator, { model, names: database.names, catalog: buildCatalog(model) }, rows)
    await migrator.query('rollback')
    expect(found.map(({ code: fault, object }) => `${fault} ${object}`)).toEqual(
      title === 'nothing' ? [] : ['TABLE_UNPROTECTED app.unit'],
    )
  },
)

const shared = "export const Kind = entity('Kind', { tenant: 'shared', fields: { code: string() } })\n"

const mistakes: readonly Mistake[] = [
  [
    'a key that a tenant could repeat',
    [['TENANT_SHARED_KEYED', 'key']],
    "export const A = entity('A', { tenant: 'shared', key: 'code', fields: { code: string() } })",
  ],
  [
    'what only a tenant has',
    [['TENANT_SHARED_NEEDS_OWN', "'B'"]],
    "export const A = entity('A', { tenant: 'shared', fields: {}, relations: { b: one('B'), c: one('B', { optional: true }) } })\nexport const B = entity('B', { fields: {} })",
  ],
  [
    'a row of no tenant that leads there',
    [['RELATION_TENANT_CROSSED', "'Kind'"]],
    `${shared}export const A = entity('A', { tenant: false, fields: {}, relations: { s: one('Kind') } })`,
  ],
  [
    'an adopted row that leads there',
    [['TENANT_SHARED_ADOPTED', "one('Kind')"]],
    `${shared}export const A = entity('A', { adopt: 'public.a', tenant: { column: 'company_id' }, key: 'code', fields: { code: string() }, relations: { s: one('Kind') } })`,
  ],
  [
    'ends that agree',
    [['SAME_PATH_INVALID', "'t.s'"]],
    `${shared}export const T = entity('T', { fields: {}, relations: { s: one('Kind') } })
export const P = entity('P', { tenant: 'shared', fields: {}, relations: { s: one('Kind') } })
export const A = entity('A', { fields: {}, relations: { t: one('T'), p: one('P', { same: 't.s' }) } })`,
  ],
  [
    'names that are taken',
    [
      ['NAME_RESERVED', 'isShared'],
      ['NAME_CLASH', 'ownTenantId'],
    ],
    "export const A = entity('A', { tenant: 'shared', fields: { isShared: boolean(), ownTenantId: uuid() } })",
  ],
  [
    'two names of one column',
    [['NAME_CLASH', 's']],
    `${shared}export const A = entity('A', { fields: { sTenantId: uuid() }, relations: { s: one('Kind') } })`,
  ],
]

testMistakes('rows of all tenants', entitiesOnly, mistakes)
