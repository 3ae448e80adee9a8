import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { withinOne } from '../support/within-one.ts'

const files = {
  'schema/all.entity.ts': `export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Team = entity('Team', {
  fields: { name: string() }, computed: { passes: int() },
  relations: { members: many('Pass', { by: 'team' }) },
})
export const TeamFormulas = formulas(Team, { passes: (t) => t.members.count() })
export const Pass = entity('Pass', {
  expires: 'validUntil', fields: { code: string(), validUntil: datetime({ optional: true }) }, unique: [['code']],
  relations: { team: one('Team'), holder: one('User', { optional: true }), after: one('Pass', { optional: true, onDelete: 'restrict' }) },
})
export const Door = entity('Door', { fields: { name: string() }, relations: { pass: one('Pass'), team: one('Team', { optional: true }) } })
export const Offer = entity('Offer', { expires: 'lastDay', immutable: true, fields: { name: string(), lastDay: date() } })`,
  'policies/all.ts': `import { Door, Offer, Pass, Team, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', guest: 'Comes in.' })
const { reach } = words(User)
export const actor = defineActor(User, { teams: reach('Team', { via: 'Pass', as: 'holder' }) })
export const P0 = policy(User, { all: { allow: 'admin', to: anything } })
export const P1 = policy(Team, { all: { allow: 'admin', to: anything }, mine: { allow: 'guest', to: 'read', where: { id: actor.teams } } })
export const P2 = policy(Pass, { all: { allow: 'admin', to: anything } })
export const P3 = policy(Door, { all: { allow: 'admin', to: anything }, open: { allow: 'guest', to: 'read', where: { pass: { code: { startsWith: 'd' } } } } })
export const P4 = policy(Offer, { all: { allow: 'admin', to: anything } })`,
}
const app = useWrittenServer({ ...files, 'schema/all.entity.ts': words(files['schema/all.entity.ts']) }, [
  'admin',
  'guest',
])

/** The file imports for itself, as it needs more than most. */
function words(text: string): string {
  return `import { date, datetime, entity, formulas, int, many, one, string } from 'rowhouse/schema'\n${text}`
}

const past = '2020-01-01T00:00:00Z'
const future = '2920-01-01T00:00:00Z'
let team = ''

beforeAll(async () => {
  team = (await app().ask('mutation { createTeam(input: { team: { name: "t" } }) { id } }')).data.createTeam.id
  await app().database.asOwner(async (client) => {
    await client.query('alter table app."user" no force row level security')
    await client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann')`)
    await client.query('alter table app."user" force row level security')
  })
})

async function pass(code: string, validUntil: string | null, more: object = {}): Promise<string> {
  const { data, errors } = await app().ask(
    'mutation ($pass: PassInput!) { createPass(input: { pass: $pass }) { id } }',
    {
      pass: { code, validUntil, teamId: team, ...more },
    },
  )
  expect(errors).toEqual([])
  return data.createPass.id
}

const codes = async (query: string, variables: object = {}) =>
  (await app().ask(query, variables)).errors.map(({ extensions }) => extensions.code)

/** Ends a row that was made with an end to come, as time would. */
async function end(id: string): Promise<void> {
  await app().database.asOwner(async (client) => {
    await client.query('alter table app.pass no force row level security, disable trigger user')
    await client.query(`update app.pass set valid_until = now() - interval '1 second' where id = '${id}'`)
    await client.query('alter table app.pass force row level security, enable trigger user')
  })
}

describe('an expired row', () => {
  test('leaves every read: lists, counts, relations, formulas, aggregates', async () => {
    await pass('a1', future)
    await pass('a2', null)
    const gone = await pass('a3', past)
    const { data, errors } = await app().ask(
      `query ($id: UUID!, $team: UUID!) {
        passes(filter: { code: { startsWith: "a" } }, orderBy: [CODE_ASC]) { totalCount nodes { code } }
        pass(id: $id) { code }
        team(id: $team) { passes members { totalCount aggregates { distinctCount { code } } } }
      }`,
      { id: gone, team },
    )
    expect(errors).toEqual([])
    expect(data.passes).toEqual({ totalCount: 2, nodes: [{ code: 'a1' }, { code: 'a2' }] })
    expect(data.pass).toBeNull()
    expect(data.team.passes).toBe(data.team.members.totalCount)
    expect(data.team.members.aggregates.distinctCount.code).toBe(String(data.team.members.totalCount))
  })

  test('is changed, removed, restored, deleted and led to by nobody', async () => {
    const gone = await pass('b1', past)
    expect(
      await codes('mutation ($id: UUID!) { updatePass(input: { id: $id, patch: { validUntil: null } }) { id } }', {
        id: gone,
      }),
    ).toEqual(['NOT_FOUND'])
    for (const verb of ['remove', 'restore', 'delete'])
      expect(await codes(`mutation ($id: UUID!) { ${verb}Pass(input: { id: $id }) { id } }`, { id: gone })).toEqual([
        'NOT_FOUND',
      ])
    const removed = await pass('b2', future)
    expect(await codes('mutation ($id: UUID!) { removePass(input: { id: $id }) { id } }', { id: removed })).toEqual([])
    await end(removed)
    expect(await codes('mutation ($id: UUID!) { restorePass(input: { id: $id }) { id } }', { id: removed })).toEqual([
      'NOT_FOUND',
    ])
    const lead = 'mutation ($id: UUID!) { createDoor(input: { door: { name: "x", passId: $id } }) { id } }'
    expect(await codes(lead, { id: gone })).toEqual(['NOT_FOUND'])
    const text = `update app.pass set valid_until = null where id = '${gone}'`
    const direct = await app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, (client) =>
      client.query(text),
    )
    expect(direct.rowCount).toBe(0)
  })

  test('counts for no rule: neither for conditions nor for what the caller reaches', async () => {
    const key = await pass('d1', future, { holderId: ann })
    await app().ask('mutation ($id: UUID!) { createDoor(input: { door: { name: "front", passId: $id } }) { id } }', {
      id: key,
    })
    const seen = async () => {
      const { data } = await app().ask(
        '{ doors { nodes { name } } teams { nodes { name } } }',
        {},
        { roles: ['guest'] },
      )
      return [data.doors.nodes.length, data.teams.nodes.length]
    }
    expect(await seen()).toEqual([1, 1])
    await end(key)
    expect(await seen()).toEqual([0, 0])
    const whole = await app().ask('{ doors { nodes { name pass { code } } } }')
    expect([whole.errors, whole.data.doors.nodes]).toEqual([[], [{ name: 'front', pass: null }]])
  })

  test('leaves its unique values to those who come, change or come back', async () => {
    await pass('e1', past)
    const first = await pass('e1', future)
    expect(
      await codes('mutation ($t: UUID!) { createPass(input: { pass: { code: "e1", teamId: $t } }) { id } }', {
        t: team,
      }),
    ).toEqual(['CONFLICT'])
    await app().ask('mutation ($id: UUID!) { removePass(input: { id: $id }) { id } }', { id: first })
    const second = await pass('e1', future)
    await end(second)
    expect(await codes('mutation ($id: UUID!) { restorePass(input: { id: $id }) { id } }', { id: first })).toEqual([])
    await pass('e2', past)
    expect(
      await codes('mutation ($id: UUID!) { updatePass(input: { id: $id, patch: { code: "e2" } }) { id } }', {
        id: first,
      }),
    ).toEqual([])
    const removed = await app().database.asOwner(async (client) => {
      await client.query('alter table app.pass no force row level security')
      const { rows } = await client.query(
        `select count(*)::int as count from app.pass where code = 'e1' and deleted_at is null`,
      )
      await client.query('alter table app.pass force row level security')
      return rows[0].count
    })
    expect(removed).toBe(0)
  })
})

test('a day is there until it ends', () =>
  withinOne('day', app().database, async (today, attempt) => {
    const day = (shift: number) => new Date(Date.parse(today) + shift * 86_400_000).toISOString().slice(0, 10)
    for (const [name, lastDay] of [
      ['before', day(-2)],
      ['long', day(2)],
    ] as const)
      expect(
        await codes('mutation ($o: OfferInput!) { createOffer(input: { offer: $o }) { id } }', {
          o: { name: `${name} ${attempt}`, lastDay },
        }),
      ).toEqual([])
    await app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, (client) =>
      client.query(
        `insert into app.offer (name, last_day) values ('today ${attempt}', (now() at time zone 'utc')::date)`,
      ),
    )
    const { data } = await app().ask(
      `{ offers(filter: { name: { endsWith: " ${attempt}" } }, orderBy: [NAME_ASC]) { nodes { name } } }`,
    )
    expect(data.offers.nodes).toEqual([{ name: `long ${attempt}` }, { name: `today ${attempt}` }])
  }))

describe('purging', () => {
  test('deletes what expired, of one tenant, so much at a time, and leaves what others need', async () => {
    const { database } = app()
    const purge = (tenant: string, most: number) =>
      database.asOwner(async (client) => {
        await client.query(`set local rowhouse.tenant_id = '${tenant}'`)
        return Number((await client.query(`select rowhouse_private.purge_pass(${most}) as gone`)).rows[0].gone)
      })
    await purge(acme, 1000)
    const needed = await pass('f1', future)
    await pass('f2', future, { afterId: needed })
    await end(needed)
    for (const code of ['f3', 'f4', 'f5']) await pass(code, past)
    expect(await purge(globex, 1000)).toBe(0)
    expect([await purge(acme, 2), await purge(acme, 1000), await purge(acme, 1000)]).toEqual([2, 1, 0])
    expect(
      (await app().ask('{ passes(filter: { code: { equalTo: "f2" } }) { totalCount } }')).data.passes.totalCount,
    ).toBe(1)
  })

  test.each(['admin', 'guest'])('is not for role %s', async (role) => {
    const attempt = app().database.asActor({ roles: [role], tenant: globex, actor: gil }, (client) =>
      client.query('select rowhouse_private.purge_pass(1)'),
    )
    await expect(attempt).rejects.toMatchObject({ code: '42501' })
  })
})

const mistakes: readonly Mistake[] = [
  [
    'no such field',
    [['NAME_UNKNOWN', "'untill'"]],
    "export const A = entity('A', { expires: 'untill', fields: { until: datetime() } })",
  ],
  [
    'no moment',
    [['EXPIRES_FIELD_INVALID', "'n'"]],
    "export const A = entity('A', { expires: 'n', fields: { n: int() } })",
  ],
  [
    'values that are never free again',
    [['EXPIRES_UNIQUE_KEPT', "'until'"]],
    "export const A = entity('A', { immutable: true, expires: 'until', fields: { n: int({ unique: true }), until: datetime() } })",
  ],
]

testMistakes('rows that expire', entitiesOnly, mistakes)
