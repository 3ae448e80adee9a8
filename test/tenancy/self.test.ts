import { expect, test } from 'vitest'
import { runSeed } from '#server'
import { checkSeed } from '../../server/seed/plan-seed.ts'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const files = {
  'schema/all.entity.ts': `export const Company = entity('Company', {
  tenant: 'self', fields: { name: string(), plan: choice(['free', 'pro'], { default: 'free' }) },
  relations: { offices: many('Office', { by: 'company' }) },
})
export const Office = entity('Office', { fields: { city: string() }, relations: { company: one('Company') } })`,
  'policies/all.ts': `import { Company, Office } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Sees offices of those who pay.' })
export const CompanyPolicy = policy(Company, { all: { allow: 'admin', to: anything } })
export const OfficePolicy = policy(Office, {
  all: { allow: 'admin', to: anything },
  'paid': { allow: 'clerk', to: 'read', where: { company: { plan: 'pro' } } },
})`,
}
const app = useWrittenServer(files, ['admin', 'clerk'])

const create =
  'mutation ($name: String!) { createCompany(input: { company: { name: $name } }) { id company { name plan } } }'
const asGil = { tenant: globex, sub: gil }

test('a tenant makes its row, once; the row has the id of the tenant', async () => {
  const made = await app().ask(create, { name: 'Acme' })
  expect(made.errors).toEqual([])
  expect(made.data.createCompany).toEqual({ id: acme, company: { name: 'Acme', plan: 'free' } })
  const again = await app().ask(create, { name: 'Acme too' })
  expect(again.errors[0]!.extensions.code).toBe('CONFLICT')
  // The other tenant makes its own, and sees no other.
  expect((await app().ask(create, { name: 'Globex' }, asGil)).data.createCompany.id).toBe(globex)
  const theirs = await app().ask('{ companies { nodes { id name } } }', {}, asGil)
  expect(theirs.data.companies.nodes).toEqual([{ id: globex, name: 'Globex' }])
  const mine = `{ company(id: "${acme}") { id } }`
  expect((await app().ask(mine, {}, asGil)).data.company).toBeNull()
})

test('rows of a tenant refer to their own alone, and rules look through the relation', async () => {
  const office = 'mutation ($id: UUID!) { createOffice(input: { office: { city: "Linz", companyId: $id } }) { id } }'
  expect((await app().ask(office, { id: acme })).errors).toEqual([])
  expect((await app().ask(office, { id: globex })).errors[0]!.extensions.code).toBe('NOT_FOUND')
  const read = '{ offices { nodes { city company { name } } } }'
  const asClerk = { roles: ['clerk'] }
  expect((await app().ask('{ offices { nodes { city } } }', {}, asClerk)).data.offices.nodes).toEqual([])
  const pay = `mutation { updateCompany(input: { id: "${acme}", patch: { plan: pro } }) { company { plan } } }`
  expect((await app().ask(pay)).errors).toEqual([])
  expect((await app().ask('{ offices { nodes { city } } }', {}, asClerk)).data.offices.nodes).toEqual([
    { city: 'Linz' },
  ])
  expect((await app().ask(read)).data.offices.nodes).toEqual([{ city: 'Linz', company: { name: 'Acme' } }])
  expect(
    (await app().ask(`{ company(id: "${acme}") { offices { totalCount } } }`)).data.company.offices.totalCount,
  ).toBe(1)
})

const other = '00000000-0000-7000-8000-0000000000ff'
const attempts: readonly (readonly [text: string, code: string])[] = [
  [`insert into app.company (id, name) values ('${other}', 'second')`, '42501'],
  [`insert into app.company (tenant_id, name) values ('${globex}', 'theirs')`, '42501'],
  [`update app.company set id = '${other}'`, '42501'],
]

test.each(attempts)('no way around: %s', async (text, code) => {
  const { database } = app()
  await expect(
    database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, (client) => client.query(text)),
  ).rejects.toMatchObject({ code })
})

test('not even past row security', async () => {
  const { database } = app()
  const attempt = database.asOwner(async (client) => {
    await client.query('alter table app.company no force row level security')
    await client.query(`insert into app.company (tenant_id, id, name) values ('${acme}', '${other}', 'second')`)
  })
  await expect(attempt).rejects.toMatchObject({ code: '23514', constraint: 'company__self_check' })
})

test('a seed need not say the id, and may not say another', async () => {
  const { model, database } = app()
  const tenant = { id: acme, slug: 'acme', name: 'Acme', rows: { Company: [{ name: 'Seeded' }] } }
  const seeded = await runSeed(
    model,
    { tenants: [tenant] },
    { client: database.migrator, owner: database.names.owner, again: true },
  )
  expect(seeded).toEqual({ kind: 'seeded', rows: 1 })
  expect((await app().ask('{ companies { nodes { id name } } }')).data.companies.nodes).toEqual([
    { id: acme, name: 'Seeded' },
  ])
  const wrong = { ...tenant, rows: { Company: [{ id: globex, name: 'x' }] } }
  expect(() => checkSeed(model, { tenants: [wrong] })).toThrow(`The row of "Company" is the tenant "${acme}"`)
})

const mistakes: readonly Mistake[] = [
  [
    'two of them',
    [['TENANT_SELF_TWICE', "'self'"]],
    "export const A = entity('A', { tenant: 'self', fields: {} })\nexport const B = entity('B', { tenant: 'self', fields: {} })",
  ],
  [
    'numbered',
    [['TENANT_SELF_KEYED', 'id']],
    "export const A = entity('A', { tenant: 'self', id: 'int64', fields: {} })",
  ],
  [
    'a key of its own',
    [['TENANT_SELF_KEYED', 'key']],
    "export const A = entity('A', { tenant: 'self', key: 'code', fields: { code: string() } })",
  ],
  [
    'promises about others',
    [
      ['TENANT_SELF_ALONE', 'n'],
      ['TENANT_SELF_ALONE', 'up'],
      ['TENANT_SELF_ALONE', 'unique'],
    ],
    "export const A = entity('A', { tenant: 'self', fields: { n: int({ unique: true }), m: int() }, relations: { up: one('A', { optional: true }) }, unique: [['n', 'm']] })",
  ],
  ['another word', [['OPTION_INVALID', "'own'"]], "export const A = entity('A', { tenant: 'own', fields: {} })"],
]

testMistakes('the row is the tenant', entitiesOnly, mistakes)
