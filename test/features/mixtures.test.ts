import { expect, test } from 'vitest'
import { type Entity, isRemovable } from '#schema'
import { globex, useWrittenServer } from '../options/written-server.ts'
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
  '%s: a row is made, listed, changed, removed, restored and deleted, and nobody else sees or touches it',
  async (_title, mixture) => {
    const entity = app().model.entities.find(({ name }) => name === mixture.name)!
    const made = await create(mixture.name, await rowOf(mixture), `name rank ${entity.key.join(' ')}`)
    expect(made).toMatchObject({ name: 'One', rank: 7 })
    expect(await listed(entity, mixture)).toEqual({ totalCount: 1, nodes: [answerOf(mixture)] })
    const isOurs = !mixture.features.includes('Global')
    const count = async (who = {}) => (await listed(entity, mixture, who)).totalCount
    expect(await count({ tenant: globex })).toBe(isOurs ? 0 : 1)

    const key = Object.fromEntries(entity.key.map((name) => [name, made[name]]))
    const refusals = (verb: string, input: object, who = {}) => change(entity, verb, { ...key, ...input }, who)
    const isOnlyOurs = async (verb: string, input: object): Promise<void> => {
      if (isOurs) expect(await refusals(verb, input, { tenant: globex })).toEqual(['NOT_FOUND'])
      expect(await refusals(verb, input)).toEqual([])
    }
    if (mixture.features.includes('Immutable')) {
      const verbs = Object.keys(await mutations()).filter((name) => name.endsWith(mixture.name))
      expect(verbs.map((name) => name.slice(0, -mixture.name.length)).sort()).toEqual(['create', 'delete'])
    } else {
      await isOnlyOurs('Update', { patch: { memo: 'Changed' } })
      if (isRemovable(entity)) {
        await isOnlyOurs('Remove', {})
        expect(await count()).toBe(0)
        await isOnlyOurs('Restore', {})
        expect(await count()).toBe(1)
      }
    }
    await isOnlyOurs('Delete', {})
    expect(await count()).toBe(0)
    expect(app().log).toEqual([])
  },
)

const partsOf = (mixture: Mixture) => mixture.features.map((name) => features[name]!)

async function rowOf(mixture: Mixture): Promise<object> {
  const targets = await targetsOf(mixture)
  return Object.assign(
    { name: 'One', rank: 7 },
    ...partsOf(mixture).map((part) => ({ ...part.input, ...part.leads?.(targets) })),
  )
}

function answerOf(mixture: Mixture): object {
  return Object.assign({ name: 'One' }, ...partsOf(mixture).map((part) => part.answer ?? {}))
}

async function listed(entity: Entity, mixture: Mixture, who = {}) {
  const list = lower(entity.plural)
  const shown = partsOf(mixture).map((part) => part.shown ?? '')
  const rows = `${list}(filter: { rank: { equalTo: 7 } }, orderBy: [NAME_ASC])`
  const { data, errors } = await app().ask(`{ ${rows} { totalCount nodes { name ${shown.join(' ')} } } }`, {}, who)
  expect(errors).toEqual([])
  return data[list]
}

/** Codes of what is in the way. */
async function change({ name }: Entity, verb: string, input: object, who: object): Promise<readonly string[]> {
  const text = `mutation ($input: ${verb}${name}Input!) { ${lower(verb)}${name}(input: $input) { clientMutationId } }`
  return (await app().ask(text, { input }, who)).errors.map(({ extensions }) => extensions.code)
}

async function mutations(): Promise<Readonly<Record<string, unknown>>> {
  const { data } = await app().ask('{ __type(name: "Mutation") { fields(includeDeprecated: true) { name } } }')
  return Object.fromEntries(data.__type.fields.map(({ name }: { name: string }) => [name, true]))
}
