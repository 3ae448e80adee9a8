import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { WorkshopState } from '#server'
import { startShopServer, useShopServer } from '../client.ts'

const hostile = '</script><img src=x onerror="window.hacked=1">\n\ndata: {"people":[]}\n\u2028'
const state: WorkshopState = {
  model: 'one',
  problems: [{ code: 'NAME_INVALID', text: hostile }],
  people: [{ name: 'ada', note: hostile, token: 'the-token' }],
}
const shop = useShopServer({ graphiql: { workshop: state } })

interface Heard {
  readonly status: number | undefined
  readonly type: string | undefined
  readonly text: () => string
  readonly ended: Promise<void>
  hangUp(): void
}

/** Listens, with headers of one's own, which `fetch` does not allow. */
function listen(url: string, headers: Record<string, string> = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/workshop`, { headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('error', () => undefined)
      const ended = new Promise<void>((done) => response.once('close', () => done()))
      resolve({
        status: response.statusCode,
        type: response.headers['content-type'],
        text: () => text,
        ended,
        hangUp: () => asked.destroy(),
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

const states = (text: string): WorkshopState[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))

test('a page hears how the app is, and every change of it; texts cannot become events', async () => {
  const page = await listen(shop().server.url)
  expect([page.status, page.type]).toEqual([200, 'text/event-stream; charset=utf-8'])
  await expect.poll(() => states(page.text())).toEqual([state])
  shop().server.show({ ...state, problems: [] })
  await expect.poll(() => states(page.text()).at(-1)?.problems).toEqual([])
  shop().server.show(state)
  await expect.poll(() => states(page.text()).length).toBe(3)
  page.hangUp()
})

test.each([
  ['the name of somebody else', { host: 'evil.example' }],
  ['a name that begins with ours', { host: 'localhost.evil.example' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ['another origin, in a browser that says no more', { origin: 'http://evil.example' }],
  ['no origin at all, such as a file', { origin: 'null' }],
])('%s hears nothing', async (_who, headers) => {
  const heard = await listen(shop().server.url, headers)
  await heard.ended
  expect(heard.status).toBe(403)
  expect(heard.text()).not.toContain('the-token')
})

test('the page itself holds neither tokens nor problems', async () => {
  const page = await (await fetch(shop().server.url)).text()
  expect(page).not.toContain('the-token')
  expect(page).not.toContain('onerror="window.hacked')
  expect(page).toContain('/workshop')
})

test('who opens more than thirty-two loses the oldest', async () => {
  const pages: Heard[] = []
  for (let count = 0; count < 33; count++) pages.push(await listen(shop().server.url))
  await pages[0]!.ended
  shop().server.show(state)
  await expect.poll(() => states(pages[32]!.text()).length).toBeGreaterThan(1)
  for (const page of pages) page.hangUp()
})

describe('without a workshop, as in production', () => {
  test('nothing is there, and the page knows nothing of it', async () => {
    const bare = await startShopServer(shop(), shop().keys, { graphiql: {} })
    try {
      expect((await fetch(`${bare.server.url}/workshop`)).status).toBe(404)
      const page = await (await fetch(bare.server.url)).text()
      expect(page).not.toContain('rowhouse-model')
      bare.server.show(state)
      expect((await fetch(`${bare.server.url}/workshop`)).status).toBe(404)
    } finally {
      await bare.server.close()
    }
  })
})

test('a server ends while pages listen, without waiting for them', async () => {
  const own = await startShopServer(shop(), shop().keys, { graphiql: { workshop: state }, drainMs: 60_000 })
  const page = await listen(own.server.url)
  await own.server.close()
  await page.ended
})
