import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, ann } from '../../options/written-server.ts'
import { type ServedApp, serveApp } from '../../support/served-app.ts'
import { recordStatements, type StatementRecorder } from '../../support/statement-recorder.ts'
import { useDesk } from './desk.ts'

const desk = useDesk()
let recorder: StatementRecorder
let app: ServedApp
beforeAll(async () => {
  recorder = await recordStatements(desk().database.loginUrl)
  app = await serveApp(desk().model, { loginUrl: recorder.url }, { poolSize: 1 })
})
afterAll(async () => {
  await app.close()
  await recorder.close()
})

const who = { sub: ann, tenant: acme, roles: ['admin'] }

async function statements(query: string, variables: object): Promise<{ readonly data: never; readonly sent: number }> {
  recorder.take()
  const { data, errors } = await app.ask(who, query, variables)
  expect(errors).toEqual([])
  const sent = recorder.take().filter((text) => /rowhouse\.write_rows|from "?app"?\."?doc"?/i.test(text))
  return { data: data as never, sent: sent.length }
}

let made = 0
const newDocs = (count: number) =>
  Array.from({ length: count }, () => ({ code: `S${++made}`, ...(made % 2 === 0 ? { name: 'n' } : {}) }))

describe('a batch of two and one of two hundred', () => {
  const tagged = '{ ids docs { code tags { nodes { name } } } }'
  test('are as many statements', async () => {
    const create = `mutation ($rows: [DocInput!]!) { createDocs(input: { docs: $rows }) ${tagged} }`
    const update = `mutation ($rows: [DocChange!]!) { updateDocs(input: { docs: $rows }) ${tagged} }`
    const upsert = `mutation ($rows: [DocInput!]!) { upsertDocs(input: { by: CODE, docs: $rows }) ${tagged} }`
    const remove = 'mutation ($ids: [UUID!]!) { deleteDocs(input: { ids: $ids }) { ids } }'
    const counts: number[][] = []
    for (const count of [2, 200]) {
      const rows = newDocs(count)
      const created = await statements(create, { rows })
      const ids = (created.data as { createDocs: { ids: readonly string[] } }).createDocs.ids
      expect(ids).toHaveLength(count)
      const updated = await statements(update, { rows: ids.map((id) => ({ id, patch: { note: id } })) })
      const upserted = await statements(upsert, { rows: [...rows, ...newDocs(count)] })
      const removed = await statements(remove, { ids })
      counts.push([created.sent, updated.sent, upserted.sent, removed.sent])
    }
    expect(counts[0]).toEqual(counts[1])
    // The change, and what is read of it.
    expect(counts[0]).toEqual([2, 2, 2, 1])
  })
})

describe('what a batch answers', () => {
  test('counts as the lists that it is', async () => {
    const query = `mutation ($rows: [DocChange!]!) {
      updateDocs(input: { docs: $rows }) { docs { tags(first: 100) { nodes { docs(first: 100) { nodes { code } } } } } }
    }`
    const rows = (count: number) => Array.from({ length: count }, () => ({ id: acme, patch: { name: 'x' } }))
    const few = await app.ask(who, query, { rows: rows(2) })
    expect(few.errors[0]?.extensions.code).toBe('VALIDATION')
    const many = await app.ask(who, query, { rows: rows(900) })
    expect(many.errors[0]?.extensions.code).toBe('LIMIT')
  })
})
