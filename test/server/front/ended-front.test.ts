import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Front, PendingAnswers } from '#server'

const plan = { host: '127.0.0.1', port: 0, bodyTimeoutMs: 30_000 }
const ending = new URL('../../support/ending-front-thread.ts', import.meta.url)

test('a front that ends says so, and nobody waits for what it will not say', async () => {
  const front = await Front.open(plan, ending)
  await front.use(null)
  await expect(fetch(front.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  const asked = [front.use('/nowhere'), front.idle('/nowhere'), front.idle('/nowhere')]
  expect(await front.died).toBe('its thread ended')
  await Promise.all([...asked, front.use(null), front.idle('/nowhere'), front.close()])
  await expect(fetch(front.url)).rejects.toThrow('fetch failed')
})

test('a front that ends before it listens is no front', async () => {
  const opened = Front.open(plan, new URL('./no-such-thread.ts', import.meta.url))
  await expect(opened).rejects.toThrow(/^What accepts connections ended before it listened: .*no-such-thread/s)
})

test('a front that is closed did not end by itself', async () => {
  const front = await Front.open(plan)
  let isDead = false
  void front.died.then(() => {
    isDead = true
  })
  await front.close()
  await front.use(null)
  expect(isDead).toBe(false)
})

test('a request that takes too long to arrive is given up by the front, as by a server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-front-'))
  const front = await Front.open({ ...plan, bodyTimeoutMs: 100 })
  // It would wait for five minutes.
  const server = createServer((asked, response) => asked.resume().once('end', () => response.end('whole')))
  onTestFinished(async () => {
    await front.close()
    server.close().closeAllConnections()
    rmSync(folder, { recursive: true })
  })
  await once(server.listen(join(folder, 'pipe')), 'listening')
  await front.use(join(folder, 'pipe'))
  const whole = await fetch(front.url, { method: 'POST', body: 'x' })
  expect(await whole.text()).toBe('whole')
  const { hostname, port } = new URL(front.url)
  const socket = connect(Number(port), hostname)
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf')
  let text = ''
  for await (const chunk of socket) text += chunk
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
})

test('answers belong to what was asked by their number, in whatever order they come', async () => {
  const pending = new PendingAnswers()
  const ids: number[] = []
  const told: string[] = []
  const asked = ['a', 'b', 'c', 'd'].map((name) =>
    pending
      .ask((id) => void ids.push(id))
      .then(
        () => told.push(`${name} done`),
        (error: Error) => told.push(`${name} ${error.message}`),
      ),
  )
  const [a, b, c] = ids as [number, number, number]
  for (const [id, error] of [[c], [b, new Error('failed')], [c], [99], [a]] as const) {
    pending.answer(id, error)
    await Promise.resolve()
  }
  pending.end(new Error('ended'))
  await Promise.all(asked)
  expect(told).toEqual(['c done', 'b failed', 'a done', 'd ended'])
})
