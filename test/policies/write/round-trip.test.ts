import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadModel, modelJson, printApp, readModelJson } from '#policies'
import { writeTypes } from '../../../cli/app/write-types.ts'
import { typeFaults } from '../../support/type-check.ts'

/** Every app of the repository goes to JSON and back, and to TypeScript and back. */
const apps = [
  'examples/invoicing',
  'cli/new/template',
  ...readdirSync('test/fixtures/apps').map((name) => `test/fixtures/apps/${name}`),
]

/** Inside the repository, so that `rowhouse/…` resolves; git ignores it. */
mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'round-trip-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Loads an app beside the files that it runs, and what these import: a model only names them, and nobody prints them. */
async function loadWithBodies(folder: string, app: string, name: string) {
  const printed = new Set([...readdirSync(folder), 'migrations'])
  const bodies = readdirSync(app).filter((each) => !printed.has(each) && statSync(join(app, each)).isDirectory())
  for (const each of bodies) cpSync(join(app, each), join(folder, each), { recursive: true })
  const loaded = await loadModel(folder, { app: name })
  for (const each of bodies) rmSync(join(folder, each), { recursive: true })
  return loaded
}

describe.each(apps)('%s', (app) => {
  test('a model in JSON is read as it was written', async () => {
    const text = modelJson((await loadModel(app)).model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
  })

  test('its TypeScript written back gives the same model, and compiles', async () => {
    const { model } = await loadModel(app)
    const folder = join(scratch, model.app)
    for (const [path, text] of Object.entries(printApp(model))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const loaded = await loadWithBodies(folder, app, model.app)
    expect(modelJson(loaded.model)).toBe(modelJson(model))
    await writeTypes(loaded)
    expect(typeFaults(folder)).toBe('')
  })
})
