import { afterAll, describe, expect, test } from 'vitest'
import type { ScriptLimitSettings } from '../../server/config/read-script-limits.ts'
import { noScriptSettings } from '../../server/config/read-scripts.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { as, bakeryFolder, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
const opened: ServedApp[] = []
afterAll(() => Promise.all(opened.map((each) => each.close())))
async function serving(limits: ScriptLimitSettings): Promise<ServedApp> {
  const { model, database } = bakery()
  const scriptSettings = { ...noScriptSettings, ...limits }
  const served = await serveApp(model, database, { appFolder: bakeryFolder, scriptSettings })
  opened.push(served)
  return served
}

const weigh = 'mutation ($id: UUID!, $how: String!) { weighCake(input: { id: $id, how: $how }) { id } }'
async function ended(served: ServedApp, how: string, tenant: 'north' | 'south' = 'north') {
  const { errors } = await served.ask(as('baker', tenant), weigh, { id: cakeId(3, tenant), how })
  const extensions = errors[0]?.extensions
  return { code: extensions?.code, limit: extensions?.limit, message: errors[0]?.message }
}

describe('what one run may use is what the configuration says', () => {
  test('of questions to the host', async () => {
    const read = `read ${cakeId(3)}`
    expect(await ended(await serving({ limits: { hostCalls: 1 } }), read)).toMatchObject({ code: undefined })
    const none = await ended(await serving({ limits: { hostCalls: 0 } }), read)
    expect(none).toMatchObject({ code: 'LIMIT', message: expect.stringContaining('more than 0') })
  })

  test('of rows', async () => {
    const none = await ended(await serving({ limits: { rows: 0 } }), `read ${cakeId(3)}`)
    expect(none).toMatchObject({ code: 'LIMIT', message: 'The script reads and writes more than 0 rows.' })
  })

  test('of output', async () => {
    const none = await ended(await serving({ limits: { outputBytes: 5 } }), 'weigh')
    expect(none).toMatchObject({ code: 'LIMIT' })
  })
})

test('a tenant that has used up its minute is refused, and another one is not', async () => {
  const served = await serving({ limits: { timeMs: 300 }, pool: { tenant: { timeMs: 500 } } })
  // With a second for each run the first would be all.
  expect(await ended(served, 'loop')).toMatchObject({ code: 'TIMEOUT' })
  expect(await ended(served, 'loop')).toMatchObject({ code: 'TIMEOUT' })
  expect(await ended(served, 'weigh')).toMatchObject({ code: 'LIMIT', limit: 'scripts.timeMs' })
  expect(await ended(served, 'weigh', 'south')).toMatchObject({ code: undefined })
})
