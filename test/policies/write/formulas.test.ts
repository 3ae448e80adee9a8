import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { loadModel, modelJson, printApp, readModelJson } from '#policies'
import type { Computed, Entity, Expression, Model } from '#schema'
import { writeTypes } from '../../../cli/app/write-types.ts'
import { conditions, expressions, type Kind, typesOf } from '../../formulas/generate.ts'
import { allow, notShown } from '../../support/model.ts'
import { typeFaults } from '../../support/type-check.ts'

/** Inside the repository, so that `rowhouse/…` resolves; git ignores it. */
mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'formulas-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const { model } = await loadModel('test/fixtures/apps/baskets')
const kinds: readonly Kind[] = ['int', 'decimal', 'money', 'text', 'boolean', 'date', 'datetime']
const seed = 20261

function sample<T>(arbitrary: fc.Arbitrary<T>, numRuns: number): readonly T[] {
  return fc.sample(arbitrary, { numRuns, seed })
}

/** Two rules that say the same are refused. */
function distinct<T>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()]
}

function computed(name: string, kind: Kind, expression: Expression): Computed {
  return { ...notShown, name, type: typesOf[kind], optional: true, stored: false, expression }
}

/** The app with more computed fields and rules. */
function grown(count: number): Model {
  const more = kinds.flatMap((kind) =>
    sample(expressions(kind, 'Basket'), count).map((each, at) => computed(`${kind}${at}`, kind, each)),
  )
  const rules = distinct(sample(conditions('Basket', 3), count)).map((where, at) =>
    allow(`rule ${at}`, 'keeper', ['read'], { where }),
  )
  const withMore = (entity: Entity): Entity =>
    entity.name === 'Basket' ? { ...entity, computed: [...entity.computed, ...more] } : entity
  return {
    ...model,
    entities: model.entities.map(withMore),
    policies: model.policies.map((each) => (each.entity === 'Basket' ? { ...each, rules } : each)),
  }
}

test('whatever formulas and conditions a model has, reading what was written gives it back', () => {
  const text = modelJson(grown(60))
  expect(modelJson(readModelJson(text).model)).toBe(text)
})

test('and so does its TypeScript, which compiles', async () => {
  const given = grown(25)
  const folder = join(scratch, given.app)
  for (const [path, text] of Object.entries(printApp(given))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const loaded = await loadModel(folder, { app: given.app })
  expect(modelJson(loaded.model)).toBe(modelJson(given))
  await writeTypes(loaded)
  expect(typeFaults(folder)).toBe('')
})
