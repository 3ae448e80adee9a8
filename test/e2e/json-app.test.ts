import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { dataFolder, startServer } from './support/start-server.ts'

/** An app that is one document. */
const scratch = mkdtempSync(join(tmpdir(), 'rowhouse-json-'))
const app = join(scratch, 'jotter')
const document = join(app, 'model.json')
const data = dataFolder()
let model = ''

beforeAll(async () => {
  chmodSync(scratch, 0o755)
  const { code, stdout, stderr } = await runRowhouse(['export', 'test/fixtures/apps/sheets'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const given = JSON.parse(stdout)
  // So that a visitor may ask: nobody has a token of this app.
  const { rules } = given.policies.find(({ entity }: { entity: string }) => entity === 'Sheet')
  rules[0] = { ...rules[0], title: 'all see sheets', audience: { kind: 'everyone' }, where: null }
  model = `${JSON.stringify(given, null, 2)}\n`
  mkdirSync(app)
  writeFileSync(document, model)
})
afterAll(() => {
  data.remove()
  rmSync(scratch, { recursive: true })
})

test('check is content with it, and tells with its place what is odd', async () => {
  const { code, stdout, stderr } = await runRowhouse(['check', app])
  expect(code).toBe(0)
  expect(stderr.match(/^(warning|error) .*/gm)).toEqual([
    expect.stringMatching(/^warning RULE_VISITORS_UNREACHED {2}model\.json:\d+:\d+$/),
  ])
  expect(stdout).toContain('"jotter" is in order: 6 entities')
})

test('dev serves it', async () => {
  const env = { ROWHOUSE_DATA: data.path, GRAPHILE_ENV: 'development' }
  const server = await startServer({ args: ['dev', app], env })
  try {
    const query = '{ sheets(filter: { total: { greaterThan: "5" } }) { totalCount nodes { total } } }'
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    expect(await answer.json()).toEqual({ data: { sheets: { totalCount: 0, nodes: [] } } })
  } finally {
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  }
})

describe('mistakes', () => {
  afterAll(() => writeFileSync(document, model))

  test('check tells them with their places in the document', async () => {
    const wrong = model.replace(/"path": \[\s*"number"\s*\]/, '"path": ["numbr"]')
    expect(wrong).not.toBe(model)
    writeFileSync(document, wrong)
    const { code, stderr } = await runRowhouse(['check', app])
    expect(code).toBe(1)
    expect(stderr).toMatch(/FORMULA_NAME_UNKNOWN {2}model\.json:\d+:\d+/)
    expect(stderr).toContain('"Sheet" has no "numbr".')
    expect(stderr).toContain('Did you mean "number"?')
  })

  test('and what is no JSON at all', async () => {
    writeFileSync(document, `${model.slice(0, 50)},,`)
    const { code, stderr } = await runRowhouse(['check', app])
    expect(code).toBe(1)
    expect(stderr).toMatch(/MODEL_JSON_INVALID {2}model\.json:\d+:\d+/)
  })
})

describe('import', () => {
  test('writes it as TypeScript, which exports the same', async () => {
    const folder = join('.tmp', `jotter-${process.pid}`)
    try {
      const made = await runRowhouse(['import', document, folder])
      expect(made, made.stderr).toMatchObject({ code: 0 })
      expect(readFileSync(join(folder, 'schema/sheet.entity.ts'), 'utf8')).toContain('formulas(Sheet, {')
      const { stdout } = await runRowhouse(['export', folder])
      const named = (text: string) => ({ ...JSON.parse(text), app: '' })
      expect(named(stdout)).toEqual(named(model))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('says what it cannot read, and does not write into what is there', async () => {
    const missing = await runRowhouse(['import', join(scratch, 'nothing.json'), join(scratch, 'new')])
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('IMPORT_SOURCE_UNREADABLE')
    expect(missing.stderr).toContain('nothing.json')
    const occupied = await runRowhouse(['import', document, app])
    expect(occupied.stderr).toContain('NEW_FOLDER_OCCUPIED')
    expect(readFileSync(document, 'utf8')).toBe(model)
  })
})
