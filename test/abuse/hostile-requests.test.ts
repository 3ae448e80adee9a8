import { expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { hostileOfVisitors, hostileRequests } from './hostile-requests.ts'
import { sendRequest } from './send-request.ts'

// As `start` serves it.
const example = useExampleServer({ graphiql: null, introspection: false })

function toldOf(text: string) {
  const { errors } = JSON.parse(text)
  const [{ message, extensions }] = errors
  return { message, code: extensions.code, limit: extensions.limit ?? null }
}

test.each(hostileRequests)('$name', async (hostile) => {
  const { status, text } = await sendRequest(example().server.url, hostile, example().tokens.sam)
  const { message, code, limit } = toldOf(text)
  expect({ status, code, limit }).toEqual(hostile.refused)
  expect(message).toMatch(/\S/)
  expect(text.length).toBeLessThan(8_000)
  expect(text).not.toMatch(/Did you mean|\bat .*\.(ts|js):\d/)
  expect(text).not.toMatch(/\bselect\b|\bpg_|rowhouse_|sqlstate|\brelation "|\bcolumn "/i)
  expect(example().log).toEqual([])
})

test.each(hostileOfVisitors)('of a visitor: $name', async (hostile) => {
  const { status, text } = await sendRequest(example().server.url, hostile, null)
  const { code, limit } = toldOf(text)
  expect({ status, code, limit }).toEqual(hostile.refused)
})

test('the server answers as before', async () => {
  expect((await example().ask('sam', '{ orders(first: 1) { nodes { id } } }')).errors).toEqual([])
})
