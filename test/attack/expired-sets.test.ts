import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildCatalog, type Catalog } from '#migrations'
import { loadModel } from '#policies'
import { acme, ann, useWrittenServer } from '../options/written-server.ts'

// Clerks see pieces of offers, so that their policies ask which offers have expired. Chiefs see offers; who works elsewhere sees desks.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `import { datetime, entity, int64, many, one, partOf, string } from 'rowhouse/schema'
export const Offer = entity('Offer', { expires: 'until', fields: { name: string(), until: datetime({ optional: true }) }, relations: { pieces: many('Piece', { by: 'offer' }) } })
export const Piece = entity('Piece', { fields: { name: string() }, relations: { offer: partOf('Offer'), tags: many('Tag', { link: true }) } })
export const Tag = entity('Tag', { fields: { name: string() }, relations: { pieces: many('Piece', { by: 'tags' }) } })
export const Desk = entity('Desk', { fields: { name: string() } })
export const Count = entity('Count', { sql: 'reports/counts.sql', key: 'offer', fields: { count: int64() }, relations: { offer: one('Offer') } })`,
    'reports/counts.sql': 'select offer_id, count(*) as count from piece group by offer_id',
    'policies/all.ts': `import { Count, Desk, Offer, Piece, Tag } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Sees pieces.', chief: 'Sees offers.', maker: 'Makes pieces.', porter: 'Sees desks.' })
const all = { allow: 'admin', to: anything } as const
export const P1 = policy(Offer, { all, seen: { allow: 'chief', to: 'read' } })
export const P2 = policy(Piece, { all, seen: { allow: 'clerk', to: 'read' }, made: { allow: 'maker', to: 'create' }, kept: { deny: signedIn, to: 'update', where: { name: 'kept' } } })
export const P3 = policy(Tag, { all })
export const P4 = policy(Desk, { all, seen: { allow: ['porter', 'maker'], to: 'read' } })
export const P5 = policy(Count, { counted: { allow: ['admin', 'porter'], to: 'read' } })`,
  },
  ['admin', 'clerk', 'chief', 'maker', 'porter'],
)

async function expiredOffer(): Promise<string> {
  const { data, errors } = await app().ask(
    'mutation { createOffer(input: { offer: { name: "o", until: "2020-01-01T00:00:00Z" } }) { id } }',
  )
  expect(errors).toEqual([])
  return data.createOffer.id
}

const asks = (roles: readonly string[] | null) =>
  app().database.asActor({ roles, tenant: acme, actor: ann }, async (client) => {
    const { rows } = await client.query('select rowhouse_private.expired_offer() as id')
    return rows.map(({ id }) => id)
  })

describe('which rows have expired', () => {
  test.each([[['porter']], [['chief']], [['maker']], [[]], [null]])(
    'is told to nobody whose policies do not ask it: %s',
    async (roles) => {
      await expiredOffer()
      await expect(asks(roles)).rejects.toMatchObject({ code: '42501' })
    },
  )

  test('is there for policies that ask', async () => {
    const id = await expiredOffer()
    for (const role of ['clerk', 'admin']) expect(await asks([role])).toContain(id)
    for (const role of ['clerk', 'admin'])
      expect((await app().ask('{ pieces { nodes { name } } }', {}, { roles: [role] })).errors).toEqual([])
    const { errors } = await app().ask('{ counts { nodes { count } } }', {}, { roles: ['porter'] })
    expect(errors).toEqual([])
  })

  const fixtures = ['clinic', 'archive', 'extremes']
  test('every policy that asks is for roles that may', async () => {
    const folders = fixtures.map((name) => join(import.meta.dirname, '../fixtures/apps', name))
    const catalogs = await Promise.all(folders.map(async (folder) => buildCatalog((await loadModel(folder)).model)))
    const mine = buildCatalog(app().model)
    expect(askersOf(mine)).toContain('rowhouse_private.expired_offer() :ROLE_CLERK')
    for (const catalog of [mine, ...catalogs]) {
      const may = catalog.functions.flatMap(({ name, execute }) =>
        execute.map((role) => `rowhouse_private.${name}() ${role}`),
      )
      expect(may).toEqual(expect.arrayContaining([...askersOf(catalog)]))
    }
  })
})

/** Functions of expired rows that policies call, with the roles of these policies. */
function askersOf({ tables }: Catalog): readonly string[] {
  return tables.flatMap(({ policies }) =>
    policies.flatMap(({ using, roles }) =>
      [...(using ?? '').matchAll(/"?rowhouse_private"?\."?(expired_\w+)"?\(\)/g)].flatMap(([, name]) =>
        roles.map((role) => `rowhouse_private.${name}() ${role}`),
      ),
    ),
  )
}
