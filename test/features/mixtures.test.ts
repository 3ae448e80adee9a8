import { expect, test } from 'vitest'
import { useWrittenServer } from '../options/written-server.ts'
import { features, type Mixture, ownerOf, pairs, type Targets, target } from './features.ts'
import { mixedApp } from './mixed-app.ts'
import { fullMixture, mixturesOf } from './mixtures.ts'
import { refusedPairs } from './refused-pairs.ts'

const sound = pairs.filter((pair) => refusedPairs[pair.join(' × ')] === undefined)
const mixtures = mixturesOf(sound.filter((pair) => !pair.includes('Self')))
// One entity of an app may be its tenant: with all that goes together with that.
const all = [...mixtures, fullMixture('Self', sound)]

// Compares what was made with the catalog, too.
const app = useWrittenServer(mixedApp(all))

test('every pair of features stands in one of the entities', () => {
  const isTogether = ([a, b]: readonly [string, string]) =>
    mixtures.some((mixture) => mixture.features.includes(a) && mixture.features.includes(b))
  const pairsHere = sound.filter((pair) => !pair.includes('Self'))
  expect(pairsHere.filter((pair) => !isTogether(pair))).toEqual([])
})

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

async function create(entity: string, row: object, fields: string): Promise<Record<string, string>> {
  const text = `mutation ($row: ${entity}Input!) { create${entity}(input: { ${lower(entity)}: $row }) { ${lower(entity)} { ${fields} } } }`
  const { data, errors } = await app().ask(text, { row })
  expect(errors).toEqual([])
  return data[`create${entity}`][lower(entity)]
}

async function targetsOf(mixture: Mixture): Promise<Targets> {
  const [tag, whole] = (['Tag', 'Whole'] as const).map((name) => target(ownerOf(mixture), name))
  const { id: tagId } = await create(tag!, { name: 'A tag' }, 'id')
  const { id: wholeId } = await create(whole!, { name: 'A whole', tagId }, 'id')
  return { tagId: tagId!, wholeId: wholeId!, subject: { [`${lower(tag!)}Id`]: tagId } }
}

test.each(all.map((mixture) => [mixture.features.join(' × '), mixture] as const))(
  '%s: a row is made and listed',
  async (_title, mixture) => {
    const targets = await targetsOf(mixture)
    const parts = mixture.features.map((name) => features[name]!)
    const row = Object.assign(
      { name: 'One', rank: 7 },
      ...parts.map((part) => ({ ...part.input, ...part.leads?.(targets) })),
    )
    expect(await create(mixture.name, row, 'name rank')).toEqual({ name: 'One', rank: 7 })
    const entity = app().model.entities.find(({ name }) => name === mixture.name)!
    const list = lower(entity.plural)
    const { data, errors } = await app().ask(
      `{ ${list}(filter: { rank: { equalTo: 7 } }, orderBy: [NAME_ASC]) { totalCount nodes { name ${parts.map((part) => part.shown ?? '').join(' ')} } } }`,
    )
    expect(errors).toEqual([])
    expect(data[list]).toEqual({
      totalCount: 1,
      nodes: [
        expect.objectContaining({ name: 'One', ...Object.assign({}, ...parts.map((part) => part.answer ?? {})) }),
      ],
    })
  },
)
