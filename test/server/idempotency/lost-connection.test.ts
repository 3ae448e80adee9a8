import { type AddressInfo, createServer, connect as netConnect } from 'node:net'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { executeOperation } from '../../../server/http/execute-operation.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { acme, ann, useDesk } from './desk.ts'

const desk = useDesk()

/** A way to Postgres that breaks once: behind an answer that is kept and the order to commit, before anything of both is told. */
async function breakingOnce(databaseUrl: string) {
  const target = new URL(databaseUrl)
  let breaks = 0
  const server = createServer((client) => {
    const backend = netConnect(Number(target.port), target.hostname)
    let sent = ''
    for (const socket of [client, backend])
      socket
        .on('error', () => undefined)
        .on('close', () => {
          client.destroy()
          backend.destroy()
        })
    const isKeeping = () => breaks === 0 && sent.includes('keep_answer')
    let isHeld = false
    client.on('data', (data) => {
      sent += data.toString('latin1')
      backend.write(data)
      isHeld ||= isKeeping()
      if (!isKeeping() || !sent.slice(sent.indexOf('keep_answer')).includes('commit')) return
      breaks++
      setTimeout(() => client.destroy(), 100)
    })
    backend.on('data', (data) => {
      if (!isHeld) client.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, breaks: () => breaks, close: () => server.close() }
}

test('what is kept is not done again for the sake of a key beside it', async () => {
  const { model, database } = desk()
  const between = await breakingOnce(database.loginUrl)
  const pool = new RequestPool({ connectionString: between.url, max: 1 })
  const api = createGraphqlSchema(model)
  const text = `mutation {
    bare: createTicket(input: { ticket: { title: "Bare" } }) { id }
    keyed: createTicket(input: { idempotencyKey: "k", ticket: { title: "Keyed" } }) { id }
  }`
  const settings = {
    role: roleSetName(model.app, ['clerk']),
    'rowhouse.tenant_id': acme,
    'rowhouse.actor_id': ann,
  }
  const contextValue = { pgSettings: settings, pool, roles: ['clerk'], rowhouseModel: model, request: { signal: null } }
  const { data, errors } = await executeOperation(api, { schema: api.schema, document: parse(text), contextValue })
  await pool.close()
  between.close()
  expect(between.breaks()).toBe(1)
  expect([data, errors]).toMatchObject([{ bare: {}, keyed: {} }, undefined])
  const { rows } = await database.asOwner((client) =>
    client.query('select title, count(*)::integer as times from app.ticket group by title order by title'),
  )
  expect(rows).toEqual([
    { title: 'Bare', times: 1 },
    { title: 'Keyed', times: 1 },
  ])
})
