import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { type TestActor, useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'
import { type PlanNode, planProblems } from './plan-problems.ts'

/**
 * The nine scenarios of the public table on the speed of row-level security ("RLS Performance and Best Practices",
 * https://github.com/GaryAustin1/RLS-Performance, "Sample results"; 100,000 rows, ms before and after): what a slow policy says, and what a
 * rule that means the same is compiled to here.
 *
 * | test | slow | fast | ms |
 * | --- | --- | --- | --- |
 * | 1 | `auth.uid() = user_id`, no index | the column is indexed | 171 → 0.1 |
 * | 2a | `auth.uid() = user_id` | `(select auth.uid()) = user_id` | 179 → 9 |
 * | 2b | `is_admin()`, which looks at a table | `(select is_admin())` | 11,000 → 7 |
 * | 2c | `is_admin() or auth.uid() = user_id` | both in a select | 11,000 → 10 |
 * | 2d | `has_role() = role` | `(select has_role()) = role` | 178,000 → 12 |
 * | 2e | `team_id = any (user_teams())` | `team_id = any (array(select user_teams()))` | 173,000 → 16 |
 * | 3 | the policy alone | the query filters too | 171 → 9 |
 * | 5 | `auth.uid() in (…)`, joined on the row's column | the column `in (…)`, joined on `auth.uid()` | 9,000 → 20 |
 * | 6 | a policy for everybody | `to authenticated` | 170 → 0.1 |
 */
const db = useDatabase()
const ids = { tenant: '00000000-0000-7000-8000-000000000001', ann: '00000000-0000-7000-8000-000000000002' }

const isMember = m.path('team', m.many('members', 'some', m.compare('user', 'is', m.actor('id'))))
const isAdmin = m.rowFact('caller', m.compare('admin', 'is', true))
const model = m.makeModel({
  entities: {
    User: { tenant: false, fields: { name: m.text(), admin: m.plain('boolean') } },
    Team: { fields: { name: m.text() }, lists: { members: { kind: 'many', to: 'Member', by: 'team' } } },
    Member: { relations: { user: m.one('User'), team: m.one('Team') } },
    Note: {
      fields: { stage: m.choice('first', 'second') },
      relations: { author: m.one('User'), team: m.one('Team') },
      indexes: [m.indexOn([{ name: 'stage', descending: false }])],
    },
  },
  roles: { writer: [], admin: [], either: [], staged: [], teams: [], joined: [] },
  actor: {
    entity: 'User',
    values: [
      m.claim('stage', m.choice('first', 'second')),
      m.reach('teams', { to: 'Team', via: 'Member', as: 'user', toward: 'team' }),
    ],
  },
  policies: {
    Note: [
      m.allow('their own', 'writer', ['read'], { where: m.compare('author', 'is', m.actor('id')) }),
      m.allow('all, for admins', 'admin', ['read'], { where: isAdmin }),
      m.allow('for admins and authors', 'either', ['read'], {
        where: m.any(isAdmin, m.compare('author', 'is', m.actor('id'))),
      }),
      m.allow('of their stage', 'staged', ['read'], { where: m.compare('stage', 'is', m.actor('stage')) }),
      m.allow('of their teams', 'teams', ['read'], { where: m.compare('team', 'in', m.actor('teams')) }),
      m.allow('of teams with them', 'joined', ['read'], { where: isMember }),
    ],
  },
})
const catalog = buildCatalog(model)

beforeAll(async () => {
  await db().applyCatalog(catalog)
  await db().asOwner((client) =>
    client.query(
      `insert into rowhouse.tenant (id, slug, name) values ('${ids.tenant}', 'acme', 'Acme');
       insert into app."user" (id, name, admin) select md5(n::text)::uuid, 'Person ' || n, false from generate_series(1, 500) n;
       insert into app."user" (id, name, admin) values ('${ids.ann}', 'Ann', false);
       alter table app.team disable trigger user; alter table app.member disable trigger user; alter table app.note disable trigger user;
       insert into app.team (tenant_id, id, name) select '${ids.tenant}', md5('t' || n)::uuid, 'Team ' || n from generate_series(1, 100) n;
       insert into app.member (tenant_id, user_id, team_id) values ('${ids.tenant}', '${ids.ann}', md5('t1')::uuid);
       insert into app.note (tenant_id, stage, author_id, team_id)
         select '${ids.tenant}', case when n % 100 = 0 then 'first' else 'second' end, case when n % 200 = 7 then '${ids.ann}' else md5((1 + n % 500)::text)::uuid end,
           md5('t' || (1 + n % 100))::uuid from generate_series(1, 20000) n;`,
    ),
  )
  await db().asRole(db().names.owner, (client) => client.query('analyze app.note, app.member, app.team, app."user"'))
})

/** What the policy that a rule is says of the rows that it shows. */
function policyOf(title: string) {
  return catalog.tables.find(({ name }) => name === 'note')!.policies.find(({ comment }) => comment === title)!
}

const as = (role: string): TestActor => ({
  roles: [role],
  tenant: ids.tenant,
  actor: ids.ann,
  claims: { stage: 'first' },
})

/** The plan of a count as the caller, and the indexes in it. */
async function counted(who: TestActor, where = 'true', values: readonly string[] = []) {
  const rows = await db().asActor(who, async (client) => {
    const text = `explain (analyze, timing off, format json) select count(*) from app.note where ${where}`
    return (await client.query(text, [...values])).rows
  })
  const plan: PlanNode = rows[0]['QUERY PLAN'][0].Plan
  const indexes = (node: PlanNode): readonly string[] => [
    ...(node['Relation Name'] === 'note' || node['Node Type'] === 'Bitmap Index Scan'
      ? [node['Index Name'] ?? node['Node Type']]
      : []),
    ...(node.Plans ?? []).filter((each) => each['Parent Relationship'] !== 'InitPlan').flatMap(indexes),
  ]
  return { problems: planProblems(plan), ways: indexes(plan) }
}

const scenarios = [
  ['1, 2a', 'writer', 'their own', '"author_id" = (select rowhouse.actor_id())', 'note_author_idx'],
  ['2c', 'either', 'for admins and authors', 'between (select case when', 'note_author_idx'],
  ['2d', 'staged', 'of their stage', `"stage" = (select rowhouse.claim('stage'))`, 'note_stage_idx'],
  [
    '2e',
    'teams',
    'of their teams',
    '"team_id" = any (array(select reached.id from "rowhouse_private"."reached_teams" reached))',
    'note_team_idx',
  ],
  ['5', 'joined', 'of teams with them', '"team_id" = any (array(select "rowhouse_private".', 'note_team_idx'],
] as const

describe.each(scenarios)('%s: as %s', (_, role, title, words, index) => {
  test('the caller is asked once, and its side is compared with the column', () => {
    expect(policyOf(title).using).toContain(words)
  })

  test('an index finds the rows', async () => {
    const { problems, ways } = await counted(as(role))
    expect(problems).toEqual([])
    expect(ways).toContain(index)
    expect(ways).not.toContain('Seq Scan')
  })
})

test('the newest of their own rows are read from the end of their index, however many there are', async () => {
  const lines = await db().asActor(as('writer'), async (client) => {
    const { rows } = await client.query('explain select id, stage from app.note order by id desc limit 20')
    return rows.map((row) => String(row['QUERY PLAN']))
  })
  expect(lines.join('\n')).toMatch(/Index Scan Backward using note_author_idx/)
  expect(lines.join('\n')).not.toContain('Sort')
})

test('2b: a question about the caller alone is asked once, before any row', async () => {
  expect(policyOf('all, for admins').using).toMatch(/\(select case when .*caller_user_/)
  expect((await counted(as('admin'))).problems).toEqual([])
})

test('3: what the query filters by is found by its index, behind the rule', async () => {
  const { problems, ways } = await counted(as('teams'), 'author_id = $1', [ids.ann])
  expect(problems).toEqual([])
  expect(ways).toContain('note_author_idx')
})

test('6: a rule is a policy for its audience alone, and a visitor is refused before any row', async () => {
  for (const { name, roles } of catalog.tables.find(({ name }) => name === 'note')!.policies)
    if (/^[rd]_/.test(name)) expect(roles).toEqual([expect.stringMatching(/^:ROLE_/)])
  await expect(counted({ roles: null })).rejects.toThrow('permission denied')
})
