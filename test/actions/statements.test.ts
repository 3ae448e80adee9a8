import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { recordStatements, type StatementRecorder } from '../support/statement-recorder.ts'
import { as, useBakery } from './bakery.ts'

const bakery = useBakery()
let recorder: StatementRecorder
let served: ServedApp
beforeAll(async () => {
  const { model, database } = bakery()
  recorder = await recordStatements(database.loginUrl)
  const appFolder = join(import.meta.dirname, '../fixtures/apps/bakery')
  served = await serveApp(model, { loginUrl: recorder.url }, { appFolder, poolSize: 1 })
})
afterAll(async () => {
  await served.close()
  await recorder.close()
})

/** Statements that a mutation sends, beside those of its hooks' own writes. */
async function sent(text: string, variables: object): Promise<readonly string[]> {
  recorder.take()
  const { errors } = await served.ask(as('baker'), text, variables)
  expect(errors).toEqual([])
  const own = /diary|savepoint|pg_catalog\.pg_|set_config|begin|commit|parcel|rowhouse\.created/i
  return recorder.take().filter((each) => !own.test(each))
}

test('rows of a change are held, read and written in as many statements, however many they are', async () => {
  const create = 'mutation ($rows: [DeliveryInput!]!) { createDeliveries(input: { deliveries: $rows }) { ids } }'
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({ number: `S${from + n}`, street: 'Main 1' }))
  // What a connection learns once.
  await sent(create, { rows: rows(0, 1) })
  const few = await sent(create, { rows: rows(10, 2) })
  const many = await sent(create, { rows: rows(100, 20) })
  expect(few.length).toBeGreaterThan(0)
  expect(many).toHaveLength(few.length)
  const { data } = await served.ask(as('baker'), '{ deliveries { ids: nodes { id } } }')
  const ids: readonly string[] = data.deliveries.ids.map(({ id }: { id: string }) => id)
  const update = 'mutation ($rows: [DeliveryChange!]!) { updateDeliveries(input: { deliveries: $rows }) { ids } }'
  const changes = (some: readonly string[]) => some.map((id) => ({ id, patch: { remark: 'x' } }))
  await sent(update, { rows: changes(ids.slice(0, 1)) })
  const two = await sent(update, { rows: changes(ids.slice(0, 2)) })
  const all = await sent(update, { rows: changes(ids) })
  expect(two.length).toBeGreaterThan(1)
  expect(all).toHaveLength(two.length)
})

test('an entity without hooks sends what it sent before: one statement for a row, and the end', async () => {
  const create = 'mutation ($cake: CakeInput!) { createCake(input: { cake: $cake }) { cake { name } } }'
  await served.ask(as('baker'), create, { cake: { name: 'One', price: '1' } })
  await served.ask(as('baker'), create, { cake: { name: 'Two', price: '1' } })
  recorder.take()
  await served.ask(as('baker'), create, { cake: { name: 'Three', price: '1' } })
  expect(recorder.take().filter((each) => /savepoint|update_row/.test(each))).toEqual([])
})
