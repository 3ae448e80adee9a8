import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { loadModel, modelJson } from '#policies'
import { modelSchemaText } from '../../tools/model-schema/model-schema-text.ts'
import { publishedManifest } from '../../tools/package/published-manifest.ts'

const committed = readFileSync('schema/model/model.schema.json', 'utf8')
const schema = JSON.parse(committed) as { readonly $defs: Readonly<Record<string, object>> }
const apps = [
  'examples/invoicing',
  'cli/new/template',
  ...readdirSync('test/fixtures/apps').map((name) => `test/fixtures/apps/${name}`),
]

test('the committed file is what the types of the model are; if it should: node tools/model-schema.ts', () => {
  expect(modelSchemaText()).toBe(committed)
})

test('every property in it says what it means', () => {
  const silent: string[] = []
  let count = 0
  const visit = (node: unknown, path: readonly string[]): void => {
    if (typeof node !== 'object' || node === null) return
    const { properties } = node as { readonly properties?: Readonly<Record<string, { readonly description?: string }>> }
    for (const [name, { description = '' }] of Object.entries(properties ?? {})) {
      count += 1
      if (!/^[^a-z].*\.$/su.test(description)) silent.push([...path, name].join('.'))
    }
    for (const [key, inner] of Object.entries(node)) visit(inner, key === 'properties' ? path : [...path, key])
  }
  visit(schema.$defs, [])
  expect(silent).toEqual([])
  expect(count).toBeGreaterThan(300)
})

test('it is a sound schema of 2020-12 and accepts every app', async () => {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    discriminator: true,
  })
  expect(ajv.validateSchema(schema)).toBe(true)
  const accepts = ajv.compile(schema)
  for (const app of apps) {
    accepts(JSON.parse(modelJson((await loadModel(app)).model)))
    expect(accepts.errors, app).toBe(null)
  }
  expect(accepts({ version: 1, app: 'shop' })).toBe(false)
})

test('validators that know nothing of `discriminator` accept the same', async () => {
  const accepts = new Ajv2020({ strict: false }).compile(schema)
  accepts(JSON.parse(modelJson((await loadModel('test/fixtures/apps/sheets')).model)))
  expect(accepts.errors).toBe(null)
})

test('the package exports it from where the build puts it', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const name = './model.schema.json'
  expect(readFileSync(join('.', manifest.exports[name]), 'utf8')).toBe(committed)
  const { exports } = publishedManifest(manifest) as { exports: Record<string, unknown> }
  expect(exports[name]).toBe('./dist/schema/model/model.schema.json')
  expect(exports['./package.json']).toBe('./package.json')
})
