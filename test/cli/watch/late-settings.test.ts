import { expect, test } from 'vitest'
import { LiveApp } from '../../../cli/dev/watch/live-app.ts'
import type { AppConfig } from '../../../server/config/app-config.ts'
import { validSettings } from '../../../server/config/read-settings.ts'

const keys = { privateJwk: null } as never
const settingsOf = (config: object) =>
  validSettings(config as AppConfig, { folder: '/app', purpose: 'dev', environment: {} })

/** An app of which nothing changes but settings, so that neither server nor database is asked for anything. */
function live() {
  const app = { hash: 'same', model: { app: 'shop' }, folder: '/nowhere' }
  const started = new LiveApp({ app, settings: settingsOf({}) } as never, keys, {
    jobs: { follow: async () => undefined },
  } as never)
  return async (config: object) => {
    const snapshot = { hash: 'same', folder: '/nowhere', settings: settingsOf(config), seed: 'unread' }
    return (await started.follow(snapshot as never, new AbortController().signal)).changes
  }
}

const late = (...names: string[]) => names.map((name) => `${name} changed, which the next start will use`)

test.each([
  ['host', { host: '0.0.0.0' }],
  ['port', { port: 4444 }],
  ['limits', { limits: { maxDepth: 7 } }],
  ['limits', { limits: { roles: { boss: { maxDepth: 7 } } } }],
  ['cors', { cors: { origins: ['https://shop.example'] } }],
  ['documents', { documents: { files: ['documents.json'] } }],
  ['introspection', { introspection: false }],
  ['messages', { messages: { de: { NOT_FOUND: 'Das gibt es nicht.' } } }],
  ['trustedProxies', { trustedProxies: ['10.0.0.0/8'] }],
  ['databasePooling', { databasePooling: 'transaction' }],
  ['scripts', { scripts: { hosts: ['rates.example'] } }],
])('%s waits for the next start, and that is said once for each change', async (name, config) => {
  const follow = live()
  expect(await follow({})).toEqual([])
  expect(await follow(config)).toEqual(late(name))
  expect(await follow(config)).toEqual([])
  // Back again is a change again.
  expect(await follow({})).toEqual(late(name))
})

test('several changes are said together', async () => {
  const follow = live()
  expect(await follow({ host: '0.0.0.0', port: 1, introspection: false })).toEqual(
    late('host', 'port', 'introspection'),
  )
  expect(await follow({ host: '0.0.0.0', port: 2, introspection: false })).toEqual(late('port'))
})
