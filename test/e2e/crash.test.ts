import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { findEmbeddedPostgres } from '#server'
import { samePressMs } from '../../cli/stop-signals.ts'
import { holdTable, withClient } from './support/database.ts'
import { dataFolder, graphql, spawnServer, startServer } from './support/start-server.ts'

const data = dataFolder()
const env = { ROWHOUSE_DATA: data.path }
afterAll(() => data.remove())

test('after kill -9 in the middle of the first seed there is nothing of it, or all; the next start has all', async () => {
  const first = spawnServer({ env })
  await first.until(/Applied 000001/)
  const url = await appUrl()
  await withClient(url, async (client) => {
    const running = `select 1 from pg_stat_activity where state <> 'idle' and query like 'copy "app"%'`
    while ((await client.query(running)).rows.length === 0 && !first.output().includes('Seeded')) {}
    first.child.kill('SIGKILL')
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' })
    const { rows } = await client.query('select count(*)::int as n from app."order"')
    expect([0, 2000]).toContain(rows[0].n)
  })
  const next = await startServer({ env })
  expect(next.output()).toContain('Took over the Postgres that a killed process left running.')
  expect(await orders(next)).toBe(1400)
  expect(await next.stop()).toEqual({ code: 0, signal: null })
})

test('after kill -9 of a running server the next start takes its Postgres over', async () => {
  const killed = await startServer({ env })
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(await appUrl()).toBe(killed.ready.databaseUrl)
  const next = await startServer({ env })
  expect(next.output()).toContain('Took over')
  expect(next.ready).toEqual(killed.ready)
  expect(await orders(next)).toBe(1400)
  expect(await next.stop()).toEqual({ code: 0, signal: null })
  expect(await findEmbeddedPostgres({ dataFolder: data.path })).toBeNull()
})

test('after kill -9 of the launcher of an old Node its child ends, and stops Postgres', async () => {
  const server = await startServer({ env, nodeFlags: ['--no-experimental-strip-types'] })
  server.child.kill('SIGKILL')
  // The streams are closed when the child has ended, too.
  await server.ended
  expect(await findEmbeddedPostgres({ dataFolder: data.path })).toBeNull()
})

test('under an old Node, Ctrl-C passed on to launcher and child is one', async () => {
  const server = await startServer({ env, nodeFlags: ['--no-experimental-strip-types'] })
  expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null })
  expect(server.output().match(/Stopping/g)).toHaveLength(1)
})

test('a second Ctrl-C waits for nobody, and stops Postgres all the same', async () => {
  const server = await startServer({ env })
  const held = await holdTable(server.ready.databaseUrl, 'app.customer')
  const answer = graphql(server.url, server.ready.tokens.ada!, '{ customers { totalCount } }').catch(() => null)
  await held.waiting(1)
  server.child.kill('SIGINT')
  await server.until(/Stopping/)
  // The first was heard before it said so; signals that close together count as one.
  await sleep(samePressMs + 50)
  expect(await server.stop('SIGINT')).toEqual({ code: 130, signal: null })
  await answer
  await held.release()
  expect(await findEmbeddedPostgres({ dataFolder: data.path })).toBeNull()
})

async function appUrl(): Promise<string> {
  const running = await findEmbeddedPostgres({ dataFolder: data.path })
  const url = new URL(running!.adminUrl)
  url.pathname = '/invoicing'
  return url.href
}

async function orders({ url, ready }: Awaited<ReturnType<typeof startServer>>): Promise<number> {
  return (await graphql(url, ready.tokens.ada!, '{ orders { totalCount } }')).data.orders.totalCount
}
