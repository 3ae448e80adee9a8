import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogEvent } from '#server'
import { devLog } from '../../cli/dev/dev-log.ts'
import { jsonLog } from '../../cli/serve/json-log.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { as, bakeryFolder, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
let served: ServedApp
beforeAll(async () => {
  const { model, database } = bakery()
  served = await serveApp(model, database, { appFolder: bakeryFolder })
})
afterAll(() => served?.close())

const weigh = 'mutation ($id: UUID!, $how: String!) { weighCake(input: { id: $id, how: $how }) { id } }'

test('what a script logs is in the log of the server, with who and what', async () => {
  const { errors } = await served.ask(as('baker', 'north'), weigh, { id: cakeId(3, 'north'), how: 'log warm oven' })
  expect(errors).toEqual([])
  expect(served.log).toEqual([
    {
      ...{ kind: 'script-log', script: 'scripts/weigh-cake', version: null },
      tenant: expect.stringMatching(/^[0-9a-f-]{36}$/),
      line: expect.stringMatching(/^warm oven by /),
    },
  ])
})

test('control characters of a line move nothing in a terminal and begin no line of a log', () => {
  const event: LogEvent = {
    kind: 'script-log',
    ...{ tenant: 't', script: 'scripts/a', version: 2 },
    line: 'a\n{"event":"ready"}\u001b[2J\u202e\u2028b',
  }
  const dev: string[] = []
  devLog({ say: (text: string) => dev.push(text) })(event)
  expect(dev).toEqual(['script  scripts/a (version 2) of tenant t  a {"event":"ready"} [2J b'])
  const printed: string[] = []
  jsonLog({ print: (text: string) => printed.push(text) } as never)(event)
  expect(printed).toHaveLength(1)
  expect(printed[0]).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u)
  expect(JSON.parse(printed[0]!)).toMatchObject({ event: 'script-log', tenant: 't', script: 'scripts/a', version: 2 })
})
