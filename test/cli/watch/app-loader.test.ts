import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { AppLoader, type LoadLimits } from '../../../cli/dev/load/app-loader.ts'
import { root } from '../support/run-rowhouse.ts'

mkdirSync(join(root, '.tmp'), { recursive: true })
const parent = realpathSync(mkdtempSync(join(root, '.tmp', 'loader-')))
const folder = join(parent, 'invoicing')
cpSync(join(root, 'examples/invoicing'), folder, { recursive: true, filter: (path) => !path.includes('.rowhouse') })
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const extra = join(folder, 'schema', 'extra.entity.ts')
afterEach(() => rmSync(extra, { force: true }))

async function load(withSeed = false) {
  const loader = new AppLoader({ folder, environment: {} })
  try {
    return await loader.load(withSeed, new AbortController().signal)
  } finally {
    await loader.close()
  }
}

test('gives model, settings and, when asked for, the seed, with the files that each is made of', async () => {
  const result = await load(true)
  if (result?.kind !== 'loaded') throw new Error(JSON.stringify(result))
  expect(result.app.model.entities.map(({ name }) => name)).toContain('Order')
  expect(Object.keys(result.app.settings.people)).toContain('ada')
  expect((result.app.seed as { tenants: unknown[] }).tenants.length).toBeGreaterThan(1)
  const names = (files: readonly string[]) => files.map((file) => file.slice(folder.length + 1))
  expect(names(result.files.all)).toEqual(
    expect.arrayContaining(['schema/choices.ts', 'rowhouse.config.ts', 'seed.ts']),
  )
  expect(names(result.files.seed)).toContain('seed/tenants.ts')
  expect(names(result.files.seed)).not.toContain('schema/order.entity.ts')
  expect((await load())?.files.seed).toEqual([])
})

test.each([
  ['while (true) {}', 'was stopped after 1.5 seconds'],
  ['await new Promise(() => {})', 'was stopped after 1.5 seconds|ended the thread'],
])('stops %s', async (code, message) => expect(await textOf(code, { deadlineMs: 1500 })).toMatch(new RegExp(message)))

test.each([
  ['process.exit(0)', 'ended the thread'],
  ['setImmediate(() => { throw new Error("later") }); await new Promise(() => {})', 'later'],
  ['const all = []; for (;;) all.push(new Array(1e5).fill(all.length))', 'ended the thread'],
])('survives %s', async (code, message) => expect(await textOf(code, { maxHeapMb: 96 })).toMatch(message))

/** What is said of a file with the code, in an app that has no other: the deadline is for all files together. */
async function textOf(code: string, limits: LoadLimits): Promise<string> {
  const lonely = mkdtempSync(join(parent, 'lonely-'))
  mkdirSync(join(lonely, 'schema'))
  writeFileSync(join(lonely, 'schema', 'extra.entity.ts'), `${code}\n`)
  const loader = new AppLoader({ folder: lonely, environment: {} }, limits)
  const result = await loader.load(false, new AbortController().signal)
  await loader.close()
  expect(result).toMatchObject({ kind: 'broken', problems: [{ code: 'FILE_IMPORT_FAILED' }] })
  const text = result?.kind === 'broken' ? result.problems[0]!.text : ''
  expect(text).toContain('schema/extra.entity.ts')
  return text
}

test('nothing of a load stays, whatever it began', async () => {
  writeFileSync(extra, 'setInterval(() => undefined, 1000)\n')
  const loader = new AppLoader({ folder, environment: {} })
  for (let count = 0; count < 3; count++) {
    await loader.load(false, new AbortController().signal)
    expect(threads()).toBe(0)
    loader.warm()
    // It is counted once it runs.
    await expect.poll(threads, { timeout: 20_000 }).toBe(1)
  }
  await loader.close()
  expect(threads()).toBe(0)
})

/** How many worker threads this process has. */
function threads(): number {
  return (process.report.getReport() as unknown as { readonly workers: readonly unknown[] }).workers.length
}

test('a load that was aborted ends at once, and the next one works', async () => {
  const loader = new AppLoader({ folder, environment: {} })
  const abort = new AbortController()
  writeFileSync(extra, 'while (true) {}\n')
  const first = loader.load(false, abort.signal)
  abort.abort()
  expect(await first).toBeNull()
  rmSync(extra)
  expect((await loader.load(false, new AbortController().signal))?.kind).toBe('loaded')
  await loader.close()
})

test('tells where entities are exported, also of a model with mistakes, but not of half a file', async () => {
  const head = "import { entity, one } from 'rowhouse/schema'\n"
  writeFileSync(
    extra,
    `${head}export const Extra = entity('Extra', { fields: {}, relations: { to: one('Nobody' as never) } })\n`,
  )
  const wrong = await load()
  const names = (result: typeof wrong) =>
    result?.kind === 'broken' ? (result.declared?.exports.entities.map(({ entity }) => entity) ?? null) : 'loaded'
  expect(names(wrong)).toContain('Extra')
  writeFileSync(extra, `${head}export const Extra = entity('Ext`)
  expect(names(await load())).toBeNull()
})

test('tells every problem of model, people and seed at once', async () => {
  const config = join(folder, 'rowhouse.config.ts')
  const seed = join(folder, 'seed.ts')
  const originals = [config, seed].map((file) => [file, readFileSync(file, 'utf8')] as const)
  writeFileSync(
    extra,
    "import { entity } from 'rowhouse/schema'\nexport const extra = entity('extra', { fields: {} })\n",
  )
  writeFileSync(config, "export const config = { people: { ada: { id: 'x', tenant: 'y', roles: [] } } }\n")
  writeFileSync(seed, 'export const seed = 1\n')
  const result = await load(true)
  for (const [file, text] of originals) writeFileSync(file, text)
  const codes = result?.kind === 'broken' ? result.problems.map(({ code }) => code) : []
  expect(new Set(codes)).toEqual(new Set(['CONFIG_INVALID', 'NAME_INVALID', 'POLICY_MISSING', 'SEED_INVALID']))
})
