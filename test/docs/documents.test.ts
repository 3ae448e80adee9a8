import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse, validate } from 'graphql'
import { afterAll, describe, expect, test } from 'vitest'
import { writeTypes } from '../../cli/app/write-types.ts'
import { run } from '../../cli/run.ts'
import { buildCatalog } from '../../migrations/index.ts'
import { loadModel } from '../../policies/index.ts'
import { createGraphqlSchema } from '../../server/graphql/create-graphql-schema.ts'
import { recordingTerminal } from '../cli/support/recording-terminal.ts'
import { root, runRowhouse } from '../cli/support/run-rowhouse.ts'
import { serverUrl, useDatabase } from '../support/database.ts'
import { typeFaults } from '../support/type-check.ts'
import { readBlocks } from './read-document.ts'

/** Every snippet and command of the README and the guides is run here, or by the test that is named. */
const documents = ['README.md', ...guides()]

/** Every page below `docs/guide/`. */
function guides(): readonly string[] {
  const files = readdirSync('docs/guide', { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.md')).map((file) => `docs/guide/${file}`)
}
const blocks = documents.flatMap(readBlocks)
const apps = [...new Set(blocks.flatMap(({ marks }) => marks.app ?? []))]

/** Inside the repository, so that `rowhouse/…` resolves; git ignores it. */
mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join(root, '.tmp', 'docs-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Commands that another file runs, with what shows that it does. */
const coveredElsewhere: Readonly<Record<string, readonly [file: string, proof: RegExp]>> = {
  'npm ci && npm start': ['test/e2e/support/start-server.ts', /\['dev', 'examples\/invoicing'\]/],
  'npm ci && npm test': ['tools/ci/suites.ts', /\['npm', 'test', '--'\]/],
  'npx --no-install rowhouse dev .': ['test/e2e/change.test.ts', /const args = \['dev'/],
  'npx --no-install rowhouse new ../shop': ['test/cli/new.test.ts', /runRowhouse\(\['new', 'shop'\]/],
  'npx --no-install rowhouse start .': ['test/e2e/start.test.ts', /const args = .*\['start'/],
  'npx --no-install rowhouse export . > model.json': ['test/e2e/json-app.test.ts', /runRowhouse\(\['export'/],
  'npx --no-install rowhouse import model.json ../shop': [
    'test/e2e/json-app.test.ts',
    /runRowhouse\(\['import', document/,
  ],
  'npx --no-install rowhouse doctor .': ['test/doctor/surroundings.test.ts', /runRowhouse\(\['doctor'/],
  'npx --no-install rowhouse check . --drift': ['test/stored/command.test.ts', /run\('check', app, '--drift'\)/],
  'npx --no-install rowhouse refresh .': ['test/reports/kept/command.test.ts', /run\('refresh', app\)/],
  'npx --no-install rowhouse policy test examples/invoicing --coverage': [
    'test/cli/policy/test.test.ts',
    /policyTestOf\('examples\/invoicing', '--coverage'\)/,
  ],
  'npx --no-install rowhouse documents extract . --from web': [
    'test/cli/documents.test.ts',
    /'documents', 'extract', app, '--from', from/,
  ],
  'npx --no-install rowhouse documents check .': ['test/cli/documents.test.ts', /'documents', 'check', copy/],
  'npx --no-install rowhouse migrate .': ['test/e2e/start.test.ts', /runRowhouse\(\['migrate'/],
}

describe('snippets', () => {
  test('every block says what it is', () => {
    const unknown = blocks.filter(({ language }) => !['ts', 'sql', 'graphql', 'json', 'sh', 'text'].includes(language))
    expect(unknown.map(({ place }) => place)).toEqual([])
    const homeless = blocks.filter(
      ({ language, marks }) => /^(ts|sql|graphql|json)$/.test(language) && (marks.app ?? marks.fixture) === undefined,
    )
    expect(homeless.map(({ place }) => place)).toEqual([])
  })

  describe.each(apps)('app "%s"', (app) => {
    const db = useDatabase()
    const folder = join(scratch, app)

    test('its model loads, type-checks and becomes a database; its queries are valid', async () => {
      writeApp(app, folder)
      const loaded = await loadModel(folder)
      await writeTypes(loaded)
      expect(typeFaults(folder)).toBe('')
      // What is in the database before the app.
      const before = join(folder, 'before.sql')
      if (existsSync(before)) await db().migrator.query(readFileSync(before, 'utf8'))
      await db().applyCatalog(buildCatalog(loaded.model))
      const { schema } = createGraphqlSchema(loaded.model)
      for (const { text, place } of blocks.filter(
        ({ language, marks }) => language === 'graphql' && marks.app === app,
      )) {
        expect(validate(schema, parse(text)), place).toEqual([])
      }
      // Here, and not in a process of its own: that would import the product once more for each app.
      const terminal = recordingTerminal()
      expect(await run(['check', folder], terminal), [...terminal.printed, ...terminal.said].join('\n')).toBe(0)
      if (!hasPolicyTests(app)) return
      const env = { ROWHOUSE_MIGRATE_URL: await serverUrl() }
      const tested = await runRowhouse(['policy', 'test', folder, '--coverage'], { env })
      expect(tested, tested.stdout + tested.stderr).toMatchObject({ code: 0 })
    })

    test.each(blocks.filter(({ marks }) => marks.app === app && marks.prints !== undefined))(
      'rowhouse $marks.prints prints what $place shows',
      async ({ marks, text }) => {
        const env = { ROWHOUSE_MIGRATE_URL: await serverUrl() }
        const told = await runRowhouse([...marks.prints!.split(' '), withMistake(folder, marks.mistake)], { env })
        expect(`${told.stdout}${told.stderr}`.trimEnd()).toBe(text.trimEnd())
      },
    )
  })
})

/** The app, or a copy of it where a mistake is made in its policies: `author > auther`. */
function withMistake(folder: string, mistake: string | undefined): string {
  if (mistake === undefined) return folder
  const [right, wrong] = mistake.split(' > ') as [string, string]
  const copy = join(mkdtempSync(join(scratch, 'mistaken-')), basename(folder))
  cpSync(folder, copy, { recursive: true })
  const files = readdirSync(join(copy, 'policies')).map((file) => join(copy, 'policies', file))
  const file = files.find((each) => each.endsWith('.policy.ts') && readFileSync(each, 'utf8').includes(right))!
  writeFileSync(file, readFileSync(file, 'utf8').replace(right, wrong))
  return copy
}

/** Whether a page tests the rules that it shows: then each of them has to be exercised. */
function hasPolicyTests(app: string): boolean {
  return blocks.some(({ marks }) => marks.app === app && marks.file?.endsWith('.policy.test.ts'))
}

describe('commands', () => {
  const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'))

  test.each([...new Set(lines)])('%s', async (line) => {
    const covered = coveredElsewhere[line]
    if (covered !== undefined) {
      const [file, proof] = covered
      expect(readFileSync(file, 'utf8')).toMatch(proof)
      return
    }
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!)
    expect(words.slice(0, 3)).toEqual(['npx', '--no-install', 'rowhouse'])
    const args = words.slice(3)
    const ended = await runRowhouse(args, { cwd: placeFor(args), env: { ROWHOUSE_DATA: join(scratch, 'data') } })
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  })

  test('scripts that the documents name exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))
    const prose = [...documents, 'CONTRIBUTING.md'].map((path) => readFileSync(path, 'utf8')).join('\n')
    const named = [...prose.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })
})

/** The app of a page's blocks; `invoicing` is the example, which queries may be about. */
function writeApp(app: string, folder: string): void {
  if (app === 'invoicing') cpSync('examples/invoicing', folder, { recursive: true })
  for (const { marks, text } of blocks) {
    if (marks.app !== app || marks.file === undefined) continue
    mkdirSync(dirname(join(folder, marks.file)), { recursive: true })
    writeFileSync(join(folder, marks.file), text)
  }
}

/** `.` in a command is an app: a copy of the example without its migrations. */
function placeFor(args: readonly string[]): string {
  if (!args.includes('.')) return root
  const copy = join(scratch, `copy-${args[0]}`, 'invoicing')
  cpSync('examples/invoicing', copy, { recursive: true })
  rmSync(join(copy, 'migrations'), { recursive: true, force: true })
  return copy
}
