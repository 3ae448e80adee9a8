import { request } from 'node:http'
import { expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { type HostileRequest, hostileOfVisitors, hostileRequests } from './hostile-requests.ts'

// As `start` serves it.
const example = useExampleServer({ graphiql: null, introspection: false })

/** Sends it as it is, which fetch does not do with every header. */
async function send({ method, path, headers, body }: HostileRequest, token: string | null) {
  const { hostname, port } = new URL(example().server.url)
  const all = { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}

function toldOf(text: string) {
  const { errors } = JSON.parse(text)
  const [{ message, extensions }] = errors
  return { message, code: extensions.code, limit: extensions.limit ?? null }
}

test.each(hostileRequests)('$name', async (hostile) => {
  const { status, text } = await send(hostile, example().tokens.sam)
  const { message, code, limit } = toldOf(text)
  expect({ status, code, limit }).toEqual(hostile.refused)
  expect(message).toMatch(/\S/)
  expect(text.length).toBeLessThan(8_000)
  expect(text).not.toMatch(/Did you mean|\bat .*\.(ts|js):\d/)
  expect(text).not.toMatch(/\bselect\b|\bpg_|rowhouse_|sqlstate|\brelation "|\bcolumn "/i)
  expect(example().log).toEqual([])
})

test.each(hostileOfVisitors)('of a visitor: $name', async (hostile) => {
  const { status, text } = await send(hostile, null)
  const { code, limit } = toldOf(text)
  expect({ status, code, limit }).toEqual(hostile.refused)
})

test('the server answers as before', async () => {
  expect((await example().ask('sam', '{ orders(first: 1) { nodes { id } } }')).errors).toEqual([])
})
