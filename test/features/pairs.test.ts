import { describe, expect, test } from 'vitest'
import { buildCatalog, renderCatalog } from '#migrations'
import { modelOf, reportOf } from '../schema/written-app.ts'
import { type Mixture, mixtureOf, type Pair, pairs } from './features.ts'
import { mixedApp, mixtureAt } from './mixed-app.ts'
import { refusedPairs, refusedTrios } from './refused-pairs.ts'

const keyOf = (pair: readonly string[]) => pair.join(' × ')
// Of `tenant: 'self'` an app has one entity, so that each of its pairs is an app.
const alone = pairs.filter((pair) => pair.includes('Self'))
const together = pairs.filter((pair) => !pair.includes('Self'))
const isSound = (pair: Pair) => refusedPairs[keyOf(pair)] === undefined

/** Codes by pair, of those that have any. */
async function refusalsOf(mixtures: readonly Mixture[]): Promise<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {}
  for (const { code, at } of await reportOf(mixedApp(mixtures))) {
    const mixture = at?.file === 'schema/all.entity.ts' ? mixtureAt(mixtures, at.line) : null
    const key = mixture === null ? `somewhere ${at?.file}:${at?.line}` : keyOf(mixture.features)
    found[key] = [...(found[key] ?? []), code]
  }
  return found
}

const expectedOf = (some: readonly Pair[]) =>
  Object.fromEntries(some.filter((pair) => !isSound(pair)).map((pair) => [keyOf(pair), refusedPairs[keyOf(pair)]]))

test('every two features of an entity go together, or are refused with a code and a place', async () => {
  expect(await refusalsOf(together.map(mixtureOf))).toEqual(expectedOf(together))
})

test('what unique values need to expire is told', async () => {
  const found = await refusalsOf(refusedTrios.map(mixtureOf))
  expect(found).toEqual(Object.fromEntries(refusedTrios.map((trio) => [keyOf(trio), ['EXPIRES_UNIQUE_KEPT']])))
})

describe('what goes together', () => {
  test('becomes a catalog and its SQL', async () => {
    const sound = together.filter(isSound)
    const catalog = buildCatalog(await modelOf(mixedApp(sound.map(mixtureOf))))
    expect(catalog.tables.length).toBeGreaterThan(sound.length)
    expect(renderCatalog(catalog)).not.toMatch(/undefined|\[object/)
  })
})

test('a row that is its tenant goes together with every other feature, or is refused', async () => {
  const found: Record<string, readonly string[]> = {}
  for (const pair of alone) Object.assign(found, await refusalsOf([mixtureOf(pair)]))
  expect(found).toEqual(expectedOf(alone))
})

test('no pair is said to be refused that there is not', () => {
  const known = new Set(pairs.map(keyOf))
  expect(Object.keys(refusedPairs).filter((key) => !known.has(key))).toEqual([])
})
