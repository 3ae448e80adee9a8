import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { TestActor } from '../support/database.ts'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'
import { type FilledApp, fillApp } from './filled-app.ts'
import { ruleProblems } from './rule-problems.ts'

const root = join(import.meta.dirname, '../..')

describe.each(['examples/invoicing', 'cli/new/template'])('%s', (folder) => {
  const db = useDatabase()
  let app: FilledApp

  beforeAll(async () => {
    app = await fillApp(join(root, folder), db())
  }, 60_000)

  test('no rule asks something of each row, or goes through a large table for few of its rows', async () => {
    const found: string[] = []
    for (const caller of app.callers) {
      const problems = await ruleProblems(db(), app.model.entities, caller)
      found.push(...problems.map((problem) => `${(caller.roles ?? []).join(', ')}: ${problem}`))
    }
    expect(app.callers.length).toBeGreaterThan(1)
    expect(found).toEqual([])
  })
})

describe('rules that the gate is there for', () => {
  const db = useDatabase()
  const ids = { tenant: '00000000-0000-7000-8000-000000000001', ann: '00000000-0000-7000-8000-000000000002' }
  const model = m.makeModel({
    entities: {
      User: { tenant: false, fields: { name: m.text() } },
      Note: { fields: { kind: m.choice('common', 'rare'), place: m.int() }, relations: { author: m.one('User') } },
    },
    roles: { plain: [], rare: [], asking: [], searching: [] },
    actor: { entity: 'User', values: [] },
    policies: {
      Note: [
        m.allow('their own', 'plain', ['read', 'update', 'delete'], {
          where: m.compare('author', 'is', m.actor('id')),
        }),
        m.allow('the rare ones', 'rare', ['read'], { where: m.compare('kind', 'is', 'rare') }),
        m.allow('by policies of the test', 'asking,searching', ['read'], { where: m.compare('place', 'is', -1) }),
      ],
    },
  })
  const note = model.entities.filter(({ name }) => name === 'Note')
  const as = (role: string): TestActor => ({ roles: [role], tenant: ids.tenant, actor: ids.ann })

  beforeAll(async () => {
    await db().applyCatalog(buildCatalog(model))
    await db().asOwner(async (client) => {
      await client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${ids.tenant}', 'acme', 'Acme');
         insert into app."user" (id, name) values ('${ids.ann}', 'Ann');
         insert into app."user" (id, name) select md5(n::text)::uuid, 'Person ' || n from generate_series(1, 100) n;
         alter table app.note disable trigger user;
         insert into app.note (tenant_id, kind, place, author_id)
           select '${ids.tenant}', case when n % 100 = 0 then 'rare' else 'common' end, n, md5((1 + n % 100)::text)::uuid
           from generate_series(1, 5000) n;
         update app.note set author_id = '${ids.ann}' where place <= 20`,
      )
    })
    await db().asRole(db().names.owner, async (client) => {
      const role = (name: string) => `${db().names.prefix}_${name}`
      await client.query(
        `analyze app.note;
         grant select on app."user" to ${role('searching')};
         create policy asking on app.note for select to ${role('asking')} using (rowhouse.actor_id() = author_id);
         create policy searching on app.note for select to ${role('searching')}
           using (exists (select from app."user" u where u.id = author_id and u.name = 'Ann'));`,
      )
    })
  })

  test('a rule that an index serves passes', async () => {
    expect(await ruleProblems(db(), note, as('plain'))).toEqual([])
  })

  test('rows that no index finds', async () => {
    const found = await ruleProblems(db(), note, as('rare'))
    expect(found).toContainEqual(expect.stringMatching(/^Note, count: .* of note reads \d+ rows and keeps 50/))
  })

  test('a function that is called for each row', async () => {
    const found = await ruleProblems(db(), note, as('asking'))
    expect(found).toContainEqual(expect.stringContaining('Note, count: current_setting() for each row'))
  })

  test('a sub-query that is asked for each row', async () => {
    const found = await ruleProblems(db(), note, as('searching'))
    expect(found).toContainEqual(expect.stringMatching(/^Note, newest 20: SubPlan \d for each row/))
  })
})
