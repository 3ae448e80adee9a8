import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { defaultLimits } from '#server'
import { requestSettings } from '../../server/auth/request-identity.ts'
import { type AppRunner, startAppRunner } from '../../server/jobs/app-runner.ts'
import { enqueueWork } from '../../server/jobs/enqueue-work.ts'
import { loadWork, type Work } from '../../server/jobs/load-work.ts'
import { RequestPool } from '../../server/postgres/pool.ts'
import { useAppServer } from '../support/app-server.ts'

const [acme, globex] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b']
const ann = '00000000-0000-7000-8000-000000000001'
const folder = join(import.meta.dirname, '../fixtures/apps/bazaar')
const tenant = (id: string, slug: string) => ({
  ...{ id, slug, name: slug },
  rows: { Wage: [{ id: randomUUID(), who: 'Bo', cents: 4711 }] },
})
const app = useAppServer(
  folder,
  { shared: { Person: [{ id: ann, name: 'Ann' }] }, tenants: [tenant(acme, 'acme'), tenant(globex, 'globex')] },
  { limits: defaultLimits },
)
let running: AppRunner
let pool: RequestPool
let work: Work
beforeAll(async () => {
  const { model, database } = app()
  work = await loadWork(model, folder)
  await database.ensureRoleSets([['clerk'], ['boss'], ['boss', 'decorator']])
  pool = new RequestPool({ connectionString: database.loginUrl, max: 2 })
  running = await startAppRunner({
    ...{ model, work, appFolder: folder, names: database.names, databaseUrl: database.loginUrl, concurrency: 2 },
  })
})
afterAll(async () => {
  await running?.close()
  await pool?.close()
})

const ask = (roles: readonly string[], text: string, variables: object = {}, of = acme) =>
  app().ask({ sub: ann, tenant: of, roles }, text, variables)
const publish = async (roles: readonly string[], body: string) => {
  const source = `import { script } from 'rowhouse/scripts'\nexport default script(${body})`
  const text =
    'mutation ($source: String!) { publishScript(input: { name: "scripts/greet", source: $source }) { tenantScript { version } } }'
  expect((await ask(roles, text, { source })).errors).toEqual([])
}
/** Adds a job of a clerk, and waits until it is done, or has failed for good. */
async function done(task: string, name: string, of = acme): Promise<string | null> {
  const { model, database } = app()
  const identity = { actorId: ann, tenantId: of, roles: ['clerk'], claims: {} }
  const settings = requestSettings(model, identity, roleSetName(model.app, ['clerk']))
  const id = await pool.withPgClient(settings, (client) => enqueueWork(client, work, { task, input: { name } }))
  const asKeeper = (text: string) =>
    database.asRole(database.names.queueKeeper, async (client) => (await client.query(text, [id])).rows)
  const left = () => asKeeper('select from rowhouse_queue.job where id = $1')
  await expect.poll(left, { timeout: 120_000 }).toEqual([])
  const [failed] = await asKeeper('select error from rowhouse_queue.failed_job where id = $1')
  return (failed as { readonly error: string } | undefined)?.error ?? null
}
const names = async (of = acme): Promise<readonly string[]> =>
  (await ask(['clerk'], '{ stalls(orderBy: [CREATED_AT_ASC]) { nodes { name } } }', {}, of)).data.stalls.nodes.map(
    ({ name }: { readonly name: string }) => name,
  )

test('what a tenant published runs in jobs too, for that tenant alone', async () => {
  await publish(
    ['decorator'],
    'async ({ db, input, actor }) => ({ name: [input.name, (await db.find("Board")).length, actor.roles].join() })',
  )
  expect(await done('workers/let-stall', 'one')).toBe(null)
  expect(await done('workers/let-stall', 'two', globex)).toBe(null)
  expect([await names(), await names(globex)]).toEqual([['one,0,clerk'], ['two']])
})

test('it has no rights of a service that its publisher has not', async () => {
  const steal = 'async ({ db }) => ({ name: String((await db.find("Wage"))[0].cents) })'
  await publish(['decorator'], steal)
  expect(await done('workers/let-stall-as-boss', 'three')).toContain('does not hold all of your roles')
  await publish(['decorator'], 'async ({ input }) => ({ name: input.name + "!" })')
  expect(await done('workers/let-stall-as-boss', 'four')).toBe(null)
  await publish(['boss', 'decorator'], steal)
  expect(await done('workers/let-stall-as-boss', 'five')).toBe(null)
  expect(await names()).toEqual(['one,0,clerk', 'four!', '4711'])
})
