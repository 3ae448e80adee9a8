import { abilities, ask } from 'rowhouse/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'

const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Team = entity('Team', { fields: { name: string() }, relations: { members: many('Member', { by: 'team' }) } })
export const Member = entity('Member', { relations: { team: one('Team'), user: one('User') } })
export const Place = entity('Place', { fields: { city: string() } })
export const Doc = entity('Doc', {
  fields: {
    title: string(),
    kind: choice(['memo', 'e-mail']),
    rank: int({ optional: true }),
    price: money({ currency: 'EUR' }),
    cents: money({ currency: 'EUR', minor: true }),
    big: int64(),
    salary: int({ optional: true }),
    delivery: embed({ street: string(), city: string() }, { optional: true }),
  },
  relations: { owner: one('User', { optional: true }), team: one('Team', { optional: true }), place: one('Place', { optional: true }) },
})`,
    'policies/all.ts': `import { int } from 'rowhouse/schema'
import { anything, defineActor, defineRoles, everyone, everyoneExcept, policy, signedIn, words } from 'rowhouse/policies'
import { User, Team, Member, Doc, Place } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Works.', temp: 'Looks on.', spy: 'Nobody knows.' })
const { reach, claim } = words(User)
export const actor = defineActor(User, {
  teams: reach('Team', { via: 'Member', as: 'user' }),
  level: claim(int()),
})
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(User, { all, seen: { allow: everyone, to: 'read' } })
export const P1 = policy(Team, { all, seen: { allow: 'clerk', to: 'read' } })
export const P2 = policy(Member, { all })
export const P4 = policy(Place, { all, 'cities are known': { allow: everyone, to: 'read', where: { city: 'Rome' } } })
export const P3 = policy(Doc, {
  all,
  'SECRET title of spies': { allow: 'spy', to: 'read', where: { title: 'SPYWORD' } },
  'own': { allow: 'clerk', to: 'read', where: { owner: actor.id } },
  'of teams': { allow: ['clerk', 'temp'], to: 'read', where: { team: { in: actor.teams } } },
  'owners work': { allow: 'clerk', to: ['update', 'delete'], where: { owner: actor.id } },
  'memos are titled anew': { allow: 'clerk', to: 'update', where: { kind: 'e-mail', price: '12.50', cents: '0.50', big: '9007199254740993' }, only: ['title', 'place', 'delivery'] },
  'levels are priced': { allow: 'clerk', to: 'remove', where: { rank: { atMost: actor.level } } },
  'nothing final is deleted': { deny: signedIn, to: 'delete', where: { rank: 9 }, because: 'Nine is final.' },
  'SECRET title about spies': { deny: everyoneExcept('admin', 'clerk', 'temp'), to: 'update', where: { title: 'SPYWORD' }, because: 'SECRET because' },
})`,
  },
  ['admin', 'clerk', 'temp', 'spy'],
)

const clerk = { roles: ['clerk'], sub: gil }
const abilitiesQuery = '{ viewer { id roles abilities etag } }'
const docFields = '__typename id title kind rank price cents big ownerId teamId placeId'

async function viewer(subject: object | null) {
  const { data, errors } = await app().ask(abilitiesQuery, {}, subject)
  expect(errors).toEqual([])
  return data.viewer
}

const canQuery = 'query ($questions: [CanQuestion!]!) { can(questions: $questions) { allowed } }'

async function can(
  verb: string,
  entity: string,
  ids: readonly string[],
  subject: object | null,
  fields?: readonly string[],
) {
  const question = { verb, entity, ids, ...(fields === undefined ? {} : { fields }) }
  const { data, errors } = await app().ask(canQuery, { questions: [question] }, subject)
  expect(errors).toEqual([])
  return data.can[0].allowed
}

async function create(entity: string, values: object, subject: object = {}): Promise<string> {
  const field = entity.toLowerCase()
  const query = `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`
  const { data, errors } = await app().ask(query, { row: values }, subject)
  expect(errors).toEqual([])
  return data[`create${entity}`].id
}

const plain = { title: 't', kind: 'MEMO', price: '1.00', cents: '1.00', big: '1' }
const mail = { title: 'm', price: '12.50', cents: '0.50', big: '9007199254740993' }
const rows: Record<string, string> = {}
const absent = '01980000-0000-7000-8000-00000000dead'
let kindNames: readonly string[] = []

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app.user (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
  const { data } = await app().ask('{ __type(name: "DocKind") { enumValues { name } } }')
  kindNames = data.__type.enumValues.map(({ name }: { name: string }) => name)
  const [memo, email] = kindNames
  const team = await create('Team', { name: 'T' })
  await create('Member', { teamId: team, userId: gil })
  const doc = (values: object) => create('Doc', { ...plain, kind: memo, ...values })
  rows.own = await doc({ ownerId: gil, rank: 1 })
  rows.final = await doc({ ownerId: gil, rank: 9 })
  rows.team = await doc({ teamId: team, rank: 3 })
  rows.mail = await doc({ ...mail, kind: email, teamId: team })
  rows.hidden = await doc({ rank: 1 })
  rows.hiddenMail = await doc({ ...mail, kind: email })
  rows.removed = await doc({ ownerId: gil, rank: 1 })
  await app().ask('mutation ($id: UUID!) { removeDoc(input: { id: $id }) { id } }', { id: rows.removed })
  rows.foreign = await create('Doc', { ...plain, kind: memo, ownerId: gil, rank: 1 }, { sub: ann, tenant: globex })
  rows.rome = await create('Place', { city: 'Rome' })
  rows.oslo = await create('Place', { city: 'Oslo' })
})

describe('abilities', () => {
  test('of one role say nothing of rules for others, nor any title', async () => {
    for (const subject of [clerk, { roles: ['temp'] }, null, {}, { roles: [] }]) {
      const text = JSON.stringify((await viewer(subject)).abilities)
      expect(text).not.toMatch(/SECRET|SPYWORD|memos|owners|levels/)
    }
    const spy = JSON.stringify((await viewer({ roles: ['spy'] })).abilities)
    expect(spy).toContain('SPYWORD')
    expect(spy).not.toMatch(/title of|title about/)
  })

  test('say who asks', async () => {
    expect(await viewer(clerk)).toMatchObject({ id: gil, roles: ['clerk'] })
    expect(await viewer(null)).toMatchObject({ id: null, roles: [], abilities: { verbs: { User: { read: true } } } })
    const { abilities: known } = await viewer(null)
    expect(Object.keys(known.verbs).sort()).toEqual(['Place', 'User'])
  })

  test('are those of the claims of the token, and have another etag with others', async () => {
    const level = (claims: object) => viewer({ ...clerk, claims })
    const [one, again, two, none] = [
      await level({ level: 1 }),
      await level({ level: 1 }),
      await level({ level: 2 }),
      await level({}),
    ]
    expect(one.etag).toBe(again.etag)
    expect(new Set([one.etag, two.etag, none.etag]).size).toBe(3)
    const removal = (each: typeof one) =>
      each.abilities.rules.filter((rule: readonly unknown[]) => rule[0] === 'remove')
    expect(removal(one)).toEqual([['remove', 'Doc', { rank: { $lte: 1, $ne: null } }]])
    expect(removal(two)).toEqual([['remove', 'Doc', { rank: { $lte: 2, $ne: null } }]])
    expect(removal(none)).toEqual([])
  })
})

describe('what the browser decides', () => {
  test('is what the server decides, of every row that the caller reads', async () => {
    const seen = `{ docs { nodes { ${docFields} } } }`
    for (const subject of [
      clerk,
      { roles: ['temp'], sub: gil },
      {},
      { ...clerk, claims: { level: 3 } },
      { roles: ['spy'] },
    ]) {
      const known = abilities((await viewer(subject)).abilities)
      const { data } = await app().ask(seen, {}, subject)
      const nodes = data.docs?.nodes ?? []
      const ids = nodes.map(({ id }: { id: string }) => id)
      let decided = 0
      for (const verb of ['read', 'update', 'remove', 'delete'])
        for (const fields of [[], ['title'], ['rank'], ['title', 'placeId']]) {
          const told = await can(verb, 'Doc', ids, subject, fields)
          for (const [at, row] of nodes.entries()) {
            const answer = known.can(verb, 'Doc', row, fields)
            if (answer === 'ask') continue
            decided++
            expect([verb, fields, row, answer]).toEqual([verb, fields, row, told[at]])
          }
        }
      if (nodes.length > 0) expect(decided).toBeGreaterThan(nodes.length * 8)
    }
  })

  test('names of choices, amounts and large numbers are those of the API', async () => {
    expect(kindNames).toHaveLength(2)
    const { data } = await app().ask(`query ($id: UUID!) { doc(id: $id) { ${docFields} } }`, { id: rows.mail }, clerk)
    const known = abilities((await viewer(clerk)).abilities)
    expect(data.doc).toMatchObject({ price: '12.50', cents: '0.50', big: '9007199254740993', kind: kindNames[1] })
    expect(known.can('update', 'Doc', data.doc, ['title'])).toBe(true)
    expect(known.can('update', 'Doc', data.doc, ['title', 'delivery', 'placeId'])).toBe(true)
    expect(known.can('update', 'Doc', data.doc, ['title', 'rank'])).toBe(false)
    expect(known.can('update', 'Doc', { ...data.doc, big: '9007199254740992' }, ['title'])).toBe(false)
    expect(known.needs('update', 'Doc')).toEqual(['big', 'cents', 'kind', 'ownerId', 'price'])
    expect(known.can('read', 'Doc', data.doc)).toBe('ask')
  })

  test('the reason of a denial, of rows that it may read', async () => {
    const known = abilities((await viewer(clerk)).abilities)
    const { data } = await app().ask(`query ($id: UUID!) { doc(id: $id) { ${docFields} } }`, { id: rows.final }, clerk)
    expect(known.can('delete', 'Doc', data.doc)).toBe(false)
    expect(known.cannotBecause('delete', 'Doc', data.doc)).toBe('Nine is final.')
    expect(known.cannotBecause('delete', 'Doc', { ...data.doc, ownerId: ann })).toBe(null)
  })
})

describe('can', () => {
  const all = () => [
    rows.own!,
    rows.final!,
    rows.team!,
    rows.mail!,
    rows.hidden!,
    rows.hiddenMail!,
    rows.removed!,
    rows.foreign!,
    absent,
  ]

  test('hidden, removed and foreign rows answer as absent ones', async () => {
    expect(await can('read', 'Doc', all(), clerk)).toEqual([true, true, true, true, false, false, false, false, false])
    // A rule would let it update the hidden one, if only it could read it.
    expect(await can('update', 'Doc', all(), clerk, ['title'])).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(await can('delete', 'Doc', all(), clerk)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(await can('remove', 'Doc', all(), { ...clerk, claims: { level: 3 } })).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(await can('remove', 'Doc', all(), clerk)).toEqual(all().map(() => false))
    expect(await can('restore', 'Doc', [rows.removed!, rows.own!], {})).toEqual([true, false])
    expect(await can('restore', 'Doc', [rows.removed!, rows.own!], clerk)).toEqual([false, false])
  })

  test('other tenants and visitors', async () => {
    const theirs = { sub: ann, tenant: globex, roles: ['admin'] }
    expect(await can('delete', 'Doc', [rows.own!, rows.foreign!], theirs)).toEqual([false, true])
    expect(await can('delete', 'Doc', [rows.own!, rows.foreign!], { ...theirs, tenant: acme })).toEqual([true, false])
    expect(await can('read', 'User', [ann, absent], null)).toEqual([true, false])
    expect(await can('read', 'Place', [rows.rome!, rows.oslo!], { roles: ['temp'] })).toEqual([true, false])
    // No tenant, no rows of tenants.
    expect(await can('read', 'Place', [rows.rome!, rows.oslo!], null)).toEqual([false, false])
    for (const verb of ['read', 'update', 'delete'])
      expect(await can(verb, 'Doc', [rows.own!, absent], null)).toEqual([false, false])
    expect(await can('update', 'User', [ann], null)).toEqual([false])
  })

  test('one single rule covers the fields', async () => {
    expect(await can('update', 'Doc', [rows.mail!, rows.own!], clerk, ['title', 'delivery', 'placeId'])).toEqual([
      true,
      true,
    ])
    expect(await can('update', 'Doc', [rows.mail!, rows.own!], clerk, ['title', 'rank'])).toEqual([false, true])
  })

  test('hostile ids are ids of no row', async () => {
    const hostile = [
      rows.own!.toUpperCase(),
      '',
      "' or true --",
      '{}',
      'null',
      '\u0000',
      `${rows.own} `,
      `{${rows.own}}`,
      '\ud800',
      `${rows.own}","${rows.final}`,
    ]
    expect(await can('read', 'Doc', hostile, clerk)).toEqual([true, ...hostile.slice(1).map(() => false)])
    expect(await can('update', 'Doc', hostile, clerk)).toEqual([true, ...hostile.slice(1).map(() => false)])
  })

  test.each([
    ['entity', { entity: 'Nothing' }],
    ['entity', { entity: 'constructor' }],
    ['verb', { verb: 'approve' }],
    ['verb', { verb: 'create' }],
    ['verb', { verb: "update'; drop table app.doc; --" }],
    ['fields', { fields: ['tenant_id'] }],
    ['fields', { fields: ['deletedAt'] }],
    ['fields', { fields: ['__proto__'] }],
  ])('what the API does not have is VALIDATION about %s: %o', async (field, given) => {
    const question = { verb: 'update', entity: 'Doc', ids: [rows.own], ...given }
    const { data, errors } = await app().ask(canQuery, { questions: [question] }, clerk)
    expect(data).toBe(null)
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'VALIDATION', fields: [field] } })])
  })

  test('a request asks no more than it may, however it is written', async () => {
    const ids = Array.from({ length: 501 }, (_, at) => `${rows.own!.slice(0, -4)}${String(at).padStart(4, '0')}`)
    const question = { verb: 'read', entity: 'Doc', ids }
    const codes = async (query: string, variables: object) =>
      (await app().ask(query, variables, clerk)).errors.map(({ extensions }) => extensions.code)
    expect(await codes(canQuery, { questions: [question] })).toEqual([])
    expect(await codes(canQuery, { questions: [question, question] })).toEqual(['LIMIT'])
    expect(await codes(canQuery, { questions: Array.from({ length: 21 }, () => ({ ...question, ids: [] })) })).toEqual([
      'LIMIT',
    ])
    const twice =
      'query ($a: [CanQuestion!]!, $b: [CanQuestion!]!) { a: can(questions: $a) { allowed } b: can(questions: $b) { allowed } }'
    expect(await codes(twice, { a: [question], b: [{ ...question, verb: 'update' }] })).toContain('LIMIT')
    const tooMany = { ...question, ids: Array.from({ length: 10_000 }, () => rows.own) }
    expect(await codes(canQuery, { questions: [tooMany] })).not.toEqual([])
  })

  test('ten thousand rows through the client', async () => {
    const requests: object[] = []
    const send = async ({ query, variables }: { query: string; variables: object }) => {
      requests.push(variables)
      const { data, errors } = await app().ask(query, variables, clerk)
      return { data, errors }
    }
    const ids = [
      rows.own!,
      ...Array.from({ length: 9_998 }, (_, at) => `01980000-0000-7000-8000-${String(at).padStart(12, '0')}`),
      rows.final!,
    ]
    const [reads, deletes] = await Promise.all([
      ask(send, [{ verb: 'read', entity: 'Doc', ids }]),
      ask(send, [{ verb: 'delete', entity: 'Doc', ids: [rows.own!, rows.final!] }]),
    ])
    expect(requests).toHaveLength(11)
    expect(reads[0]!.flatMap((each, at) => (each ? [at] : []))).toEqual([0, 9_999])
    expect(deletes).toEqual([[true, false]])
  })
})

describe('in Postgres', () => {
  test('the function is for the roles of its rules alone', async () => {
    const { rows: grants } = await app().database.migrator.query(
      `select r.rolname as name from pg_proc p, aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
       where p.proname = 'rights_doc' and r.oid <> p.proowner order by 1`,
    )
    expect(grants.map(({ name }) => name.split('_').at(-1))).toEqual(['admin', 'clerk'])
  })

  test('rules change without a new schema: what a viewer is told is what is served', async () => {
    // The API is built from a model without conditions; the viewer must never be.
    const { abilities: packed } = await viewer(clerk)
    expect(packed.rules.every((rule: readonly unknown[]) => rule[1] !== 'Doc' || rule.length > 2)).toBe(true)
  })
})
