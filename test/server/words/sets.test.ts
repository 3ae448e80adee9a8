import { beforeAll, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../../options/written-server.ts'

// Clerks make orders in their own name and for their team; leads for anybody. A review is noted by whoever reviews.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const User = entity('User', { fields: { name: string() }, relations: { team: one('Team', { optional: true, onRemove: 'keep' }) } })
export const Team = entity('Team', { fields: { name: string() } })
export const Order = entity('Order', {
  fields: { number: string(), source: string({ default: 'unknown' }), state: choice(['new', 'seen'], { default: 'new' }), region: string({ optional: true, readonly: true }), notedAt: datetime({ optional: true }), notedOn: date({ optional: true }), place: string({ default: 'here' }) },
  relations: { placedBy: one('User'), reviewedBy: one('User', { optional: true, onDelete: 'setNull' }), team: one('Team', { optional: true, onDelete: 'setNull' }) },
})`,
    'policies/actor.ts': `import { defineActor, words } from 'rowhouse/policies'
import { string } from 'rowhouse/schema'
import { User } from '../schema/all.entity.ts'
const { claim, own } = words(User)
export const actor = defineActor(User, { region: claim(string()), team: own('team') })`,
    'policies/all.ts': `import { Order, Team, User } from '../schema/all.entity.ts'
import { actor } from './actor.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Sells.', lead: 'Leads.', local: 'Sells here.', mate: 'Is of a team.', reviewer: 'Reviews.', editor: 'Edits.', noter: 'Notes.', placer: 'Places.', special: 'Makes special ones.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Team, { all })
export const P1 = policy(User, { all, seen: { allow: ['lead', 'special'], to: 'read' } })
export const P2 = policy(Order, {
  all,
  'all read': { allow: signedIn, to: 'read' },
  'in my name': { allow: 'clerk', to: 'create', where: { placedBy: actor.id, source: 'web' }, sets: { placedBy: actor.id, source: 'web' } },
  'special ones': { allow: 'special', to: 'create', where: { number: 'special' } },
  'for anybody': { allow: 'lead', to: 'create' },
  'of my region': { allow: 'local', to: 'create', except: ['state'], sets: { region: actor.region, placedBy: actor.id } },
  'of my team': { allow: 'mate', to: 'create', sets: { team: actor.team, placedBy: actor.id } },
  'reviews are signed': { allow: 'reviewer', to: 'update', where: { state: 'new' }, becoming: { state: 'seen', reviewedBy: actor.id }, only: ['state'], sets: { reviewedBy: actor.id } },
  'notes have a time': { allow: 'noter', to: 'create', where: { notedAt: { atMost: now } }, sets: { notedAt: now, notedOn: now, placedBy: actor.id } },
  'noted again': { allow: 'noter', to: 'update', only: ['number'], sets: { notedAt: now } },
  'placed by claim': { allow: 'placer', to: 'create', sets: { place: actor.region, placedBy: actor.id } },
  'editors edit numbers': { allow: 'editor', to: 'update', only: ['number'] },
  'nothing of the black market': { deny: everyone, to: 'create', where: { source: 'web', number: 'black' } },
})`,
  },
  ['admin', 'clerk', 'lead', 'local', 'mate', 'reviewer', 'editor', 'special', 'noter', 'placer'],
)

const team = '00000000-0000-7000-8000-0000000000c1'

async function change(...statements: readonly string[]): Promise<void> {
  await app().database.asOwner(async (client) => {
    for (const table of ['user', 'team', 'order'])
      await client.query(`alter table app."${table}" no force row level security`)
    for (const statement of statements) await client.query(statement)
    for (const table of ['user', 'team', 'order'])
      await client.query(`alter table app."${table}" force row level security`)
  })
}

beforeAll(() =>
  change(
    `insert into app.team (tenant_id, id, name) values ('${acme}', '${team}', 'A')`,
    `insert into app."user" (tenant_id, id, name, team_id) values ('${acme}', '${ann}', 'Ann', '${team}'), ('${acme}', '${gil}', 'Gil', null), ('${globex}', '${gil}', 'Gil', null)`,
  ),
)

const shown = 'id number source state region placedById reviewedById teamId place notedAt notedOn'
const create = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { order { ${shown} } } }`
const update = `mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { order { ${shown} } } }`
const make = (order: object, roles: readonly string[], more: object = {}) =>
  app().ask(create, { order: { number: 'n', ...order } }, { roles: [...roles], ...more })

test('a new row gets what the rule gives, and the rule judges the row with it', async () => {
  const { data, errors } = await make({}, ['clerk'])
  expect(errors).toEqual([])
  expect(data.createOrder.order).toMatchObject({ placedById: ann, source: 'web' })
  // The same in the other tenant, of its own people.
  const there = await make({}, ['clerk'], { tenant: globex, sub: gil })
  expect(there.data.createOrder.order).toMatchObject({ placedById: gil, source: 'web' })
})

test("a value of the caller's own is refused, whatever it is; by its name where another rule might have taken it", async () => {
  for (const [values, field] of [
    [{ placedById: gil }, 'placedById'],
    [{ placedById: ann }, 'placedById'],
    [{ source: 'shop' }, 'source'],
  ] as const) {
    const { errors } = await make(values, ['clerk'])
    expect(errors, field).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  }
  await app().database.ensureRoleSets([['clerk', 'special']])
  const { errors } = await make({ placedById: gil }, ['clerk', 'special'])
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', fields: ['placedById'] } }])
  const special = await make({ placedById: gil, number: 'special' }, ['clerk', 'special'])
  expect(special.data.createOrder.order).toMatchObject({ placedById: gil, source: 'unknown' })
})

test('who may give it by another rule gives it; who leaves it out gets what the rule gives', async () => {
  await app().database.ensureRoleSets([['clerk', 'lead']])
  const both = ['clerk', 'lead']
  expect((await make({ placedById: gil, source: 'shop' }, both)).data.createOrder.order).toMatchObject({
    placedById: gil,
    source: 'shop',
  })
  expect((await make({}, both)).data.createOrder.order).toMatchObject({ placedById: ann, source: 'web' })
  expect((await make({ placedById: gil }, ['lead'])).errors).toEqual([])
  expect((await make({}, ['lead'])).errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }])
})

test('denials judge what the rule gave', async () => {
  expect((await make({ number: 'black' }, ['clerk'])).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('who lacks what the rule gives makes no row', async () => {
  expect((await make({}, ['local'])).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  const { data } = await make({}, ['local'], { claims: { region: 'eu' } })
  expect(data.createOrder.order).toMatchObject({ region: 'eu', placedById: ann, state: 'new' })
})

test('what a rule sets to now is the moment of the transaction, and the day it has in UTC', async () => {
  const clock = async (): Promise<number> =>
    Number(
      (await app().database.migrator.query('select extract(epoch from clock_timestamp()) * 1000 as at')).rows[0].at,
    )
  const before = await clock()
  const { data, errors } = await make({}, ['noter'])
  const after = await clock()
  expect(errors).toEqual([])
  const { id, notedAt, notedOn } = data.createOrder.order
  // The API tells milliseconds.
  expect(Date.parse(notedAt)).toBeGreaterThanOrEqual(Math.floor(before))
  expect(Date.parse(notedAt)).toBeLessThanOrEqual(after)
  expect(notedOn).toBe(new Date(notedAt).toISOString().slice(0, 10))
  const again = await app().ask(update, { id, patch: { number: 'm' } }, { roles: ['noter'] })
  expect(again.errors).toEqual([])
  expect(Date.parse(again.data.updateOrder.order.notedAt)).toBeGreaterThanOrEqual(Math.floor(after))
  const forged = await make({ notedAt: '2020-01-01T00:00:00Z' }, ['noter'])
  expect(forged.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('a required field that the rule would leave empty makes no row, and its default does not stand in', async () => {
  expect((await make({}, ['placer'])).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  const { data, errors } = await make({}, ['placer'], { claims: { region: 'eu' } })
  expect(errors).toEqual([])
  expect(data.createOrder.order).toMatchObject({ placedById: ann, place: 'eu' })
})

test('a relation that the rule gives leads to a live row', async () => {
  expect((await make({}, ['mate'])).data.createOrder.order).toMatchObject({ teamId: team })
  await change(`update app.team set deleted_at = now() where id = '${team}'`)
  expect((await make({}, ['mate'])).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  await change(
    `update app.team set deleted_at = null where id = '${team}'`,
    `update app."user" set deleted_at = now() where id = '${ann}'`,
  )
  // A person who was removed makes nothing in its name.
  expect((await make({}, ['clerk'])).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  await change(`update app."user" set deleted_at = null where id = '${ann}'`)
  expect((await make({}, ['clerk'])).errors).toEqual([])
})

test('a change gets it when that rule decides, and only then', async () => {
  const { data } = await make({}, ['clerk'])
  const { id } = data.createOrder.order
  const edit = await app().ask(update, { id, patch: { number: 'm' } }, { roles: ['editor'] })
  expect(edit.data.updateOrder.order).toMatchObject({ number: 'm', reviewedById: null })
  const forged = await app().ask(update, { id, patch: { state: 'seen', reviewedById: gil } }, { roles: ['reviewer'] })
  expect(forged.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  await app().database.ensureRoleSets([['editor', 'reviewer']])
  const mixed = await app().ask(
    update,
    { id, patch: { state: 'seen', number: 'x' } },
    { roles: ['editor', 'reviewer'] },
  )
  expect(mixed.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  const review = await app().ask(update, { id, patch: { state: 'seen' } }, { roles: ['reviewer'] })
  expect(review.errors).toEqual([])
  expect(review.data.updateOrder.order).toMatchObject({ state: 'seen', reviewedById: ann })
})

test('callers have no right to the column, by SQL neither, unless another rule gives it to them', async () => {
  const { database } = app()
  const { rows } = await database.migrator.query(
    `select has_column_privilege($1, 'app."order"', 'placed_by_id', 'insert') as clerk, has_column_privilege($2, 'app."order"', 'placed_by_id', 'insert') as lead,
       has_column_privilege($3, 'app."order"', 'reviewed_by_id', 'update') as reviewer`,
    [`${database.names.prefix}_clerk`, `${database.names.prefix}_lead`, `${database.names.prefix}_reviewer`],
  )
  expect(rows).toEqual([{ clerk: false, lead: true, reviewer: false }])
})

test('with a right to the column and without the guard, a value that the rule gives could be another', async () => {
  const { database } = app()
  const elsewhere = { roles: ['local'], tenant: acme, actor: ann, claims: { region: 'here' } }
  const make = () =>
    database.asActor(elsewhere, async (client) => {
      await client.query('savepoint attempt')
      const told = await client
        .query(
          `insert into app."order" (number, region, placed_by_id) values ('forged', 'elsewhere', '${ann}') returning region`,
        )
        .then(
          ({ rows }) => rows[0].region,
          ({ code }) => code,
        )
      await client.query('rollback to attempt')
      return told
    })
  const role = `"${database.names.prefix}_local"`
  expect(await make()).toBe('42501')
  await database.asOwner((client) => client.query(`grant insert (region, placed_by_id) on app."order" to ${role}`))
  expect(await make()).toBe('42501')
  await database.asOwner((client) => client.query('alter table app."order" disable trigger rowhouse_2_guard'))
  try {
    expect(await make()).toBe('elsewhere')
  } finally {
    await database.asOwner((client) => client.query('alter table app."order" enable trigger rowhouse_2_guard'))
    await database.asOwner((client) => client.query(`revoke insert (region, placed_by_id) on app."order" from ${role}`))
  }
  expect(await make()).toBe('42501')
})
