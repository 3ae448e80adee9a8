import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ApolloClient, DocumentNode } from '@apollo/client'
import type { Client } from '@urql/core'
import { createOperationDescriptor, type Environment, fetchQuery, getSingularSelector } from 'relay-runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../cli/support/run-rowhouse.ts'
import { readBlocks } from '../docs/read-document.ts'
import { useExampleServer } from '../support/example-server.ts'

/** The blocks of the page about front-ends, written out as a front-end, compiled, type-checked and run. */
const blocks = readBlocks('docs/guide/clients.md').filter(({ marks }) => marks.client !== undefined)

/** Inside the repository, so that packages resolve; git ignores it. */
let folder: string
let ready: Promise<unknown>
beforeAll(() => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  folder = mkdtempSync(join(root, '.tmp', 'clients-'))
  ready = writeFrontEnd()
  ready.catch(() => undefined)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const example = useExampleServer()
beforeAll(() => ready)

const run = promisify(execFile)
const options = {
  ...{ strict: true, noEmit: true, target: 'es2024', lib: ['es2024', 'dom'], types: [], skipLibCheck: true },
  ...{
    module: 'nodenext',
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    exactOptionalPropertyTypes: true,
  },
}

async function writeFrontEnd(): Promise<void> {
  for (const { marks, text } of blocks) {
    const file = join(folder, marks.client!)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const relay = join(folder, 'relay')
  mkdirSync(join(relay, '__generated__'))
  cpSync('test/golden/graphql/invoicing.graphql', join(relay, 'schema.graphql'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['.'] }))
  const program = (name: string) => join(root, 'node_modules/.bin', name)
  const told = ({ stdout, stderr }: { stdout: string; stderr: string }) => Promise.reject(new Error(stdout + stderr))
  await run(program('relay-compiler'), ['relay.config.json'], { cwd: relay }).catch(told)
  await run(program('tsc'), ['-p', folder]).catch(told)
  asBabelDoes(relay)
}

/** `babel-plugin-relay` puts what was compiled in the place of each document; bundlers find files without their ending. */
function asBabelDoes(relay: string): void {
  const made = readdirSync(join(relay, '__generated__'))
  const rewrite = (file: string, change: (text: string) => string) =>
    writeFileSync(join(relay, file), change(readFileSync(join(relay, file), 'utf8')))
  for (const file of made)
    rewrite(join('__generated__', file), (text) => text.replaceAll(/(from '\.\/\w+\.graphql)'/g, "$1.ts'"))
  const imports = made.map((file) => `import artifact_${file.split('.')[0]} from './__generated__/${file}'\n`)
  rewrite('orders.ts', (text) => imports.join('') + text.replaceAll(/graphql`\s*\w+ (\w+)[^`]*`/g, 'artifact_$1'))
}

// biome-ignore lint/suspicious/noExplicitAny: what a block exports is looked at by whoever runs it
const load = (file: string): Promise<any> => import(join(folder, file))

const url = () => `${example().server.url}/graphql`

async function newDraft(number: string): Promise<string> {
  const { data } = await example().ask('ada', '{ customers(first: 1) { nodes { id } } }')
  const { data: made } = await example().ask(
    'ada',
    'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }',
    { order: { number, customerId: data.customers.nodes[0].id } },
  )
  return made.createOrder.id
}

test('the page has a front-end for each client', () => {
  expect(blocks.map(({ marks }) => marks.client)).toEqual([
    ...['apollo/client.ts', 'apollo/orders.ts', 'urql/client.ts'],
    ...['relay/relay.config.json', 'relay/environment.ts', 'relay/orders.ts'],
  ])
})

test('Apollo: the list grows, a change is seen, a removed row is gone, and errors have codes', async () => {
  const id = await newDraft('G-A')
  const { createClient } = await load('apollo/client.ts')
  const { orders, annotate, removeOrder, codesOf } = await load('apollo/orders.ts')
  const client: ApolloClient = createClient(url(), async () => example().tokens.ada)
  interface Page {
    readonly orders: {
      readonly edges: readonly { readonly node: { readonly id: string; readonly notes: string } }[]
      readonly pageInfo: { readonly endCursor: string }
    }
  }
  const watched = client.watchQuery<Page>({ query: orders as DocumentNode })
  let page: Page['orders'] | undefined
  const watching = watched.subscribe(({ data, dataState }) => {
    if (dataState === 'complete') page = data.orders
  })
  await expect.poll(() => page?.edges.length).toBe(20)
  await watched.fetchMore({ variables: { after: page!.pageInfo.endCursor } })
  await expect.poll(() => page?.edges.length).toBe(40)
  await client.mutate({ mutation: annotate, variables: { id, notes: 'seen' } })
  await expect.poll(() => page!.edges[0]!.node).toMatchObject({ id, notes: 'seen' })
  await removeOrder(client, id)
  await expect.poll(() => page!.edges.some(({ node }) => node.id === id)).toBe(false)
  const refused = await removeOrder(client, id).catch((error: unknown) => error)
  expect(codesOf(refused)).toEqual(['NOT_FOUND'])
  watching.unsubscribe()
})

test('urql: a removal reads the list again', async () => {
  const id = await newDraft('G-U')
  const { createClient, orders, removeOrder, aboutOrders } = await load('urql/client.ts')
  const client: Client = createClient(url(), () => example().tokens.ada)
  const first = async () => (await client.query(orders, {}, aboutOrders)).data.orders.nodes[0].id
  expect(await first()).toBe(id)
  expect((await client.mutation(removeOrder, { id }, aboutOrders)).error).toBeUndefined()
  expect(await first()).not.toBe(id)
  const { error } = await client.mutation(removeOrder, { id }, aboutOrders)
  expect(error!.graphQLErrors[0]!.extensions.code).toBe('NOT_FOUND')
})

test('Relay: the list grows, a removed row leaves it, and errors have codes', async () => {
  const id = await newDraft('G-R')
  const { createEnvironment } = await load('relay/environment.ts')
  const { query, list, removeOrder } = await load('relay/orders.ts')
  const environment: Environment = createEnvironment(url(), async () => example().tokens.ada)
  const { default: pageQuery } = await load('relay/__generated__/ordersPageQuery.graphql.ts')
  const operation = createOperationDescriptor(query, {})
  environment.retain(operation)
  await fetchQuery(environment, query, {}).toPromise()
  const read = () => {
    const found = environment.lookup(getSingularSelector(list, environment.lookup(operation.fragment).data)!)
    return (
      found.data as { orders: { __id: string; edges: { node: { id: string } }[]; pageInfo: { endCursor: string } } }
    ).orders
  }
  expect(read().edges[0]!.node.id).toBe(id)
  await fetchQuery(environment, pageQuery, { count: 5, cursor: read().pageInfo.endCursor }).toPromise()
  expect(read().edges).toHaveLength(25)
  expect(await removeOrder(environment, id, read().__id)).toEqual([])
  expect(read().edges).toHaveLength(24)
  expect(await removeOrder(environment, id, read().__id)).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
})
