import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compileScript, openScriptPool, replayRun } from '../../scripts/index.ts'
import { root } from '../cli/support/run-rowhouse.ts'
import { useAppServer } from '../support/app-server.ts'
import { readBlocks } from './read-document.ts'

/** The stall of the guide is served, and its requests are sent in their order. */
const blocks = readBlocks('docs/guide/behaviour/tenant-scripts.md')
mkdirSync(join(root, '.tmp'), { recursive: true })
const folder = mkdtempSync(join(root, '.tmp', 'stall-'))
for (const { marks, text } of blocks) {
  if (marks.file === undefined) continue
  mkdirSync(dirname(join(folder, marks.file)), { recursive: true })
  writeFileSync(join(folder, marks.file), text)
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const request = (run: string) => blocks.find(({ marks }) => marks.run === run)!.text
const source = blocks.find(({ marks }) => marks.file === 'published/tenth.ts')!.text

const [acme, globex] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b']
const ann = '00000000-0000-7000-8000-000000000001'
const tenant = (id: string, slug: string) => ({ id, slug, name: slug, rows: {} })
const stall = useAppServer(folder, { tenants: [tenant(acme, 'acme'), tenant(globex, 'globex')] })
const ask = (roles: readonly string[], text: string, variables: object = {}, of = acme) =>
  stall().ask({ sub: ann, tenant: of, roles, claims: {} }, text, variables)
const manage = async (run: string, variables: object = {}) => {
  const { data, errors } = await ask(['manager'], request(run), variables)
  expect(errors).toEqual([])
  return data
}
/** What a sale of 100 comes to. */
const sell = async (of = acme) => {
  const text = 'mutation { createSale(input: { sale: { item: "pens", cents: 10000 } }) { sale { cents } } }'
  const { data, errors } = await ask(['seller'], text, {}, of)
  expect(errors).toEqual([])
  return data.createSale.sale.cents
}

test('a stall publishes, rolls back and withdraws its discount, and its runs are replayed', async () => {
  // The first run waits for a thread, for which a busy machine takes its time.
  await expect.poll(() => sell().catch(() => null), { timeout: 120_000 }).toBe(10_000)
  await manage('record')
  const { publishScript } = await manage('publish', { source })
  expect(publishScript.tenantScript).toMatchObject({ version: 1, isActive: true })
  expect([await sell(), await sell(globex)]).toEqual([9_000, 10_000])
  expect((await manage('versions')).tenantScripts.nodes).toMatchObject([{ version: 1, publishedBy: ann, source }])
  await manage('publish', { source: source.replace('0.9', '0.5') })
  expect(await sell()).toBe(5_000)
  expect((await manage('rollBack')).rollBackScript.tenantScript).toEqual({ version: 1, isActive: true })
  expect(await sell()).toBe(9_000)
  await manage('withdraw')
  expect(await sell()).toBe(10_000)

  // Each is kept a little later than it is answered.
  const runs = () => manage('runs').then(({ tenantScriptRuns }) => tenantScriptRuns.nodes)
  await expect.poll(runs, { timeout: 60_000 }).toHaveLength(4)
  const [last, third] = await runs()
  expect([last.version, third.version, third.ended]).toEqual([null, 1, 'output'])
  const pool = openScriptPool({ threads: 1, waitMs: 60_000, graceMs: 60_000 })
  try {
    const again = await replayRun(pool, compileScript('scripts/discount', source).script!, third.record)
    expect(again).toMatchObject({ output: { cents: 9_000 } })
  } finally {
    await pool.close()
  }
})

test('who sells publishes nothing, and what is no script is told with its place', async () => {
  const refused = await ask(['seller'], request('publish'), { source })
  expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN')
  const wrong = await ask(['manager'], request('publish'), { source: `import 'node:fs'\n${source}` })
  expect(wrong.errors[0]).toMatchObject({
    message: expect.stringContaining('Line 1, column 8'),
    extensions: { code: 'VALIDATION', problems: [{ line: 1, column: 8, code: 'SCRIPT_IMPORT_REFUSED' }] },
  })
})
