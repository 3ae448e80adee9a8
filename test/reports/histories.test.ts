import { beforeAll, expect, test } from 'vitest'
import { useWrittenServer } from '../options/written-server.ts'

const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Doc = entity('Doc', { history: true, fields: { title: string() } })
export const Offer = entity('Offer', { expires: 'until', fields: { until: datetime({ optional: true }) }, relations: { items: many('Item', { by: 'offer' }) } })
export const Item = entity('Item', { history: true, fields: { title: string() }, relations: { offer: partOf('Offer') } })
export const Title = entity('Title', { sql: 'reports/titles.sql', key: 'words', fields: { words: string(), changes: int64() } })`,
    'reports/titles.sql': `select title as words, count(*) as changes from (select title from doc_history union all select title from item_history) h group by title`,
    'policies/all.ts': `import { Doc, Item, Offer, Title } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Doc, { all })
export const P1 = policy(Offer, { all })
export const P2 = policy(Item, { all })
export const P3 = policy(Title, { all: { allow: 'admin', to: 'read' } })`,
  },
  ['admin'],
)

async function data(query: string, variables = {}) {
  const answer = await app().ask(query, variables)
  expect(answer.errors).toEqual([])
  return answer.data
}

const titles = async () =>
  (await data('{ titles(orderBy: [WORDS_ASC]) { nodes { words changes } } }')).titles.nodes.map(
    ({ words, changes }: { words: string; changes: string }) => `${words} ${changes}`,
  )

let offer = ''
beforeAll(async () => {
  offer = (await data('mutation { createOffer(input: { offer: {} }) { id } }')).createOffer.id
  const item = 'mutation ($offerId: UUID!) { createItem(input: { item: { title: "part", offerId: $offerId } }) { id } }'
  await data(item, { offerId: offer })
})

test('a select sees no change of a row that is removed, nor of a part of what has expired', async () => {
  const make = 'mutation { createDoc(input: { doc: { title: "hush" } }) { id } }'
  const { id } = (await data(make)).createDoc
  await data('mutation { createDoc(input: { doc: { title: "said" } }) { id } }')
  expect(await titles()).toEqual(['hush 1', 'part 1', 'said 1'])
  await data('mutation ($id: UUID!) { removeDoc(input: { id: $id }) { id } }', { id })
  expect(await titles()).toEqual(['part 1', 'said 1'])
  await data('mutation ($id: UUID!) { restoreDoc(input: { id: $id }) { id } }', { id })
  expect(await titles()).toEqual(['hush 3', 'part 1', 'said 1'])
  await data('mutation ($id: UUID!) { updateOffer(input: { id: $id, patch: { until: "2020-01-01" } }) { id } }', {
    id: offer,
  })
  expect(await titles()).toEqual(['hush 3', 'said 1'])
})
