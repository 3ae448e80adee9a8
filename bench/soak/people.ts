import pg from 'pg'
import { loadConfig, loadDevKeys, signDevToken } from '#server'
import type { ExampleDatabase } from '../graphql/example-database.ts'
import { exampleFolder } from '../graphql/example-folder.ts'
import type { Asker } from './asker.ts'
import type { Person } from './client.ts'

/** Two people of two tenants, with what each is answered now to questions about rows that nobody changes later. */
export async function findPeople(database: ExampleDatabase, asker: Asker): Promise<readonly Person[]> {
  const { people } = await loadConfig(exampleFolder)
  const keys = await loadDevKeys(database.folder)
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    const ids = async (tenant: string) => {
      const text = 'select id from app."order" where tenant_id = $1 order by md5(id::text) limit 20'
      return (await admin.query<{ id: string }>(text, [tenant])).rows.map(({ id }) => id)
    }
    const before = (await admin.query<{ now: Date }>('select now()')).rows[0]!.now.toISOString()
    return await Promise.all(
      ['mia', 'gil'].map(async (name, at, all) => {
        const { id, tenant, roles } = people![name]!
        const token = await signDevToken(keys, { app: 'invoicing', sub: id, tenant, roles })
        const foreign = (await ids(people![all[1 - at]!]!.tenant))[0]!
        const bodies = questionsOf([...(await ids(tenant)), foreign], before)
        const questions = await Promise.all(
          bodies.map(async (body) => ({ body, data: await answer(asker, token, body) })),
        )
        const { customers } = (await answer(asker, token, { query: '{ customers(first: 1) { nodes { id } } }' })) as {
          readonly customers: { readonly nodes: readonly { readonly id: string }[] }
        }
        return { token, questions, foreign, customer: customers.nodes[0]!.id }
      }),
    )
  } finally {
    await admin.end()
  }
}

function questionsOf(orders: readonly string[], before: string): readonly object[] {
  const byId = `query ($id: UUID!) { order(id: $id) { id number status total lines { nodes { quantity product { name } } } } }`
  const then = { filter: { createdAt: { lessThan: before } } }
  return [
    ...orders.map((id) => ({ query: byId, variables: { id } })),
    {
      query: `query ($filter: OrderFilter) { orders(first: 20, filter: $filter, orderBy: NUMBER_ASC) { nodes { id number customer { name } } } }`,
      variables: then,
    },
    {
      query: `query ($filter: OrderFilter) { orders(filter: $filter) { totalCount aggregates { sum { margin } } } }`,
      variables: then,
    },
    {
      query: `query ($filter: OrderFilter) { customers(first: 5, orderBy: NAME_ASC) { nodes { name
        orders(first: 4, orderBy: NUMBER_ASC, filter: $filter) { totalCount nodes { number lines { nodes { quantity } } } } } } }`,
      variables: then,
    },
  ]
}

async function answer(asker: Asker, token: string, body: object): Promise<unknown> {
  const { data, codes, text } = await asker.ask(token, body)
  if (codes.length > 0 || data === null) throw new Error(`Before it began: ${text}`)
  return data
}
