import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { SeedStream } from '../../../server/seed/define-seed.ts'
import { repeatTenants } from '../../../server/seed/repeat-tenants.ts'
import { runSeed } from '../../../server/seed/run-seed.ts'
import { modelOf } from '../../schema/written-app.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase()
const id = (n: number) => `00000000-0000-7000-8000-00000000100${n}`

const app = {
  'schema/all.entity.ts': `
export const Firm = entity('Firm', { tenant: 'self', fields: { title: string() } })
export const Country = entity('Country', { tenant: false, fields: { code: string({ unique: true }) } })
export const Tag = entity('Tag', { id: 'int64', fields: { name: string({ unique: true }) } })
export const Task = entity('Task', {
  fields: { number: numbering('T-{000}') },
  relations: { firm: one('Firm'), country: one('Country'), tags: many('Tag', { link: true }), above: one('Task', { optional: true }) },
  tree: 'above',
})`,
  'policies/all.ts': `
import { Country, Firm, Tag, Task } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.' })
export const FirmPolicy = policy(Firm, { 'all': { allow: 'clerk', to: 'read' } })
export const CountryPolicy = policy(Country, { 'all': { allow: 'clerk', to: 'read' } })
export const TagPolicy = policy(Tag, { 'all': { allow: 'clerk', to: anything } })
export const TaskPolicy = policy(Task, { 'all': { allow: 'clerk', to: anything } })`,
}

/** Generators can be read once: a round must make its own. */
function make(): SeedStream {
  const acme = id(0)
  function* tasks() {
    // The lower one comes first.
    yield { id: id(2), number: 'T-002', firm: acme, country: id(9), tags: ['7', '8'], above: id(1) }
    yield { id: id(1), number: 'T-001', firm: acme, country: id(9) }
  }
  const rows = {
    Firm: [{ id: acme, title: 'Acme' }],
    Tag: [
      { id: '7', name: 'a' },
      { id: '8', name: 'b' },
    ],
    Task: tasks(),
  }
  return { shared: { Country: [{ id: id(9), code: 'at' }] }, tenants: [{ id: acme, slug: 'acme', name: 'Acme', rows }] }
}

test('tenants alike have rows of the same ids, each its own', async () => {
  const model = await modelOf(app)
  await db().applyCatalog(buildCatalog(model))
  const run = (scale: number, again = false) =>
    runSeed(model, repeatTenants(model, make, scale), { client: db().migrator, owner: db().names.owner, again })
  expect(await run(3)).toEqual({ kind: 'seeded', rows: 1 + 3 * 7 })
  const seen = () =>
    db().asOwner(async (client) => {
      const { rows } =
        await client.query(`select t.slug, t.name, f.title, k.number, k.id, k.above_id, (k.firm_id = t.id and f.tenant_id = t.id) as own,
          (select array_agg(g.id::int order by g.id) from app.tag__task__link l join app.tag g on (g.tenant_id, g.id) = (l.tenant_id, l.tag_id)
            where (l.tenant_id, l.task_id) = (k.tenant_id, k.id)) as tags
        from rowhouse.tenant t join app.task k on k.tenant_id = t.id join app.firm f on (f.tenant_id, f.id) = (k.tenant_id, k.firm_id)
        order by t.slug, k.number`)
      return rows
    })
  const expected = ['', '-2', '-3'].flatMap((suffix) =>
    [
      { number: 'T-001', id: id(1), above_id: null, tags: null },
      { number: 'T-002', id: id(2), above_id: id(1), tags: [7, 8] },
    ].map((row) => ({
      slug: `acme${suffix}`,
      name: `Acme${suffix.replace('-', ' ')}`,
      title: 'Acme',
      own: true,
      ...row,
    })),
  )
  expect(await seen()).toEqual(expected)
  expect(await run(3, true)).toMatchObject({ kind: 'seeded' })
  expect(await seen()).toEqual(expected)
  expect(await run(4)).toEqual({ kind: 'present', rows: 0 })
  // Ids go on behind those of the seed.
  const { rows } = await db().asOwner((client) =>
    client.query(`insert into app.tag (tenant_id, name) values ('${id(0)}', 'c') returning id::int`),
  )
  expect(rows).toEqual([{ id: 9 }])
})

test('rows whose keys do not begin with the tenant cannot be repeated', async () => {
  const model = await modelOf(app)
  const adopted = {
    kind: 'adopted',
    tenantColumn: 'tenant_id',
    tenantInKey: false,
    globalKeys: false,
    triggers: [],
  } as const
  const keyless = {
    ...model,
    entities: model.entities.map((each) => (each.name === 'Tag' ? { ...each, source: adopted } : each)),
  }
  const run = runSeed(keyless, repeatTenants(keyless, make, 2), {
    client: db().migrator,
    owner: db().names.owner,
    again: true,
  })
  await expect(run).rejects.toMatchObject({
    code: 'SEED_INVALID',
    message: 'The seed cannot be repeated for more tenants: rows of "Tag" have keys that no two tenants share.',
  })
})
