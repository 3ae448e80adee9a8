import { beforeAll, expect, test } from 'vitest'
import { readBlocks } from '../docs/read-document.ts'
import { ann, useWrittenServer } from '../options/written-server.ts'

const blocks = readBlocks('docs/guide/behaviour/lifecycles.md')
const files = Object.fromEntries(
  blocks.flatMap(({ marks, text }) => (marks.file === undefined ? [] : [[marks.file, text]])),
)
const requests = blocks.filter(({ language }) => language === 'graphql')
const app = useWrittenServer(files, ['chief', 'author'])
let id = ''

beforeAll(async () => {
  await app().database.asOwner((client) => client.query(`insert into app.writer (id, name) values ('${ann}', 'Ann')`))
  const text = 'mutation { createArticle(input: { article: { title: "Bees", body: "They hum." } }) { id } }'
  const { data } = await app().ask(text, {}, { roles: ['author'] })
  id = data.createArticle.id
})

test('the guide offers an article, and tells its story', async () => {
  const [offer, story] = requests
  const offered = await app().ask(offer!.text, { id }, { roles: [offer!.marks.run!] })
  expect(offered.errors).toEqual([])
  const { status, statusSince, transitions } = offered.data.offerArticle.article
  expect([status, transitions]).toEqual([
    'offered',
    [
      { verb: 'print', to: 'printed', allowed: false, because: 'The chief decides what is printed.' },
      { verb: 'rework', to: 'draft', allowed: false, because: null },
    ],
  ])
  const told = await app().ask(story!.text, { id }, { roles: [story!.marks.run!] })
  expect(told.data.article.statusHistory.nodes).toEqual([
    {
      ...{ verb: 'offer', from: 'draft', to: 'offered', at: statusSince },
      ...{ note: 'The second part follows.', by: { name: 'Ann' } },
    },
  ])
})
