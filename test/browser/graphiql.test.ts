import { request } from 'node:http'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder, type RunningServer, startServer } from '../e2e/support/start-server.ts'
import { launchBrowser, openPage, pictures, untilUsable } from './support/browser.ts'

let server: RunningServer
const data = dataFolder()
let browser: Browser

beforeAll(async () => {
  server = await startServer({ env: { ROWHOUSE_DATA: data.path } })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  data.remove()
})

test('GraphiQL loads without network and answers a starter query', async () => {
  const { page, complaints } = await openPage(browser, server.url)
  await untilUsable(page)
  await page.click('.graphiql-execute-button')
  await expect.poll(() => page.textContent('.result-window'), { timeout: 60_000 }).toMatch(/"totalCount":\s*\d+/)
  await page.screenshot({ path: join(pictures, 'graphiql.png') })
  const answer = await page.textContent('.result-window')
  expect(answer).toContain('"nodes"')
  expect(answer).not.toContain('"errors"')
  expect(complaints).toEqual([])
})

test('the documentation shows the notes of the model', async () => {
  const { page, complaints } = await openPage(browser, server.url)
  await page.click('[aria-label="Show Documentation Explorer"]')
  await page.click('.graphiql-doc-explorer-content a >> text=/^Order$/')
  await page.waitForSelector('.graphiql-doc-explorer-content >> text=What a customer asked for.')
  await page.screenshot({ path: join(pictures, 'documentation.png') })
  expect(complaints).toEqual([])
})

test('another host name is given neither page nor token', async () => {
  const answer = await getAs(server.url, 'evil.example')
  expect(answer.status).toBe(403)
  expect(answer.body).not.toContain('eyJ')
  expect((await getAs(`${server.url}/workshop`, 'evil.example')).body).not.toContain('eyJ')
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
