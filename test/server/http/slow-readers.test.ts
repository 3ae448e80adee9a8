import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Listening, listen, type RequestListener } from '../../../server/http/listen.ts'

/** More than both ends keep for a connection. */
const answerBytes = 32_000_000
/** Of every head, at least. */
const headBytes = 60
/** More than a busy machine keeps a reader waiting. */
const answerTimeoutMs = 1_000
let listening: Listening
beforeAll(async () => {
  const answer = Buffer.alloc(answerBytes, 'x')
  const respond: RequestListener = ({ url }, response) => {
    if (url === '/small') response.end('small')
    else if (url === '/whole') response.end(answer)
    else response.write(answer, () => response.end())
  }
  listening = await listen(respond, { host: '127.0.0.1', port: 0, answerTimeoutMs })
})
afterAll(() => listening.close())

function ask(path: string) {
  const socket = createConnection(Number(new URL(listening.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
  return socket
}

test.each(['/whole', '/parts'])('who takes nothing of an answer is cut off: %s', async (path) => {
  const socket = ask(path)
  await once(socket, 'readable')
  // What is in between fills up, then nothing moves.
  await sleep(3 * answerTimeoutMs)
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(socket, 'close')
  expect(bytes).toBeLessThan(answerBytes)
})

test.each(['/whole', '/parts'])('who takes it slowly gets all of it: %s', async (path) => {
  const socket = ask(path)
  const asked = performance.now()
  let bytes = 0
  for await (const chunk of socket) {
    bytes += (chunk as Buffer).length
    if (bytes >= answerBytes + headBytes) break
    if (performance.now() - asked < 3 * answerTimeoutMs) await sleep(10)
  }
  expect(bytes).toBeGreaterThanOrEqual(answerBytes + headBytes)
  expect(performance.now() - asked).toBeGreaterThan(2 * answerTimeoutMs)
})

test('a connection that is kept alive may be silent for longer', async () => {
  const socket = ask('/small')
  await once(socket, 'data')
  await sleep(3 * answerTimeoutMs)
  socket.write('GET /small HTTP/1.1\r\nhost: x\r\n\r\n')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toContain('200 OK')
  socket.destroy()
})
