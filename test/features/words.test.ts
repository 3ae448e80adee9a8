import { expect, test } from 'vitest'
import { buildCatalog, explainer, nameOfObject, objectsOf } from '#migrations'
import { loadModel, modelJson, printApp, readModelJson } from '#policies'
import { partAt } from '../migrations/why/part-at.ts'
import { modelOf, withApp } from '../schema/written-app.ts'
import { pairs } from './features.ts'
import { mixedApp } from './mixed-app.ts'
import { fullMixture, mixturesOf } from './mixtures.ts'
import { refusedPairs } from './refused-pairs.ts'

const sound = pairs.filter((pair) => refusedPairs[pair.join(' × ')] === undefined)
const mixtures = [...mixturesOf(sound.filter((pair) => !pair.includes('Self'))), fullMixture('Self', sound)]
const model = await modelOf(mixedApp(mixtures))

test('mixtures as JSON are read as they were written', () => {
  const text = modelJson(model)
  expect(modelJson(readModelJson(text).model)).toBe(text)
})

test('mixtures written as TypeScript are the same model', async () => {
  const written = await withApp(printApp(model), async (folder) => (await loadModel(folder, { app: model.app })).model)
  expect(JSON.parse(modelJson(written))).toEqual(JSON.parse(modelJson(model)))
})

test('every object of mixtures has a reason that names an existing part', () => {
  const catalog = buildCatalog(model)
  const explain = explainer(model, catalog)
  for (const object of objectsOf(catalog)) {
    const name = nameOfObject(object)
    const { sentences, paths } = explain(object)
    expect(sentences.length, name).toBeGreaterThan(0)
    for (const sentence of sentences) {
      expect(sentence, name).toMatch(/[.!?"]$/)
      expect(sentence, name).not.toMatch(/undefined|\[object|\bnull\b(?! while)| {2}| ,|^$/)
    }
    expect(paths.length, name).toBeGreaterThan(0)
    for (const path of paths) expect(partAt(model, path), `${name}: ${path.join('.')}`).toBeDefined()
  }
})
