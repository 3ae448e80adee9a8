import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { holdTable, withClient } from './support/database.ts'
import { dataFolder, graphql, type RunningServer, spawnServer, startServer } from './support/start-server.ts'

const people = ['ada', 'sam', 'mia', 'gil']

describe('from an empty folder on', () => {
  const data = dataFolder()
  const env = { ROWHOUSE_DATA: data.path, GRAPHILE_ENV: 'development' }
  let server: RunningServer
  afterAll(() => data.remove())

  test('token prints the token of a person before anything was started', async () => {
    const { stdout, code, stderr } = await runRowhouse(['token', 'sam', '--app', 'examples/invoicing'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
  })

  test('the first start migrates, seeds, and is ready when it says so', async () => {
    server = await startServer({ env })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(Object.keys(server.ready.tokens)).toEqual(people)
    expect(server.output()).toContain('Applied 000001-initial-schema.sql')
    expect(server.output()).toContain('Seeded ')
  })

  test('each person sees what the policies say, and nobody the other tenant', async () => {
    expect(await seen(server)).toEqual({ ada: [40, 1400], sam: [20, 728], mia: [30, 1078], gil: [12, 354] })
  })

  test('words of a caller do not reach the log, whatever mode the planner is asked for', async () => {
    const cursor = Buffer.from(JSON.stringify(['x\nRowhouse serves FORGED', 'y'])).toString('base64')
    const query = `{ customers(first: 1, after: "${cursor}") { nodes { id } } }`
    const answer = await graphql(server.url, server.ready.tokens.sam!, query)
    expect(answer.errors?.[0]?.extensions.code).toBe('VALIDATION')
    expect(server.output()).not.toContain('FORGED')
  })

  test('a query that is nested too deep is LIMIT, and leaves no stack in the log', async () => {
    const times = 12
    const lists = '{ nodes { customer { orders(first: 1) '.repeat(times)
    const query = `{ orders(first: 1) ${lists} { totalCount } ${'} } }'.repeat(times)} }`
    const answer = await graphql(server.url, server.ready.tokens.sam!, query)
    expect(answer.errors?.[0]?.extensions.code).toBe('LIMIT')
    expect(server.output()).not.toMatch(/^\s+at /m)
  })

  test('token prints the same as dev did, while the server runs', async () => {
    for (const name of people) {
      const { stdout } = await runRowhouse(['token', name, '--app', 'examples/invoicing'], { env })
      expect(stdout).toBe(`${server.ready.tokens[name]}\n`)
    }
  })

  test('seed beside the running server says that it was done, and again puts rows back', async () => {
    const done = await runRowhouse(['seed', 'examples/invoicing'], { env })
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('Seeded before') })
    await withClient(server.ready.databaseUrl, (client) =>
      client.query(`update app.customer set deleted_at = now() where number = 'C-0001'`),
    )
    expect((await seen(server)).ada![0]).toBe(39)
    const again = await runRowhouse(['seed', 'examples/invoicing', '--again'], { env })
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Seeded \d+ rows\.\n$/) })
    expect((await seen(server)).ada![0]).toBe(40)
  })

  test('migrate beside the running server finds nothing to do', async () => {
    const done = await runRowhouse(['migrate', 'examples/invoicing'], { env })
    expect(done).toMatchObject({ code: 0, stdout: 'The database is up to date.\n', stderr: '' })
  })

  test('a second dev on the same data is refused, and disturbs nothing', async () => {
    const second = spawnServer({ env })
    expect(await second.ended).toEqual({ code: 3, signal: null })
    expect(second.output()).toContain('DATA_FOLDER_IN_USE')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  test('nothing secret but the printed addresses and tokens is in the output', () => {
    const password = new URL(server.ready.databaseUrl).password
    expect(server.output().split(password)).toHaveLength(2)
    const key = JSON.parse(readFileSync(`${data.path}/dev-token-key.json`, 'utf8')).d
    expect(server.output()).not.toContain(key)
  })

  test('Ctrl-C answers what runs, then stops Postgres, and exits with 0', async () => {
    const held = await holdTable(server.ready.databaseUrl, 'app.customer')
    const answer = graphql(server.url, server.ready.tokens.ada!, '{ customers { totalCount } }')
    await held.waiting(1)
    server.child.kill('SIGINT')
    await server.until(/Stopping/)
    await held.release()
    expect(await answer).toMatchObject({ data: { customers: { totalCount: 40 } } })
    expect(await server.ended).toEqual({ code: 0, signal: null })
    await expect(withClient(server.ready.databaseUrl, async () => {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a later start has everything, and applies and seeds nothing', async () => {
    const later = await startServer({ env })
    expect(later.ready.tokens).toEqual(server.ready.tokens)
    expect(later.output()).not.toMatch(/Applied|Seeded|changed/)
    expect(await seen(later)).toEqual({ ada: [40, 1400], sam: [20, 728], mia: [30, 1078], gil: [12, 354] })
    expect(await later.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  })
})

/** Numbers of customers and orders that each person sees. */
async function seen({ url, ready }: RunningServer): Promise<Record<string, [number, number]>> {
  const query = '{ customers { totalCount } orders { totalCount } }'
  const entries = people.map(async (name) => {
    const { data } = await graphql(url, ready.tokens[name]!, query)
    return [name, [data.customers.totalCount, data.orders.totalCount]] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as never
}
