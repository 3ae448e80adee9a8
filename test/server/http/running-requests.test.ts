import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { RunningRequests } from '../../../server/http/running-requests.ts'

/** What of a response is looked at. */
class FakeResponse extends EventEmitter {
  readonly waits: number[] = []
  readonly socket = {
    timeout: 0,
    setTimeout: (ms: number) => {
      this.socket.timeout = ms
      this.waits.push(ms)
    },
  }
  readonly writableNeedDrain = false
  writableEnded = false
}

function begin(running: RunningRequests): FakeResponse {
  const response = new FakeResponse()
  running.add(response as unknown as ServerResponse)
  return response
}

test('requests are counted until they end, in whatever order', async () => {
  const running = new RunningRequests()
  const [a, b, c] = [begin(running), begin(running), begin(running)]
  b.emit('close')
  const d = begin(running)
  expect(running.count).toBe(3)
  a.emit('close')
  d.emit('close')
  expect(running.count).toBe(1)
  expect(await running.idle(1)).toBe(false)
  const idle = running.idle(60_000)
  c.emit('close')
  expect([await idle, running.count, await running.idle(1)]).toEqual([true, 0, true])
})

test('only those that run are limited, each while it waits', () => {
  const running = new RunningRequests()
  const [gone, waiting, working] = [begin(running), begin(running), begin(running)]
  gone.writableEnded = true
  gone.emit('close')
  waiting.writableEnded = true
  running.limitWaiting(500)
  running.limitWaiting(500)
  expect([gone.waits, waiting.waits, working.waits]).toEqual([[], [500], []])
  waiting.writableEnded = false
  running.limitWaiting(500)
  expect(waiting.waits).toEqual([500, 0])
})
