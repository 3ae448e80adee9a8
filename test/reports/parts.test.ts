import { expect, test } from 'vitest'
import { useWrittenServer } from '../options/written-server.ts'

const app = useWrittenServer(
  {
    'schema/all.entity.ts': `import { datetime, entity, int64, many, one, partOf, string } from 'rowhouse/schema'
export const Offer = entity('Offer', {
  expires: 'until', fields: { name: string(), until: datetime({ optional: true }) }, relations: { pieces: many('Piece', { by: 'offer' }) },
})
export const Piece = entity('Piece', { fields: { name: string() }, relations: { offer: partOf('Offer') } })
export const LinesOfOffer = entity('LinesOfOffer', {
  sql: 'reports/lines.sql', key: 'offer', plural: 'LinesOfOffers', fields: { count: int64() }, relations: { offer: one('Offer') },
})`,
    'reports/lines.sql': 'select offer_id, count(*) as count from piece group by offer_id',
    'policies/all.ts': `import { Piece, LinesOfOffer, Offer } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const P1 = policy(Offer, { all: { allow: 'admin', to: anything } })
export const P2 = policy(Piece, { all: { allow: 'admin', to: anything } })
export const P3 = policy(LinesOfOffer, { all: { allow: 'admin', to: anything } })`,
  },
  ['admin'],
)

test('a select sees no part of a row that has expired, and none that was removed', async () => {
  const make = async (name: string): Promise<string> => {
    const { data } = await app().ask(
      'mutation ($name: String!) { createOffer(input: { offer: { name: $name } }) { id } }',
      {
        name,
      },
    )
    const id: string = data.createOffer.id
    for (const line of ['a', 'b'])
      await app().ask('mutation ($line: PieceInput!) { createPiece(input: { piece: $line }) { id } }', {
        line: { name: line, offerId: id },
      })
    return id
  }
  const [kept, ended] = [await make('kept'), await make('ended')]
  const counts = async () =>
    (await app().ask('{ linesOfOffers(orderBy: [COUNT_ASC]) { nodes { count offerId } } }')).data.linesOfOffers.nodes
  expect(await counts()).toHaveLength(2)
  await app().database.asOwner(async (client) => {
    await client.query('alter table app.offer no force row level security, disable trigger user')
    await client.query(`update app.offer set until = now() - interval '1 second' where id = '${ended}'`)
    await client.query('alter table app.offer force row level security, enable trigger user')
  })
  expect(await counts()).toEqual([{ count: '2', offerId: kept }])
  const { data } = await app().ask('{ pieces { nodes { id } } }')
  await app().ask('mutation ($id: UUID!) { removePiece(input: { id: $id }) { id } }', { id: data.pieces.nodes[0].id })
  expect(await counts()).toEqual([{ count: '1', offerId: kept }])
})
