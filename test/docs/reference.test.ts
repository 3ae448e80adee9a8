import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeTypes } from '../../cli/app/write-types.ts'
import { buildCatalog } from '../../migrations/index.ts'
import { loadModel } from '../../policies/index.ts'
import { readSettings } from '../../server/config/read-settings.ts'
import { createGraphqlSchema } from '../../server/graphql/create-graphql-schema.ts'
import { loadSeed } from '../../server/seed/load-seed.ts'
import { exampleApp, readExamples } from '../../tools/reference/read-examples.ts'
import { readOptions } from '../../tools/reference/read-options.ts'
import { readSource, resolve, root } from '../../tools/reference/read-sources.ts'
import { builderComplaints, folder, optionComplaints, referenceFiles } from '../../tools/reference/reference-files.ts'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'

const { files, complaints } = await referenceFiles()

mkdirSync(join(root, '.tmp'), { recursive: true })
const scratch = mkdtempSync(join(root, '.tmp', 'reference-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the reference of the language', () => {
  test.each(Object.entries(files))(
    '%s is what the sources say; if it should: node tools/reference.ts',
    (path, text) => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(text)
    },
  )

  test('there is no other page', () => {
    const pages = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
    expect(pages.filter((path) => !(path in files))).toEqual([])
  })

  test('everything that apps import or say has a doc comment, an example and a page', () => {
    expect(complaints).toEqual([])
  })

  test('a second run in this process gives the same bytes', async () => {
    expect((await referenceFiles()).files).toEqual(files)
  })
})

describe('what is missing is told with its place', () => {
  const sourceOf = (text: string) => {
    const path = join(scratch, `options-${text.length}.ts`)
    writeFileSync(path, text)
    return readSource(relative(root, path))
  }

  test('an option without a doc comment, also one that is inherited from what is not exported', () => {
    const source = sourceOf(
      'interface Shared {\n  readonly max?: number\n}\n\n/** Options. */\nexport interface Options extends Shared {\n  /** Said. */\n  readonly min?: number\n  readonly step?: number\n  readonly never?: never\n}\n',
    )
    const options = readOptions(resolve('Options', source)!)
    expect(optionComplaints(options)).toEqual([
      `${source.path}:9: "step" of "Options" has no doc comment.`,
      `${source.path}:2: "max" of "Options" has no doc comment.`,
    ])
    expect(options.refused).toEqual(['never'])
  })

  test('an interface without a doc comment', () => {
    const source = sourceOf('export interface Silent {\n  /** Said. */\n  readonly a: string\n}\n')
    expect(optionComplaints(readOptions(resolve('Silent', source)!))).toEqual([
      `${source.path}:1: "Silent" has no doc comment.`,
    ])
  })

  test('a builder without doc comment, example and page', () => {
    const builder = { name: 'vector', doc: null, place: 'schema/dsl/fields.ts:7' }
    const rest = {
      entry: 'rowhouse/schema',
      call: 'vector()',
      gives: 'Field',
      holds: null,
      variables: [],
      names: [],
    } as const
    expect(builderComplaints({ ...builder, ...rest }, new Map())).toEqual([
      'schema/dsl/fields.ts:7: "vector" has no doc comment.',
      'schema/dsl/fields.ts:7: "vector" has no example: add one below "// reference: vector" in examples/language.',
      'schema/dsl/fields.ts:7: "vector" stands on no page of tools/reference/pages.ts.',
    ])
  })
})

describe('the examples of the reference', () => {
  const db = useDatabase()

  test('type-check, load, and become a database and an API', async () => {
    const app = await loadModel(join(root, exampleApp))
    // Names as the loader knows them; committed, as in any app.
    expect(await writeTypes(app)).toBe(false)
    const run = () =>
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', exampleApp], { cwd: root, encoding: 'utf8' })
    expect(run).not.toThrow()
    await db().migrator.query(readFileSync(join(root, exampleApp, 'before.sql'), 'utf8'))
    await db().applyCatalog(buildCatalog(app.model))
    expect(createGraphqlSchema(app.model).schema.getQueryType()?.getFields()).toHaveProperty('shops')
    const checked = await runRowhouse(['check', exampleApp])
    expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 })
  })

  test('configure, and seed', async () => {
    const { people } = await readSettings({ folder: exampleApp, purpose: 'dev', environment: {} })
    expect(Object.keys(people)).toEqual(['ann'])
    expect(await loadSeed(exampleApp)).not.toBeNull()
  })

  test('are cut out whole', () => {
    const examples = readExamples()
    expect(examples.get('one')).toBe("customer: one('Customer', { onRemove: 'cascade' })")
    expect(examples.get('defineSeed')).toMatch(/^export const seed = defineSeed\([\s\S]*\}\)\)$/)
  })
})
