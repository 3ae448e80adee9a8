import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noScriptSettings, type ScriptSettings } from '../../server/config/read-scripts.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { as, bakeryFolder, cakeId, useBakery } from './bakery.ts'

/**
 * What scripts reach of what the configuration gives. Nothing is sent anywhere: the hosts are addresses that nobody has, which is told behind all that
 * is looked at before.
 */

const bakery = useBakery()
const value = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
const [ours, tenants, other] = ['192.0.2.1', '198.51.100.1', '203.0.113.1']
const given: ScriptSettings = {
  hosts: [ours, tenants],
  secrets: { oven: { value, hosts: [ours] }, scale: { value: `${value}-2`, hosts: [ours, tenants] } },
  published: { hosts: [tenants], secrets: ['scale'] },
}

const opened: ServedApp[] = []
afterAll(() => Promise.all(opened.map((each) => each.close())))
async function serving(scriptSettings?: ScriptSettings): Promise<ServedApp> {
  const { model, database } = bakery()
  const served = await serveApp(model, database, {
    appFolder: bakeryFolder,
    ...(scriptSettings === undefined ? {} : { scriptSettings }),
  })
  opened.push(served)
  return served
}

const weigh = 'mutation ($id: UUID!, $how: String!) { weighCake(input: { id: $id, how: $how }) { id } }'
async function told(served: ServedApp, how: string, tenant: 'north' | 'south' = 'north'): Promise<string> {
  const { errors } = await served.ask(as('baker', tenant), weigh, { id: cakeId(3, tenant), how })
  return errors[0]?.message ?? ''
}

describe('a script of the app', () => {
  test.each([
    ['an app that says nothing', undefined],
    ['an app that gives nothing', noScriptSettings],
  ])('sends nothing anywhere in %s', async (_, settings) => {
    const served = await serving(settings)
    expect(await told(served, `send https://${ours}/`)).toContain(`may send nothing to "https://${ours}"`)
  })

  test('sends to hosts that are named, and secrets where they belong', async () => {
    const served = await serving(given)
    expect(await told(served, `send https://${ours}/`)).toContain('is at no public address')
    expect(await told(served, `send https://${ours}/ oven`)).toContain('is at no public address')
    expect(await told(served, `send https://${tenants}/ scale`)).toContain('is at no public address')
    expect(await told(served, `send https://${other}/`)).toContain(`may send nothing to "https://${other}"`)
    expect(await told(served, `send https://${tenants}/ oven`)).toContain('"oven" may not be sent to')
    expect(await told(served, `send https://${ours}/ other`)).toContain('There is no secret "other".')
    expect(JSON.stringify(served.log)).not.toContain(value)
  })
})

describe('a script that a tenant published', () => {
  const source = `export default async ({ input, http, secret }) => {
    const [, url, name] = String(input.how).split(' ')
    await http.get(url, name === undefined ? {} : { headers: { authorization: secret(name) } })
    return { grams: 1, scale: 'old' }
  }`
  beforeAll(async () => {
    const publish =
      'mutation ($source: String!) { publishScript(input: { name: "scripts/weigh-cake", source: $source }) { tenantScript { version } } }'
    expect((await bakery().ask(as('baker', 'south'), publish, { source })).errors).toEqual([])
  })

  test('has nothing of what the app has, unless it is given', async () => {
    const served = await serving({ ...given, published: noScriptSettings.published })
    for (const how of [`send https://${ours}/ oven`, `send https://${tenants}/`])
      expect(await told(served, how, 'south')).toContain('may send nothing to')
    // The app's own, in the same server.
    expect(await told(served, `send https://${ours}/ oven`)).toContain('is at no public address')
  })

  test('has what is given to such scripts', async () => {
    const served = await serving(given)
    expect(await told(served, `send https://${tenants}/ scale`, 'south')).toContain('is at no public address')
    expect(await told(served, `send https://${ours}/`, 'south')).toContain('may send nothing to')
    expect(await told(served, `send https://${tenants}/ oven`, 'south')).toContain('There is no secret "oven".')
  })
})
