import fc from 'fast-check'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { type Caller, decide, indexModel, type Row, type World } from '#policies'
import type { Condition, Operator, Rule } from '#schema'
import { type TestDatabase, useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const db = useDatabase()

const allowCount = 150
const denyCount = 40
const every = 12
const seed = 20260

const tenant = id(900)
const users = [id(1), id(2)]
const groups = [id(11), id(12), id(13), id(14)]

function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

// Few values, so that comparisons meet; `%`, `_`, `\` and '' are where LIKE and nulls go wrong.
const names = [null, '', 'a', 'ab', 'a%b', 'a_b', 'a\\b', "o'b", 'B', 'ä']
const regions = [null, 'eu', 'us']
const ranks = [null, -1, 0, 1, 2]
const amounts = [null, '10.00', '10.50', '-3.00']
const days = [null, '2026-01-31', '2026-02-01']

const removed = '2026-01-01T00:00:00.000Z'
const group: readonly Row[] = [
  { id: groups[0]!, label: 'a', level: 1, owner: users[0]!, parent: null, deletedAt: null },
  { id: groups[1]!, label: null, level: null, owner: null, parent: groups[0]!, deletedAt: null },
  { id: groups[2]!, label: 'ab', level: 2, owner: users[1]!, parent: groups[3]!, deletedAt: null },
  { id: groups[3]!, label: 'a', level: 1, owner: users[0]!, parent: groups[0]!, deletedAt: removed },
]
const members = [
  { user: users[0]!, group: groups[0]!, level: 2, deletedAt: null },
  { user: users[0]!, group: groups[1]!, level: 1, deletedAt: null },
  { user: users[0]!, group: groups[2]!, level: 2, deletedAt: removed },
  { user: users[0]!, group: groups[3]!, level: 2, deletedAt: null },
  { user: users[1]!, group: groups[2]!, level: 3, deletedAt: null },
]

const callers: readonly (Caller & { readonly name: string })[] = [
  { name: 'ann', id: users[0]!, claims: { region: 'eu', level: 1 } },
  { name: 'bob', id: users[1]!, claims: { region: 'us', level: 0 } },
  { name: 'ann without region', id: users[0]!, claims: { level: 1 } },
  { name: 'bob without claims', id: users[1]!, claims: {} },
  { name: 'nobody', id: null, claims: { region: 'eu', level: 2 } },
].map((each) => ({ ...each, roles: [], tenant, request: {} }))

const ordering: readonly Operator[] = ['under', 'atMost', 'over', 'atLeast']
const equality: readonly Operator[] = ['is', 'isNot']
const textual: readonly Operator[] = ['startsWith', 'contains', 'endsWith']

function comparing(on: string, values: readonly (string | number | null)[], ops: readonly Operator[]) {
  const present = values.filter((value) => value !== null)
  return fc.oneof(
    fc
      .record({ op: fc.constantFrom(...ops), value: fc.constantFrom(...present) })
      .map((each) => m.compare(on, each.op, each.value)),
    fc.constantFrom(...equality).map((op) => m.compare(on, op, null)),
    fc
      .record({ op: fc.constantFrom('in' as const, 'notIn' as const), values: fc.subarray(present) })
      .map((each) => m.compare(on, each.op, each.values)),
  )
}

function byActor(on: string, name: string, ops: readonly Operator[]) {
  return fc.constantFrom(...ops).map((op) => m.compare(on, op, m.actor(name)))
}

function byRow(on: string, name: string, ops: readonly Operator[]) {
  return fc.constantFrom(...ops).map((op) => m.compare(on, op, { kind: 'row', name }))
}

function combined(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((each) => m.all(...each)),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((each) => m.any(...each)),
      tie('tree').map(m.not),
    ),
  })).tree
}

const onGroup = combined(
  fc.oneof(
    comparing('label', names, [...equality, ...textual]),
    comparing('level', ranks, [...equality, ...ordering]),
    byActor('owner', 'id', equality),
    byActor('level', 'level', [...equality, ...ordering]),
    byActor('id', 'mine', ['in', 'notIn']),
    comparing('level', ranks, ordering).map((where) => m.path('parent', where)),
  ),
)

const onThing = combined(
  fc.oneof(
    comparing('name', names, [...equality, ...ordering, ...textual]),
    comparing('region', regions, equality),
    comparing('rank', ranks, [...equality, ...ordering]),
    comparing('amount', amounts, [...equality, ...ordering]),
    comparing('cents', amounts, [...equality, ...ordering]),
    comparing('day', days, [...equality, ...ordering]),
    fc.constantFrom(...equality).map((op) => m.compare('flag', op, true)),
    byActor('region', 'region', equality),
    byActor('rank', 'level', [...equality, ...ordering]),
    byActor('owner', 'id', equality),
    byActor('group', 'mine', ['in', 'notIn']),
    byRow('rank', 'count', [...equality, ...ordering]),
    byRow('name', 'nick', [...equality, ...textual]),
    comparing('group', [groups[0]!, groups[3]!], equality),
    onGroup.map((where) => m.path('group', where)),
  ),
)

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): readonly T[] =>
  fc.sample(arbitrary, { numRuns: count, seed })

const allowRules: readonly Rule[] = sample(onThing, allowCount).map((where, at) =>
  m.allow(`allow ${at}`, `role${at}`, ['read'], { where }),
)
const denyRules: readonly Rule[] = sample(
  fc.record({ where: fc.option(onThing, { nil: null }), unless: fc.option(onThing, { nil: null }) }),
  denyCount,
).map((each, at) => m.deny(`deny ${at}`, 'signedIn', ['read'], each))

const things: readonly Row[] = sample(
  fc.record({
    name: fc.constantFrom(...names),
    region: fc.constantFrom(...regions),
    rank: fc.constantFrom(...ranks),
    count: fc.constantFrom(...ranks),
    nick: fc.constantFrom(...names),
    amount: fc.constantFrom(...amounts),
    cents: fc.constantFrom(...amounts),
    day: fc.constantFrom(...days),
    flag: fc.constantFrom(null, true, false),
    owner: fc.constantFrom(null, ...users),
    group: fc.constantFrom(null, ...groups),
  }),
  80,
).map((row, at) => ({ ...row, id: id(1000 + at), deletedAt: null }))

const thingEntity: m.GivenEntity = {
  fields: {
    name: m.optional(m.text()),
    region: m.optional(m.choice('eu', 'us')),
    rank: m.optional(m.int()),
    count: m.optional(m.int()),
    nick: m.optional(m.text()),
    amount: m.optional(m.money()),
    cents: m.optional(m.money({ minor: true })),
    day: m.optional(m.plain('date')),
    flag: m.optional(m.plain('boolean')),
  },
  relations: { owner: m.one('User', { optional: true }), group: m.one('Group', { optional: true }) },
}

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Group: {
      fields: { label: m.optional(m.text()), level: m.optional(m.int()) },
      relations: { owner: m.one('User', { optional: true }), parent: m.one('Group', { optional: true }) },
    },
    Member: {
      fields: { level: m.int() },
      relations: { user: m.one('User'), group: m.one('Group', { onRemove: 'keep' }) },
    },
    Thing: thingEntity,
    ...Object.fromEntries(denyRules.map((_, at) => [`Denied${at}`, thingEntity])),
  },
  roles: Object.fromEntries(allowRules.map((_, at) => [`role${at}`, []])),
  actor: {
    entity: 'User',
    values: [
      m.reach('mine', {
        to: 'Group',
        via: 'Member',
        as: 'user',
        toward: 'group',
        where: m.compare('level', 'atLeast', 2),
      }),
      m.claim('region', m.choice('eu', 'us')),
      m.claim('level', m.int()),
    ],
  },
  policies: {
    // A remove rule brings the function that judges rows one at a time.
    Thing: [...allowRules, m.allow('removing', 'role0', ['remove'])],
    ...Object.fromEntries(denyRules.map((rule, at) => [`Denied${at}`, [m.allow('all', 'signedIn', ['read']), rule]])),
  },
})

const rows: World['rows'] = { User: users.map((each) => ({ id: each })), Group: group, Member: members }
const now = new Date().toISOString()

/** The same model with these rules alone: an entity of 150 rules takes long to judge. */
function worldOf(entity: string, rules: readonly Rule[]): World {
  return { index: indexModel({ ...model, policies: [{ entity, rules, onHidden: 'null' }] }), rows, now }
}

/** Ids of the rows that the rules show, in order. */
function shown(entity: string, rules: readonly Rule[], caller: Caller): readonly string[] {
  const world = worldOf(entity, rules)
  return things
    .filter((row) => decide({ verb: 'read', entity, row, caller, world }).allowed)
    .map((row) => row.id as string)
    .sort(byText)
}

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().ensureRoleSets([[], ...allowRules.map((_, at) => [`role${at}`])])
  await db().asOwner(insertWorld)
  await db().asRole(db().names.private, (client) =>
    client.query(`create function rowhouse_private.one_by_one() returns setof uuid language sql stable security definer
      begin atomic select t.id from app.thing t where t.deleted_at is null and rowhouse_private.may_read_thing(t.id); end`),
  )
  await db().asRole(db().names.private, (client) =>
    client.query(`grant execute on function rowhouse_private.one_by_one() to ${db().names.member}`),
  )
})

async function insertWorld(client: pg.Client): Promise<void> {
  await client.query('insert into rowhouse.tenant (id, slug, name) values ($1, $2, $2)', [tenant, 'acme'])
  for (const user of users) await client.query('insert into app."user" (id) values ($1)', [user])
  for (const each of group) {
    await client.query(
      `insert into app."group" (tenant_id, id, label, level, owner_id, deleted_at) values ($1, $2, $3, $4, $5, $6)`,
      [tenant, each.id, each.label, each.level, each.owner, each.deletedAt],
    )
  }
  for (const each of group)
    await client.query('update app."group" set parent_id = $1 where id = $2', [each.parent, each.id])
  for (const each of members) {
    await client.query(
      'insert into app.member (tenant_id, user_id, group_id, level, deleted_at) values ($1, $2, $3, $4, $5)',
      [tenant, each.user, each.group, each.level, each.deletedAt],
    )
  }
  for (const table of ['thing', ...denyRules.map((_, at) => `denied${at}`)]) await insertThings(client, table)
}

async function insertThings(client: pg.Client, table: string): Promise<void> {
  const rows = things.map((row) => ({
    ...row,
    tenant_id: tenant,
    cents: row.cents === null ? null : Math.round(Number(row.cents) * 100),
    owner_id: row.owner,
    group_id: row.group,
    created_at: '2026-01-01',
    updated_at: '2026-01-01',
  }))
  await client.query(`insert into app.${table} select * from jsonb_populate_recordset(null::app.${table}, $1)`, [
    JSON.stringify(rows),
  ])
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1)

type ActorOf = Parameters<TestDatabase['asActor']>[0]

function asTestActor(caller: Caller, roles: readonly string[]): ActorOf {
  const claims = Object.fromEntries(
    Object.entries(caller.claims).map(([name, value]) => [name, String(value as string)]),
  )
  return { roles, tenant, actor: caller.id, claims }
}

/** Ids that each query gives to the caller in its role set, all on one connection, as requests of a pool would. */
async function visible(caller: Caller, asks: readonly Ask[]): Promise<readonly (readonly string[])[]> {
  return db().asActor(asTestActor(caller, []), async (client) => {
    const answers: string[][] = []
    for (const { roles, query } of asks) {
      await client.query('reset role')
      await client.query(`set local role "${roleSetName(db().names.prefix, roles)}"`)
      const { rows } = await client.query<{ id: string }>(query)
      answers.push(rows.map((row) => row.id).sort(byText))
    }
    return answers
  })
}

interface Ask {
  readonly roles: readonly string[]
  readonly query: string
}

describe('a rule means in Postgres what it means in words', () => {
  const oneByOne = 'select one_by_one as id from rowhouse_private.one_by_one()'

  test.each(callers)('allows, for $name', async (caller) => {
    const expected = allowRules.map((rule, at) => shown('Thing', [rule], { ...caller, roles: [`role${at}`] }))
    const asks = (query: string) => allowRules.map((_, at) => ({ roles: [`role${at}`], query }))
    const byPolicy = await visible(caller, asks('select id from app.thing'))
    // The function holds all the rules: 2 ms a row.
    const some = asks(oneByOne).filter((_, at) => at % every === 0)
    const byFunction = await visible(caller, some)
    for (const [at, rule] of allowRules.entries()) {
      expect(byPolicy[at], JSON.stringify(rule.where)).toEqual(expected[at])
      if (at % every === 0) expect(byFunction[at / every], JSON.stringify(rule.where)).toEqual(expected[at])
    }
    // The sample is not all or nothing.
    const count = expected.flat().length
    expect(count).toBeGreaterThan(allowCount)
    expect(count).toBeLessThan(allowCount * things.length)
  })

  test.each(callers)('denies, for $name', async (caller) => {
    const asks = denyRules.map((_, at) => ({ roles: [], query: `select id from app.denied${at}` }))
    const answers = await visible(caller, asks)
    for (const [at, rule] of denyRules.entries()) {
      const expected = shown(`Denied${at}`, [m.allow('all', 'signedIn', ['read']), rule], caller)
      expect(answers[at], JSON.stringify({ where: rule.where, unless: rule.unless })).toEqual(expected)
    }
  })
})
