import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { type Ended, runRowhouse } from './support/run-rowhouse.ts'

const fixtures = join(import.meta.dirname, '../fixtures/import')
const password = 'correct-horse-battery'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowhouse-import-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function texts(root: string): string {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n')
}

describe('of a database', () => {
  const db = useDatabase({ prepared: false })
  let login: string
  let url: string
  beforeAll(async () => {
    await db().migrator.query(readFileSync(join(fixtures, 'nasty.sql'), 'utf8'))
    login = `${db().names.prefix}_importer`
    await db().migrator.query(`create role ${login} login password '${password}'`)
    const address = new URL(db().migratorUrl)
    Object.assign(address, { username: login, password })
    url = address.href
  })
  afterAll(() => db().migrator.query(`drop role ${login}`))

  test('writes an app that compiles, and says what it does not say', async () => {
    mkdirSync('.tmp', { recursive: true })
    // Inside the repository, so that `rowhouse/…` resolves; git ignores it.
    const app = mkdtempSync(join('.tmp', 'import-'))
    try {
      const ended = await runRowhouse(['import', url, app])
      expect(ended).toMatchObject({ code: 0, stdout: `Next:\n  rowhouse check ${app}\n` })
      expect(ended.stderr).toContain('  COLUMN_ENUM')
      expect(readdirSync(app).sort()).toEqual(['.rowhouse', 'IMPORT.md', 'policies', 'schema'])
      expect(await runRowhouse(['check', app])).toMatchObject({ code: 0 })
      cpSync('examples/invoicing/tsconfig.json', join(app, 'tsconfig.json'))
      execFileSync('node_modules/.bin/tsc', ['-p', app], { encoding: 'utf8' })
      const all = texts(app) + ended.stdout + ended.stderr
      expect(all).not.toContain(password)
      // Every line of the terminal is in the file, and each of its headings has its reason.
      const report = readFileSync(join(app, 'IMPORT.md'), 'utf8')
      expect(report).toContain('### COLUMN_GENERATED\n\nPostgres computes it; ')
      expect(report).toContain('- `public.people.*/ process.exit(3) //`: `text`')
      expect(report).toMatch(/In the way[\s\S]*Left out[\s\S]*Assumed[\s\S]*Kept by Postgres/)
      expect(report.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(
        ended.stderr.split('\n').filter((line) => /^ {2}[A-Z_]+ {2}/.test(line)).length,
      )
    } finally {
      rmSync(app, { recursive: true, force: true })
    }
  })

  test('outside of any package it writes one, that loads before it is installed', async () => {
    const ended = await runRowhouse(['import', url, 'my shop', '--schema', 'sales'], { cwd: folder })
    expect(ended).toMatchObject({ code: 0, stdout: "Next:\n  cd 'my shop'\n  npm install\n  npm run check\n" })
    expect(readdirSync(join(folder, 'my shop')).sort()).toEqual([
      ...['.gitignore', '.rowhouse', 'IMPORT.md', 'package.json', 'policies', 'schema', 'tsconfig.json'],
    ])
    const entity = readFileSync(join(folder, 'my shop/schema/person.entity.ts'), 'utf8')
    expect(entity).toBe(
      [
        '// Imported from an existing table, which stays as it is: what is said here describes it. See IMPORT.md.',
        "import { entity, int, uuid } from 'rowhouse/schema'",
        '',
        "export const Person = entity('Person', {",
        '  tenant: false,',
        "  adopt: 'sales.people',",
        "  key: 'personId',",
        "  fields: { personId: int({ column: 'id' }), company: uuid({ optional: true }) },",
        '})',
        '',
      ].join('\n'),
    )
    const report = readFileSync(join(folder, 'my shop/IMPORT.md'), 'utf8')
    expect(report).toContain('FOREIGN_KEY_TARGET')
  })

  test('nothing happens to a folder that holds something', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    const ended = await runRowhouse(['import', url, '.'], { cwd: folder })
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^NEW_FOLDER_OCCUPIED/)
    expect(readdirSync(folder)).toEqual(['mine.txt'])
  })

  const fails = async (source: string, ...more: readonly string[]): Promise<Ended> => {
    const ended = await runRowhouse(['import', source, 'shop', ...more], { cwd: folder })
    expect(ended.code).toBe(3)
    expect(ended.stderr + ended.stdout).not.toContain(password)
    expect(existsSync(join(folder, 'shop'))).toBe(false)
    return ended
  }

  test('a schema without tables, or with none that fits, is told', async () => {
    expect((await fails(url, '--schema', 'nowhere')).stderr).toMatch(
      /^IMPORT_EMPTY {2}Schema "nowhere" has no tables\./,
    )
    const { stderr } = await fails(url, '--schema', 'app')
    expect(stderr).toMatch(
      /^IMPORT_EMPTY {2}Schema "app" has no table that can become an entity:\n {2}TABLE_SCHEMA {2}app\.own/,
    )
  })

  test('a folder that no app can be called after is told', async () => {
    const ended = await runRowhouse(['import', url, 'postgres'], { cwd: folder })
    expect(ended.stderr).toMatch(/^IMPORT_FOLDER_INVALID {2}"postgres" belongs to Postgres/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('a refused login is told without its password', async () => {
    const wrong = new URL(url)
    wrong.username = `${login}_nobody`
    const { stderr } = await fails(wrong.href)
    expect(stderr).toMatch(/^DATABASE_LOGIN_REFUSED|^DATABASE_UNREACHABLE/)
  })
})

test.each([
  [`postgres://me:${password}@127.0.0.1:1/shop`, /^DATABASE_UNREACHABLE {2}No Postgres answers at 127\.0\.0\.1:1/],
  [`postgrex://me:${password}@127.0.0.1/shop`, /^DATABASE_URL_INVALID/],
  [`postgres:me:${password}`, /^DATABASE_/],
  [`postgres://me:${password}@host:port/shop`, /^DATABASE_URL_INVALID/],
])('of an address that leads nowhere no password is shown', async (source, message) => {
  const ended = await runRowhouse(['import', source, 'shop'], { cwd: folder })
  expect(ended).toMatchObject({ code: 3, stdout: '' })
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr).not.toContain(password)
  expect(readdirSync(folder)).toEqual([])
})
