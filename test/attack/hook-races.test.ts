import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultLimits } from '#server'
import { useAppServer } from '../support/app-server.ts'

const acme = '00000000-0000-7000-8000-00000000000a'
const ann = '00000000-0000-7000-8000-000000000001'
const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
const app = useAppServer(
  join(import.meta.dirname, '../fixtures/apps/bazaar'),
  {
    shared: { Person: [{ id: ann, name: 'Ann' }] },
    tenants: [
      { id: acme, slug: 'acme', name: 'A', rows: { Stall: [one, two, three].map((id) => ({ id, name: id })) } },
    ],
  },
  { limits: defaultLimits },
)
const ask = (text: string, variables: object = {}) =>
  app().ask({ sub: ann, tenant: acme, roles: ['clerk'] }, text, variables)
const left = async () => (await ask('{ stalls { nodes { id fee } } }')).data.stalls.nodes

const waits =
  'select from pg_locks where not granted and pid <> pg_backend_pid() and transactionid = pg_current_xact_id()::xid'

/** Somebody pays for a stall, and commits when a removal waits for them whose hook saw the stall before. */
async function whilePaid(id: string, remove: () => ReturnType<typeof ask>) {
  let removal: ReturnType<typeof ask> | undefined
  await app().database.asActor({ roles: ['clerk'], tenant: acme, actor: ann }, async (client) => {
    await client.query('update app.stall set fee = 5 where id = $1', [id])
    removal = remove()
    const answered = removal.then(({ text }) => expect.unreachable(text))
    const waiting = expect.poll(async () => (await client.query(waits)).rowCount, { timeout: 60_000 }).toBe(1)
    await Promise.race([waiting, answered])
    answered.catch(() => undefined)
  })
  return await removal!
}

test.each([
  ['one', one, 'mutation ($id: UUID!) { deleteStall(input: { id: $id }) { query { __typename } } }'],
  ['several', two, 'mutation ($id: UUID!) { deleteStalls(input: { ids: [$id] }) { query { __typename } } }'],
  ['one that is removed', three, 'mutation ($id: UUID!) { removeStall(input: { id: $id }) { query { __typename } } }'],
])('nobody gets a row past its hooks by changing it before it goes: %s', async (_, id, text) => {
  const { errors } = await whilePaid(id, () => ask(text, { id }))
  expect(JSON.stringify(errors)).toContain('STALE')
  expect(await left()).toContainEqual({ id, fee: 5 })
  expect((await ask(text, { id })).errors[0]).toMatchObject({ message: expect.stringContaining('It was paid for.') })
})
