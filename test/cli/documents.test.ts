import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literalsOf } from '../../cli/documents/literals-of.ts'
import { runHere } from './support/run-here.ts'

const app = 'examples/invoicing'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-documents-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Writes a front end, and extracts its documents. */
async function extract(name: string, files: Readonly<Record<string, string>>, ...more: readonly string[]) {
  const from = join(folder, name)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(from, file)), { recursive: true })
    await writeFile(join(from, file), text)
  }
  const out = join(folder, `${name}.json`)
  const ended = await runHere(['documents', 'extract', app, '--from', from, '--out', out, ...more])
  const text = await readFile(out, 'utf8').catch(() => null)
  return { ...ended, from, out, text, written: text === null ? null : JSON.parse(text) }
}

const orders =
  'query Orders {\n  orders {\n    nodes {\n      ...OrderRow\n    }\n  }\n}\n\nfragment OrderRow on Order {\n  id\n  number\n}'
const customer = 'query Customer($id: UUID!) {\n  customer(id: $id) {\n    id\n    name\n  }\n}'

test('documents are found however clients mark them, with the fragments that they name', async () => {
  const { code, stderr, written, text } = await extract('found', {
    'src/orders.tsx': `import { OrderRow } from "./row"\nexport const Page = () => <p>{use(gql\`query Orders { orders { nodes { ...OrderRow } } } \${OrderRow}\`)}</p>`,
    'src/row.ts': 'export const OrderRow = /* GraphQL */ `fragment OrderRow on Order { id number }`',
    'src/customer.vue':
      '<template>{{ graphql`query No { x }` }}</template>\n<script setup lang="ts">\nconst q = graphql(`query Customer($id: UUID!) { customer(id: $id) { id name } }`)\n</script>',
    'src/totals.graphql': 'query Totals { orders { totalCount } }',
    'node_modules/other/index.js': 'gql`query Theirs { orders { totalCount } }`',
    'src/types.d.ts': 'declare const x: typeof gql`query Declared { orders { totalCount } }`',
  })
  expect(stderr).toContain('Wrote 3 documents')
  expect(code).toBe(0)
  expect(Object.values(written)).toEqual([customer, orders, 'query Totals {\n  orders {\n    totalCount\n  }\n}'])
  for (const id of Object.keys(written)) expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(text!.endsWith('}\n')).toBe(true)
})

test('what is wrong is told with its place, and nothing is written', async () => {
  const { code, stderr, from, text } = await extract('wrong', {
    'a.ts': 'const a = 1\nconst q = gql`\n  query Orders { orders { nodes { numbr } } }`',
    'b.ts': 'const b = gql`query { orders { totalCount } }`',
    'c.ts': `const c = gql\`query C { orders { \${fields} } }\``,
    'd.ts': 'const d = gql`query D { orders { `',
    'e.ts':
      'const e = gql`query Same { orders { totalCount } }`; const f = gql`query Same { customers { totalCount } }`',
    'g.ts': 'const g = gql`query G { ...Nowhere }`',
  })
  expect(code).toBe(1)
  expect(text).toBeNull()
  expect(stderr).toContain(`${from}/a.ts:3:35  Cannot query field "numbr" on type "Order". Did you mean "number"?`)
  expect(stderr).toContain(`${from}/b.ts:1:15  The operation has no name.`)
  expect(stderr).toContain(`${from}/c.ts:1:15  It is put together while it runs`)
  expect(stderr).toContain(`${from}/d.ts:1:34  Syntax Error: Expected Name, found <EOF>.`)
  expect(stderr).toContain(`${from}/e.ts:1:68  "Same" is something else at ${from}/e.ts:1:15.`)
  expect(stderr).toContain(`${from}/g.ts:1:28  Unknown fragment "Nowhere".`)
  expect(stderr).toContain('6 problems. Nothing was written.')
})

test('what the limits refuse for everybody is told', async () => {
  const deep = 'customer { orders { nodes { '.repeat(8)
  const { code, stderr } = await extract('deep', {
    'a.graphql': `query Deep { orders { nodes { ${deep} id ${'} } } '.repeat(8)} } } }`,
  })
  expect(code).toBe(1)
  expect(stderr).toContain('nested more than 20 levels deep')
})

test('documents that are gone stay until they are pruned', async () => {
  const first = await extract('gone', { 'a.graphql': customer })
  const second = await extract('gone', { 'a.graphql': orders })
  expect(second.stderr).toContain('1 new, 1 kept that the front end no longer has')
  expect(Object.values(second.written)).toEqual([orders, customer])
  expect(second.written).toMatchObject(first.written)
  const third = await extract('gone', {}, '--prune')
  expect(third.stderr).toContain('0 new, 1 dropped')
  expect(Object.values(third.written)).toEqual([orders])
})

test('for Apollo: its manifest, with __typename, without what the client answers itself', async () => {
  const { written } = await extract(
    'apollo',
    { 'a.graphql': 'query Orders { orders @connection(key: "o") { nodes { id isOpen @client } } }' },
    ...['--format', 'apollo', '--typename'],
  )
  expect(written).toMatchObject({ format: 'apollo-persisted-query-manifest', version: 1 })
  const [{ name, type, body }] = written.operations
  expect({ name, type }).toEqual({ name: 'Orders', type: 'query' })
  expect(body.replaceAll(/\s+/g, ' ')).toBe('query Orders { orders { nodes { id __typename } __typename } }')
})

test('a front end that is nowhere, or has nothing to send, is told', async () => {
  const none = await extract('none', { 'a.ts': 'export const x = 1' })
  expect(none.code).toBe(3)
  expect(none.stderr).toContain('There are no documents in')
  const gone = await runHere(['documents', 'extract', app, '--from', join(folder, 'nowhere')])
  expect(gone.code).toBe(3)
  expect(gone.stderr).toContain('DOCUMENTS_UNREADABLE')
})

test('a file that holds no documents is not written over', async () => {
  await writeFile(join(folder, 'mine.json'), '[1]')
  const mine = await extract('mine', { 'a.graphql': customer })
  expect(mine.code).toBe(3)
  expect(mine.stderr).toContain('DOCUMENTS_INVALID')
  expect(mine.text).toBe('[1]')
})

test('places are those of the source, behind escapes and lines of a template, too', () => {
  const [literal] = literalsOf('x.ts', 'const a = 1\n  const q = gql`query Q { id }`')
  expect(literal).toMatchObject({ line: 2, column: 17, text: 'query Q { id }', fault: null })
})

test('check names the deployed documents that the API no longer answers', async () => {
  await mkdir('.tmp', { recursive: true })
  const copy = join(await mkdtemp(join('.tmp', 'documents-')), 'invoicing')
  try {
    await cp(app, copy, { recursive: true })
    const config = join(copy, 'rowhouse.config.ts')
    const text = await readFile(config, 'utf8')
    await writeFile(
      config,
      text.replace('defineConfig({', "defineConfig({\n  documents: { files: ['documents.json'] },"),
    )
    await writeFile(join(copy, 'documents.json'), JSON.stringify({ a: orders, b: customer }))
    const sound = await runHere(['documents', 'check', copy])
    expect(sound).toMatchObject({ code: 0, stdout: 'All 2 trusted documents fit the API.\n' })
    await writeFile(join(copy, 'documents.json'), JSON.stringify({ a: orders, b: customer.replace('name', 'nick') }))
    const broken = await runHere(['documents', 'check', copy])
    expect(broken.code).toBe(1)
    expect(broken.stderr).toContain('Customer (b)  Cannot query field "nick" on type "Customer".')
    await writeFile(join(copy, 'documents.json'), JSON.stringify({ a: 'query {' }))
    const unreadable = await runHere(['documents', 'check', copy])
    expect(unreadable.code).toBe(3)
    expect(unreadable.stderr).toContain('DOCUMENTS_INVALID  The trusted document "a" cannot be read')
  } finally {
    await rm(dirname(copy), { recursive: true })
  }
})

test('an app without documents is told how to say them', async () => {
  const { code, stderr } = await runHere(['documents', 'check', app])
  expect(code).toBe(3)
  expect(stderr).toContain('The app has no trusted documents.')
})
