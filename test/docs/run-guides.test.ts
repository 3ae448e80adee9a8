import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type PersonName, useExampleServer } from '../support/example-server.ts'
import { readBlocks } from './read-document.ts'

/** Other words behind `run` are those of the tests of their own pages. */
const people: readonly string[] = ['ada', 'sam', 'mia', 'gil'] satisfies readonly PersonName[]

/** Requests of the guides that say who asks (`<!-- app: invoicing, run: ada -->`) are sent to the example, in their order. `$id` is that of the row made last. */
const guides = readdirSync('docs/guide', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .toSorted()
const requests = guides
  .flatMap((file) => readBlocks(`docs/guide/${file}`))
  .filter(({ language, marks }) => language === 'graphql' && people.includes(marks.run ?? ''))

const server = useExampleServer()

test('there are some', () => expect(requests.length).toBeGreaterThan(0))

let last: string | undefined

test.each(requests)('$place is answered', async ({ text, marks }) => {
  expect(marks.app).toBe('invoicing')
  const variables = text.includes('$id: UUID!') ? { id: last } : {}
  const { data, errors } = await server().ask(marks.run as PersonName, text, variables)
  expect(errors).toEqual([])
  for (const answer of Object.values<{ id?: string } | null>(data)) {
    expect(answer).not.toBeNull()
    last = answer?.id ?? last
  }
})
