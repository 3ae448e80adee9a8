import { mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../cli/support/run-rowhouse.ts'
import { dataFolder, type RunningServer, startServer } from '../e2e/support/start-server.ts'

/** Where the pictures go, for a person to look at. */
const pictures = join(root, '.tmp', 'browser')

let server: RunningServer
const data = dataFolder()
let browser: Browser

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  server = await startServer({ env: { ROWHOUSE_DATA: data.path } })
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // No name resolves but this machine's own: the page must be complete without internet.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  })
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  data.remove()
})

test('GraphiQL loads without network and answers a starter query', async () => {
  const { page, complaints } = await openPage(server.url)
  await page.waitForSelector('.graphiql-execute-button')
  await page.click('.graphiql-execute-button')
  await expect.poll(() => page.textContent('.result-window'), { timeout: 60_000 }).toMatch(/"totalCount":\s*\d+/)
  await page.screenshot({ path: join(pictures, 'graphiql.png') })
  const answer = await page.textContent('.result-window')
  expect(answer).toContain('"nodes"')
  expect(answer).not.toContain('"errors"')
  expect(complaints).toEqual([])
})

test('the documentation shows the notes of the model', async () => {
  const { page, complaints } = await openPage(server.url)
  await page.click('[aria-label="Show Documentation Explorer"]')
  await page.click('.graphiql-doc-explorer-content a >> text=/^Order$/')
  await page.waitForSelector('.graphiql-doc-explorer-content >> text=What a customer asked for.')
  await page.screenshot({ path: join(pictures, 'documentation.png') })
  expect(complaints).toEqual([])
})

test('the page of another host name holds no token', async () => {
  const answer = await getAs(server.url, 'evil.example')
  expect(answer.status).toBe(403)
  expect(answer.body).not.toContain('Bearer')
  expect((await getAs(server.url, 'localhost')).body).toContain('Bearer')
})

/** A GET with a `host` header of one's own, which fetch does not allow. */
function getAs(url: string, host: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** A page of its own, with everything that went wrong on it. */
async function openPage(url: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1300, height: 800 } })
  const complaints: string[] = []
  page.on('requestfailed', (request) => complaints.push(`request failed: ${request.url()}`))
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(url))
      complaints.push(`left the machine: ${request.url()}`)
  })
  await page.goto(url)
  return { page, complaints }
}
