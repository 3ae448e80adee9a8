import { expect, test } from 'vitest'
import { withLightAbort } from '../../../server/http/light-abort.ts'

test("only what is made at once is light, and Node's own is there again", async () => {
  const own = globalThis.AbortController
  const light = withLightAbort(() => new AbortController())
  expect(globalThis.AbortController).toBe(own)
  expect(light).not.toBeInstanceOf(own)
  expect(() =>
    withLightAbort(() => {
      throw new Error('thrown')
    }),
  ).toThrow('thrown')
  expect(globalThis.AbortController).toBe(own)
  const later = await withLightAbort(async () => {
    await Promise.resolve()
    return new AbortController()
  })
  expect(later).toBeInstanceOf(own)
})

test('who listens is told once, unless it stopped to', () => {
  const { signal, abort } = withLightAbort(() => {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort() }
  })
  const told: string[] = []
  const stopped = () => told.push('stopped')
  signal.addEventListener('abort', stopped)
  signal.addEventListener('abort', () => told.push('heard'))
  signal.removeEventListener('abort', stopped)
  expect(signal.aborted).toBe(false)
  abort()
  abort()
  expect(signal.aborted).toBe(true)
  expect(told).toEqual(['heard'])
})
