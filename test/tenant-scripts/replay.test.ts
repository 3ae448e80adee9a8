import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bug, type Rows } from '#base'
import { compileScript, openScriptPool, type RunRecord, type ScriptPool } from '#scripts'
import { runHere } from '../cli/support/run-here.ts'
import { root } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { acme, ann, globex, till, tillRows } from './till.ts'

const db = useDatabase({ migrator: 'plain' })
const scriptOf = (body: string) => `import { script } from 'rowhouse/scripts'\nexport default script(${body})\n`
const own = scriptOf(`async ({ db, input, now }) => ({ sum: (await db.find('Sale')).length + input.more, at: now })`)
const theirs = scriptOf(`async ({ db }) => { await db.find('Sale'); return { theirs: Math.random() } }`)
let parent = ''
let app = ''
let pool: ScriptPool
beforeAll(async () => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  parent = mkdtempSync(join(root, '.tmp', 'till-'))
  // The name of the folder is the name of the app, and so of its roles.
  app = join(parent, db().names.prefix)
  for (const folder of ['schema', 'policies', 'scripts']) mkdirSync(join(app, folder), { recursive: true })
  const imports = {
    'schema/all.entity.ts': "import { entity, int, string } from 'rowhouse/schema'\n",
    'policies/all.ts': "import { anything, defineActor, defineRoles, policy } from 'rowhouse/policies'\n",
  }
  for (const [file, text] of Object.entries(imports)) writeFileSync(join(app, file), text + till[file])
  writeFileSync(join(app, 'scripts/price.ts'), own)
  pool = openScriptPool({ threads: 1, waitMs: 60_000, graceMs: 60_000 })
  expect(await run('migrate', app, '--write-first')).toMatchObject({ code: 0 })
  expect(await run('migrate', app)).toMatchObject({ code: 0 })
  await db().asOwner((owner) => owner.query(tillRows))
})
afterAll(async () => {
  await pool.close()
  rmSync(parent, { recursive: true, force: true })
})

const run = (...args: readonly string[]) =>
  runHere(args, { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl })
const replay = (...args: readonly string[]) => run('scripts', 'replay', app, ...args)
const refuse = () => Promise.reject(new Bug('No rows here.'))
const rows: Rows = {
  ...{ find: async () => [{ item: 'pen' }], get: refuse, create: refuse, update: refuse },
  ...{ remove: refuse, restore: refuse, delete: refuse, act: refuse },
}
const recordOf = async (source: string): Promise<RunRecord> => {
  const { script } = compileScript('scripts/price', source)
  const call = { tenant: acme, input: { more: 1 }, now: new Date('2026-01-02'), host: { db: rows }, record: true }
  return (await pool.run(script!, { ...call, limits: { timeMs: 60_000 } })).record!
}
const fileOf = (name: string, content: unknown) => {
  const path = join(parent, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

test('a run of the app’s script is replayed from a file, as the API answered it', async () => {
  const record = await recordOf(own)
  const end = { output: { sum: 2, at: '2026-01-02T00:00:00.000Z' } }
  for (const content of [record, { data: { tenantScriptRuns: { nodes: [{ id: 'x', record }] } } }]) {
    const { code, stdout, stderr } = await replay(fileOf('run.json', content))
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, end, 'As it was recorded.\n'])
  }
})

test('with another source it is told where the end differs', async () => {
  const file = fileOf('run.json', await recordOf(own))
  const source = join(parent, 'other.ts')
  writeFileSync(source, own.replace('+ input.more', '- input.more'))
  const other = await replay(file, '--source', source)
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('  output.sum: 2 then, 0 now\n') })
  writeFileSync(source, own.replace("'Sale'", "'User'"))
  const strayed = await replay(file, '--source', source)
  expect(strayed).toMatchObject({ code: 1, stdout: expect.stringContaining('another way than recorded') })
})

test('whatever it says is shown, and nothing that a terminal would obey', async () => {
  const obeyed = '\\x1b]0;mine\\x07\\x9b2J\\u202e'
  const source = join(parent, 'other.ts')
  writeFileSync(source, scriptOf(`async ({ db }) => { await db.find('Sale'); return { '${obeyed}': '${obeyed}' } }`))
  const { stdout, stderr } = await replay(fileOf('run.json', await recordOf(own)), '--source', source)
  expect(JSON.parse(stdout)).toEqual({ output: { '\x1b]0;mine\x07\x9b2J\u202e': '\x1b]0;mine\x07\x9b2J\u202e' } })
  expect(stderr).toContain('mine')
  expect(stdout + stderr).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
})

test('what a tenant published is found by the id of the run, with its source', async () => {
  const record = await recordOf(theirs)
  const ids: string[] = []
  for (const tenant of [acme, globex])
    await db().asActor({ roles: ['admin'], tenant, actor: ann }, async (client) => {
      await client.query(`select rowhouse_private.publish_script('scripts/price', $1, null)`, [theirs])
      await client.query(`select rowhouse_private.record_script('scripts/price', true)`)
      const text = `select rowhouse_private.keep_script_run('scripts/price', 1, $1, 'output', 1, $2) as id`
      const { rows: kept } = await client.query<{ id: string }>(text, [record.checksum, JSON.stringify(record)])
      ids.push(kept[0]!.id)
    })
  for (const id of ids) {
    const { code, stdout, stderr } = await replay(id)
    expect([code, stderr]).toEqual([0, 'As it was recorded.\n'])
    expect(JSON.parse(stdout)).toEqual(record.end)
  }
})

test.each([
  ['an id that nobody has', () => '00000000-0000-7000-8000-000000000999', 'No tenant of the database has a run'],
  ['a file that is not there', () => join(parent, 'nothing.json'), 'neither the id of a run nor a file'],
  ['a file without a record', () => fileOf('empty.json', { data: null }), 'neither the id of a run nor a file'],
])('%s is SCRIPT_RUN_UNKNOWN', async (_, what, message) => {
  const { code, stderr } = await replay(what())
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  expect(stderr).toContain('SCRIPT_RUN_UNKNOWN')
})

test('a source that is not there any more is SCRIPT_RUN_UNKNOWN', async () => {
  const file = fileOf('run.json', await recordOf(theirs))
  expect((await replay(file)).stderr).toContain('is not the one in the folder of the app')
  expect((await replay(file, '--source', join(parent, 'none.ts'))).stderr).toContain('cannot be read')
})
