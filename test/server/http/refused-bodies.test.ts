import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RequestError } from '#base'
import { Front } from '#server'
import { endBehindBody } from '../../../server/http/end-behind-body.ts'
import { type Listening, listen } from '../../../server/http/listen.ts'
import { sendRequestError } from '../../../server/http/send.ts'

const bodyBytes = 4_000_000
const partBytes = 250_000
const few = { maxBytes: 1_000_000, maxMs: 600_000 }
const message = 'The body is too long.'
let listening: Listening
let behind: Listening
let front: Front
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowhouse-refused-'))
  const refuse: Parameters<typeof listen>[0] = (request, response) => {
    if (request.url !== '/graphql') {
      response.writeHead(413, { 'content-length': 2 }).write('no')
      return endBehindBody(request, response, request.url === '/bytes' ? few : { maxBytes: 1e9, maxMs: 50 })
    }
    sendRequestError(request, response, new RequestError('LIMIT', message), 413)
  }
  listening = await listen(refuse, { host: '127.0.0.1', port: 0 })
  behind = await listen(refuse, { host: '127.0.0.1', port: 0, pipe: join(folder, 'pipe') })
  front = await Front.open({ host: '127.0.0.1', port: 0, bodyTimeoutMs: 30_000 })
  await front.use(behind.url)
})
afterAll(async () => {
  await front.close()
  await Promise.all([listening.close(), behind.close()])
  rmSync(folder, { recursive: true })
})

/** Sends bit by bit, and reads only then; what came, and whether the connection broke. */
async function post(url: string, { path = '/graphql', connection = 'close', bytes = bodyBytes } = {}) {
  const { hostname, port } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  const outcome = { text: '', error: null as string | null, isClosed: false }
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    outcome.error = code ?? 'error'
  })
  socket.on('close', () => {
    outcome.isClosed = true
  })
  const headers = ['host: x', `connection: ${connection}`, 'content-type: application/json', `content-length: ${bytes}`]
  socket.write(`POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  for (let sent = 0; sent < bytes && !outcome.isClosed; sent += partBytes) {
    await new Promise((resolve) => socket.write(Buffer.alloc(partBytes, 'x'), resolve))
    await sleep(5)
  }
  socket.on('data', (chunk: Buffer) => {
    outcome.text += chunk
  })
  return { socket, outcome }
}

const closed = (socket: ReturnType<typeof createConnection>) =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve))

describe.each([
  ['a server', () => listening.url],
  ['a front', () => front.url],
])('of %s', (_, url) => {
  test('who sends megabytes before it reads gets the refusal whole', async () => {
    const { socket, outcome } = await post(url())
    await closed(socket)
    expect(outcome.error).toBe(null)
    expect(outcome.text).toMatch(/^HTTP\/1\.1 413 /)
    expect(outcome.text).toContain(message)
  })

  test('a connection that is kept serves the next request', async () => {
    const { socket, outcome } = await post(url(), { connection: 'keep-alive' })
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    await closed(socket)
    expect(outcome.text.match(/HTTP\/1\.1 413 /g)).toHaveLength(2)
  })
})

test.each(['/bytes', '/time'])('a body without an end holds no connection: %s', async (path) => {
  const { socket } = await post(listening.url, { path, bytes: 4e8 })
  await closed(socket)
  expect(socket.bytesWritten).toBeLessThan(3e8)
})
