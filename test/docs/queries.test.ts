import { expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { readBlocks } from './read-document.ts'

/** The requests of the guide are sent to the example, and find something. */
const example = useExampleServer()
const blocks = readBlocks('docs/guide/queries.md').filter(
  ({ language, marks }) => language === 'graphql' && marks.app === 'invoicing',
)

test.each(blocks)('$place "$marks.run" answers', async ({ text }) => {
  const { data: ids } = await example().ask('ada', '{ orders(first: 1) { nodes { id nodeId } } }')
  const { data: page, errors: faults } = await example().ask('ada', text, ids.orders.nodes[0])
  expect(faults).toEqual([])
  expect(Object.keys(page).length).toBeGreaterThan(0)
  for (const found of Object.values(page)) expect(isFound(found), JSON.stringify(found)).toBe(true)
})

test('the next page begins behind the last', async () => {
  const { text } = blocks.find(({ marks }) => marks.run === 'pages')!
  const first = (await example().ask('ada', text)).data.orders
  const { data, errors } = await example().ask('ada', text, { cursor: first.pageInfo.endCursor })
  expect(errors).toEqual([])
  const numbers = [...first.edges, ...data.orders.edges].map(({ node }: { node: { number: string } }) => node.number)
  expect(new Set(numbers).size).toBe(40)
})

/** A row, or a list that has rows, groups or a total. */
function isFound(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  const { nodes, edges, totalCount, groupedAggregates } = value as Record<string, unknown>
  if (nodes === undefined && edges === undefined && totalCount === undefined && groupedAggregates === undefined)
    return true
  const isFull = (list: unknown) => list === undefined || (Array.isArray(list) && list.length > 0)
  return [nodes, edges, groupedAggregates].every(isFull) && totalCount !== 0
}
