import { afterAll, expect, test } from 'vitest'
import { copyApp } from './support/app-copy.ts'
import { withClient } from './support/database.ts'
import { dataFolder, graphql, spawnServer, startServer } from './support/start-server.ts'

const app = await copyApp()
const data = dataFolder()
const env = { ROWHOUSE_DATA: data.path }
const args = ['dev', app.folder]
afterAll(() => {
  data.remove()
  app.remove()
})

const website = 'website: url({ optional: true }),'

test('an addition to the model is made, with a line that says so', async () => {
  await (await startServer({ args, env })).stop()
  app.edit('schema/customer.entity.ts', website, `${website}\n    motto: string({ optional: true, max: 80 }),`)
  const server = await startServer({ args, env })
  expect(server.output()).toMatch(/The model changed: column app\.customer motto: added/)
  const answer = await graphql(server.url, server.ready.tokens.ada!, '{ customers(first: 1) { nodes { motto } } }')
  expect(answer).toEqual({ data: { customers: { nodes: [{ motto: null }] } } })
  await withClient(server.ready.databaseUrl, (client) =>
    client.query(`insert into rowhouse.tenant (slug, name) values ('kept', 'Kept')`),
  )
  await server.stop()
  const later = await startServer({ args, env })
  expect(later.output()).not.toContain('The model changed')
  await later.stop()
})

test('anything more is refused where nobody can be asked, and nothing is lost', async () => {
  app.edit('schema/customer.entity.ts', website, 'homepage: url({ optional: true }),')
  app.edit('seed/customers.ts', 'website:', 'homepage:')
  const refused = spawnServer({ args, env })
  expect(await refused.ended).toEqual({ code: 1, signal: null })
  expect(refused.output()).toContain('RECREATE_NEEDED')
  expect(refused.output()).toContain('column app.customer website')
  expect(refused.output()).toContain('--recreate')
})

test('--recreate makes the database anew, with the seed; the next start goes on from there', async () => {
  const server = await startServer({ args: [...args, '--recreate'], env })
  expect(server.output()).toContain('Making the database anew.')
  const query = '{ customers { totalCount nodes { homepage } } }'
  const answer = await graphql(server.url, server.ready.tokens.ada!, query)
  expect(answer.data.customers.totalCount).toBe(40)
  await withClient(server.ready.databaseUrl, async (client) => {
    expect((await client.query(`select 1 from rowhouse.tenant where slug = 'kept'`)).rows).toEqual([])
  })
  await server.stop()
  const later = await startServer({ args, env })
  expect(later.output()).not.toMatch(/anew|changed|Applied|Seeded/)
  await later.stop()
})
