import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, renderPolicy, replacePlaceholders } from '#migrations'
import { type CatalogReadBack, expectCatalogReadBack } from '../support/catalog-read-back.ts'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const [tenant, ann, open, done, elsewhere, folder] = Array.from({ length: 6 }, (_, at) => id(at + 1))
const [loose, tight, float] = Array.from({ length: 3 }, (_, at) => id(at + 11))

function id(at: number): string {
  return `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
}

const isOpen = m.compare('stage', 'is', 'open')
const isDone = m.compare('stage', 'is', 'done')
const isNear = m.path('folder', m.compare('place', 'is', 'near'))
const update = (title: string, role: string, options = {}) => m.allow(title, role, ['update'], options)

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Folder: { fields: { place: m.text() } },
    Deal: {
      fields: { stage: m.text(), note: m.text(), price: m.int(), plan: m.optional(m.int()) },
      relations: { folder: m.one('Folder') },
    },
    Plot: { fields: { stage: m.text(), note: m.text() }, relations: { folder: m.one('Folder') } },
    Offer: { fields: { stage: m.text(), note: m.text() } },
    Rate: { fields: { amount: { type: { kind: 'float', min: null, max: null } }, note: m.text() } },
    Bill: { fields: { number: m.text(), margin: m.int(), bonus: m.int() } },
    Same: { fields: { stage: m.text(), note: m.text() } },
  },
  roles: { writer: [], near: [], opener: [], closer: [] },
  actor: { entity: 'User', values: [] },
  policies: {
    Folder: [m.allow('folders are seen', 'signedIn', ['read'])],
    Deal: [
      m.allow('deals are seen', 'signedIn', ['read']),
      update('notes of deals', 'writer', { fields: ['note'] }),
      update('what is near', 'near', { where: isNear }),
      update('what is open', 'opener', { where: isOpen }),
      update('what is done and has a plan', 'closer', { where: m.all(isDone, m.compare('plan', 'atMost', 5)) }),
    ],
    Plot: [
      m.allow('plots are seen', 'signedIn', ['read']),
      update('near plots', 'near', { where: isNear }),
      update('open plots', 'opener', { where: isOpen }),
    ],
    Offer: [
      m.allow('offers are seen', 'signedIn', ['read']),
      update('from open to done', 'opener', { where: isOpen, becoming: isDone }),
      update('from done to open', 'closer', { where: isDone, becoming: isOpen }),
    ],
    Rate: [
      m.allow('rates are seen', 'signedIn', ['read']),
      update('none', 'opener', { where: m.compare('amount', 'is', 0) }),
      update('some', 'closer', { where: m.compare('amount', 'isNot', 0) }),
    ],
    Bill: [
      m.allow('bills are worked on', 'signedIn', ['read', 'update']),
      {
        ...m.allow('margins are for closers', 'closer', ['read', 'update'], { fields: ['margin'] }),
        effect: 'reserve',
      },
      {
        ...m.allow('or for all that is cheap', 'writer', ['read', 'update'], {
          fields: ['margin'],
          where: m.compare('number', 'is', 'cheap'),
        }),
        effect: 'reserve',
      },
      { ...m.allow('bonuses are for openers', 'opener', ['read'], { fields: ['bonus'] }), effect: 'reserve' },
    ],
    Same: [
      m.allow('all are seen', 'signedIn', ['read']),
      update('open ones', 'opener', { where: isOpen }),
      update('also open ones', 'closer', { where: isOpen }),
    ],
  },
})
const catalog = buildCatalog(model)
const guardOf = (table: string) =>
  catalog.tables.find(({ name }) => name === table)!.triggers.find(({ name }) => name === 'rowhouse_2_guard')

const db = useDatabase({ roles: Object.keys(model.roles) })
let held: CatalogReadBack

beforeAll(async () => {
  held = await expectCatalogReadBack(db(), catalog)
  await db().ensureRoleSets([
    ['writer'],
    ['near'],
    ['opener'],
    ['closer'],
    ['near', 'opener'],
    ['closer', 'opener'],
    ['opener', 'writer'],
  ])
  const tables = ['folder', 'deal', 'bill', 'plot', 'offer', 'rate', '"same"']
  const force = (word: string) => tables.map((name) => `alter table app.${name} ${word} row level security`).join(';')
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'acme', 'Acme'); ${force('no force')};
      insert into app."user" (id) values ('${ann}');
      insert into app.folder (tenant_id, id, place) values ('${tenant}', '${folder}', 'near'), ('${tenant}', '${elsewhere}', 'far');
      insert into app.deal (tenant_id, id, stage, note, price, plan, folder_id) values
        ('${tenant}', '${open}', 'open', 'n', 1, 9, '${elsewhere}'), ('${tenant}', '${done}', 'done', 'n', 1, 5, '${folder}');
      insert into app.bill (tenant_id, id, number, margin, bonus) values ('${tenant}', '${loose}', 'cheap', 5, 5), ('${tenant}', '${tight}', 'dear', 5, 5);
      insert into app.plot (tenant_id, id, stage, note, folder_id) values ('${tenant}', '${done}', 'done', 'n', '${folder}');
      insert into app.offer (tenant_id, id, stage, note) values ('${tenant}', '${open}', 'open', 'n'), ('${tenant}', '${done}', 'done', 'n');
      insert into app.rate (tenant_id, id, amount, note) values ('${tenant}', '${float}', 0, 'n');
      insert into app."same" (tenant_id, id, stage, note) values ('${tenant}', '${loose}', 'open', 'n'), ('${tenant}', '${tight}', 'done', 'n'); ${force('force')}`),
  )
}, 60_000)

/** How many rows an update by SQL writes, or how it is refused; undone at once. */
async function write(roles: readonly string[], text: string): Promise<number | string> {
  return await db().asActor({ roles, tenant: tenant!, actor: ann! }, async (client) => {
    await client.query('savepoint s')
    const answer = await client.query(text).then(
      ({ rowCount }) => rowCount ?? 0,
      ({ code, message }) => (code === 'P0001' ? String(message) : String(code)),
    )
    await client.query('rollback to savepoint s')
    return answer
  })
}

const bill = (set: string, row: string | undefined) => `update app.bill__rows set ${set} where id = '${row}'`
const deal = (set: string, row: string | undefined) => `update app.deal set ${set} where id = '${row}'`

describe('what the guard is asked', () => {
  beforeAll(async () => {
    const { names, migrator } = db()
    const { rows } = await migrator.query<{ name: string; text: string }>(
      `select proname as name, pg_get_functiondef(oid) as text from pg_proc where proname ~ '^guard_'`,
    )
    const make = (text: string) => db().asRole(names.private, (client) => client.query(text))
    const judged = `returns trigger language plpgsql security definer set search_path = '' as $$ begin raise exception 'judged'; end $$`
    for (const { name } of rows) await make(`create or replace function rowhouse_private."${name}"() ${judged}`)
    return async () => {
      for (const { text } of rows) await make(text)
    }
  })

  test.each([
    ['a field that every rule covers', ['writer'], deal("note = 'x'", open), 1],
    ['the same value again', ['opener'], deal('price = 1', open), 1],
    ['many rows at once', ['writer'], "update app.deal set note = 'x'", 2],
    ['a field that some rule leaves out', ['opener'], deal('price = 2', open), 'judged'],
    ['a column of a condition', ['opener'], deal("stage = 'done'", open), 'judged'],
    ['a column of a condition, to null', ['closer'], deal('plan = null', done), 'judged'],
    ['the way that a condition takes', ['near'], deal(`folder_id = '${elsewhere}'`, done), 'judged'],
    ['what conditions do not read', ['near'], "update app.plot set note = 'x'", 1],
    ['what one of them reads', ['near'], "update app.plot set stage = 'x'", 'judged'],
    ['and another one', ['near'], `update app.plot set folder_id = '${elsewhere}'`, 'judged'],
    ['a reserved field, for whom it is', ['closer'], 'update app.bill__rows set margin = 6', 2],
    ['a reserved field, for anybody else', ['opener'], 'update app.bill__rows set margin = 6', 'judged'],
    ['a reserved field, for whom it is in some rows', ['writer'], bill('margin = 6', loose), 'judged'],
    ['a hidden field that whoever writes the row may write', ['writer'], 'update app.bill__rows set bonus = 6', 2],
    ['anything, where rules say more of the new row', ['opener'], "update app.offer set note = 'x'", 'judged'],
    ['anything, where equal values may differ', ['opener'], "update app.rate set note = 'x'", 'judged'],
  ])('%s', async (_, roles, text, answer) => {
    expect(await write(roles, text)).toBe(answer)
  })

  test('nothing, where all rules say the same and leave nothing out', () => {
    expect(guardOf('same')).toBeUndefined()
  })
})

const refused = [
  ['a field of one rule on a row of another', ['writer', 'opener'], deal('price = 2', done), '42501'],
  ['from a row of one rule to a row of another', ['opener', 'closer'], deal("stage = 'done', plan = 1", open), '42501'],
  [
    'from a place of one to a stage of another',
    ['near', 'opener'],
    `update app.plot set folder_id = '${elsewhere}', stage = 'open'`,
    '42501',
  ],
  [
    'back to the row that the rule is about',
    ['closer', 'opener'],
    `update app.offer set note = 'x' where id = '${open}'`,
    '42501',
  ],
] as const

describe('one rule alone allows a change', () => {
  test.each([
    ...refused,
    ['a reserved field, of others', ['opener'], bill('margin = 6', loose), '42501'],
    ['the value that it has', ['opener'], bill('margin = 5', loose), '42501'],
    ['a reserved field, of a row that it is not for', ['writer'], bill('margin = 6', tight), '42501'],
    ['a reserved field, of a row that it is for', ['writer'], bill('margin = 6', loose), 1],
    ['a row of none, where all say the same', ['opener'], `update app."same" set note = 'x' where id = '${tight}'`, 0],
    ['out of what all say', ['opener'], `update app."same" set stage = 'x' where id = '${loose}'`, '42501'],
    ['within a rule', ['opener'], deal('price = 2', open), 1],
    [
      'on the way that the rule takes',
      ['opener', 'closer'],
      `update app.offer set stage = 'done' where id = '${open}'`,
      1,
    ],
  ] as const)('%s', async (_, roles, text, answer) => {
    expect(await write(roles, text)).toBe(answer)
  })

  test('a reserved field only because the trigger that tells of it asks who is meant', async () => {
    const { migrator, names } = db()
    const { definition, name } = catalog.tables
      .find((table) => table.name === 'bill')!
      .triggers.find((each) => each.name === 'rowhouse_2_field_margin')!
    const remake = (text: string) =>
      migrator.query(`drop trigger ${name} on app.bill; create trigger ${name} ${replacePlaceholders(text, names)}`)
    await remake(definition.replace(':ROLE_CLOSER', ':MEMBER'))
    try {
      expect(await write(['opener'], bill('margin = 6', loose))).toBe(1)
      expect(await held.differences()).toEqual([expect.stringContaining(name)])
    } finally {
      await remake(definition)
    }
    expect(await held.differences()).toEqual([])
  })

  test('and only because the condition of the trigger names what rules leave out and read', async () => {
    const { migrator, names } = db()
    const triggers = catalog.tables.flatMap((table) =>
      table.triggers
        .filter(({ name }) => name === 'rowhouse_2_guard' && table.name !== 'bill')
        .map((each) => ({ table, ...each })),
    )
    const remake = async (definition: (text: string) => string) => {
      for (const { table, name, definition: text } of triggers)
        await migrator.query(
          `drop trigger ${name} on app.${table.name}; create trigger ${name} ${definition(replacePlaceholders(text, names))}`,
        )
    }
    await remake((text) => text.replace(/when \(.*\) execute/, 'when (old.note is distinct from old.note) execute'))
    try {
      for (const [, roles, text] of refused) expect(await write(roles, text)).toBe(1)
      expect(await held.differences()).toHaveLength(triggers.length)
    } finally {
      await remake((text) => text)
    }
    expect(await held.differences()).toEqual([])
  })
})

test('a change of type takes the trigger off and puts it back, as it does with policies', async () => {
  const { migrator, names } = db()
  const table = catalog.tables.find(({ name }) => name === 'deal')!
  const guard = table.triggers.find(({ name }) => name === 'rowhouse_2_guard')!
  const spoken = table.policies.filter((each) => /"(plan|stage)"/.test(`${each.using} ${each.check}`))
  const alter = 'alter table app.deal alter column plan type bigint'
  const state = (text: string) => migrator.query(text).catch(({ code, message }) => `${code} ${message}`)
  await migrator.query(`begin; set local role "${names.owner}"; savepoint s`)
  try {
    for (const { name } of spoken) await migrator.query(`drop policy "${name}" on app.deal`)
    await migrator.query('savepoint s')
    expect(await state(alter)).toMatch(/^0A000 .*trigger/)
    await migrator.query(`rollback to savepoint s; drop trigger ${guard.name} on app.deal; ${alter}`)
    for (const each of spoken) await migrator.query(replacePlaceholders(renderPolicy(table, each), names))
    await migrator.query(`create trigger ${guard.name} ${replacePlaceholders(guard.definition, names)}`)
    // The trigger reads as before: it is the type alone that the model does not say yet.
    expect(await held.differencesHere(migrator)).toEqual([expect.stringMatching(/^column app\.deal plan: type/)])
  } finally {
    await migrator.query('rollback')
  }
})
