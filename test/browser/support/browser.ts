import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { root } from '../../cli/support/run-rowhouse.ts'

/** Where the pictures go, for a person to look at. */
export const pictures = join(root, '.tmp', 'browser')

/** A page of its own, with everything that went wrong on it. */
export interface OpenPage {
  readonly page: Page
  readonly complaints: string[]
}

/** A browser for which no name resolves but this machine's own: pages must be complete without internet. */
export async function launchBrowser(): Promise<Browser> {
  mkdirSync(pictures, { recursive: true })
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  })
}

/** Opens a page, in a browser or beside the other tabs of a context. */
export async function openPage(browser: Browser | BrowserContext, url: string): Promise<OpenPage> {
  const page = await browser.newPage()
  await page.setViewportSize({ width: 1300, height: 800 })
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

/** Until it has both editors and the schema, GraphiQL's button does nothing at all. */
export async function untilUsable(page: Page): Promise<void> {
  await page.waitForSelector('.graphiql-query-editor .view-lines', { timeout: 60_000 })
  await page.waitForSelector('.result-window .view-lines', { timeout: 60_000, state: 'attached' })
  await page.waitForSelector('button[aria-label^="Re-fetch GraphQL schema"]:not([disabled])', { timeout: 60_000 })
}
