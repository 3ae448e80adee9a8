import { beforeAll, describe, expect, test } from 'vitest'
import { useWrittenServer } from '../options/written-server.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const app = useWrittenServer(
  entitiesOnly(`
export const Shelf = entity('Shelf', { fields: { name: string() }, relations: { jars: many('Jar', { by: 'shelf' }) } })
export const Jar = entity('Jar', {
  fields: { name: string(), weight: float({ optional: true }), share: float({ optional: true, column: { type: 'real' } }), at: datetime({ optional: true }), bare: datetime({ optional: true, column: { type: 'timestamp(3)' } }), whole: datetime({ optional: true, column: { type: 'timestamptz(0)' } }) },
  relations: { shelf: one('Shelf') },
})`),
)

let shelf = ''

async function ok(query: string, variables = {}): Promise<ReturnType<typeof JSON.parse>> {
  const { data, errors } = await app().ask(query, variables)
  expect(errors).toEqual([])
  return data
}

const makeJar = 'mutation ($jar: JarInput!) { createJar(input: { jar: $jar }) { id } }'

beforeAll(async () => {
  const made = await ok('mutation { createShelf(input: { shelf: { name: "s" } }) { id } }')
  shelf = made.createShelf.id
  const rows = [
    ...[1.7976931348623157e308, 1.7976931348623157e308].map((weight) => ({ name: 'large', weight, share: 3.4e38 })),
    ...[-1.7976931348623157e308, -1e308].map((weight) => ({ name: 'below', weight, share: -3.4e38 })),
    ...[5e-324, 0].map((weight) => ({ name: 'small', weight, share: 1e-38 })),
    ...[1.5, 2.25, 3].map((weight) => ({ name: 'usual', weight, share: 0.5 })),
    { name: 'none' },
  ]
  for (const jar of rows) await ok(makeJar, { jar: { ...jar, shelfId: shelf } })
})

const computed = ['sum', 'average', 'stddevSample', 'stddevPopulation', 'varianceSample', 'variancePopulation']
const totals = `{ ${computed.map((name) => `${name} { weight share }`).join(' ')} }`

describe('rows far out keep nobody from totals of floats', () => {
  test('which are null where they are out of range, and zero where too small', async () => {
    const of = async (name: string) =>
      (
        await ok(`query ($name: String!) { jars(filter: { name: { equalTo: $name } }) { aggregates ${totals} } }`, {
          name,
        })
      ).jars.aggregates
    expect(await of('large')).toMatchObject({
      sum: { weight: null, share: 6.8e38 },
      average: { weight: 1.7976931348623157e308 },
      stddevSample: { weight: 0 },
    })
    expect(await of('below')).toMatchObject({ sum: { weight: null }, varianceSample: { weight: null } })
    expect(await of('small')).toMatchObject({
      sum: { weight: 5e-324 },
      average: { weight: 0 },
      variancePopulation: { weight: 0 },
    })
    expect(await of('usual')).toMatchObject({
      sum: { weight: 6.75, share: 1.5 },
      average: { weight: 2.25, share: 0.5 },
      varianceSample: { weight: 0.5625 },
      stddevPopulation: { weight: Math.sqrt(0.375) },
    })
    expect(await of('none')).toMatchObject({ sum: { weight: 0 }, average: { weight: null } })
  })

  test('of groups, in filters and orders too', async () => {
    const grouped = await ok(
      `{ jars { groupedAggregates(groupBy: [NAME], having: { sum: { weight: { greaterThan: 1 } } }) { keys ${totals.slice(1)} } }`,
    )
    expect(grouped.jars.groupedAggregates).toMatchObject([{ keys: ['usual'], sum: { weight: 6.75 } }])
    const some = `shelves(filter: { jars: { aggregates: { variancePopulation: { weight: { lessThan: 1 } } } } }) { totalCount }`
    const ordered = `ordered: shelves(orderBy: [JARS_SUM_WEIGHT_ASC]) { nodes { jars { aggregates { sum { weight } } } } }`
    expect(await ok(`{ ${some} ${ordered} }`)).toMatchObject({ shelves: { totalCount: 0 } })
  })
})

describe('an instant has a year of four digits, in UTC too', () => {
  const beyond = [
    '9999-12-31T23:59:59-14:00',
    '9999-12-31T23:59:59-00:01',
    '0001-01-01T00:00:00+14:00',
    '0001-01-01T00:00+0001',
  ]
  test.each(beyond)('%s is refused', async (instant) => {
    for (const field of ['at', 'bare']) {
      const { errors } = await app().ask(makeJar, { jar: { name: 'x', shelfId: shelf, [field]: instant } })
      expect(errors[0]!.extensions.code).toBe('VALIDATION')
      const filter = { [field]: { greaterThan: instant } }
      const found = await app().ask('query ($filter: JarFilter) { jars(filter: $filter) { totalCount } }', { filter })
      expect(found.errors[0]!.message).toContain('This is no "Datetime"')
    }
  })

  test.each([
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999+00:00'],
    ['9999-12-31T23:59:59+14:00', '9999-12-31T09:59:59.000000+00:00'],
    ['0001-01-01T00:00:00-14:00', '0001-01-01T14:00:00.000000+00:00'],
    ['0001-01-01', '0001-01-01T00:00:00.000000+00:00'],
  ])('%s comes back as it is', async (instant, read) => {
    const { createJar } = await ok(makeJar, { jar: { name: 'x', shelfId: shelf, at: instant } })
    const { jar } = await ok('query ($id: UUID!) { jar(id: $id) { at } }', { id: createJar.id })
    expect(jar.at).toBe(read)
    const deleted = 'mutation ($id: UUID!) { deleteJar(input: { id: $id }) { id } }'
    await ok(deleted, { id: createJar.id })
  })

  test.each([
    ['bare', '9999-12-31T23:59:59.9999Z'],
    ['bare', '9999-12-31T23:59:59.9995Z'],
    ['bare', '9999-12-31T23:59:59.999500z'],
    ['bare', '9999-12-31T22:59:59.9999-01:00'],
    ['whole', '9999-12-31T23:59:59.5Z'],
    ['whole', '9999-12-31T13:59:59.999999-1000'],
  ])('%s is not stored where it would be rounded out of it: %s', async (field, instant) => {
    const { errors } = await app().ask(makeJar, { jar: { name: 'x', shelfId: shelf, [field]: instant } })
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'VALIDATION', fields: [field] }])
    const { createJar } = await ok(makeJar, { jar: { name: 'x', shelfId: shelf } })
    const update = 'mutation ($id: UUID!, $patch: JarPatch!) { updateJar(input: { id: $id, patch: $patch }) { id } }'
    const changed = await app().ask(update, { id: createJar.id, patch: { [field]: instant } })
    expect(changed.errors.map(({ extensions }) => extensions)).toEqual([{ code: 'VALIDATION', fields: [field] }])
    const all = await ok(`{ jars(filter: { ${field}: { isNull: false } }) { nodes { ${field} } } }`)
    expect(JSON.stringify(all)).not.toContain('10000')
  })

  test.each([
    ['bare', '9999-12-31T23:59:59.9994Z', '9999-12-31T23:59:59.999+00:00'],
    ['bare', '9999-12-31T23:59:59.9985Z', '9999-12-31T23:59:59.999+00:00'],
    ['bare', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59+00:00'],
    ['bare', '9999-12-30T23:59:59.9999Z', '9999-12-31T00:00:00+00:00'],
    ['whole', '9999-12-31T23:59:59.499999Z', '9999-12-31T23:59:59+00:00'],
  ])('%s holds what is rounded within it: %s', async (field, instant, read) => {
    const { createJar } = await ok(makeJar, { jar: { name: 'x', shelfId: shelf, [field]: instant } })
    const { jar } = await ok(`query ($id: UUID!) { jar(id: $id) { ${field} } }`, { id: createJar.id })
    expect(Date.parse(jar[field])).toBe(Date.parse(read))
    expect(jar[field].slice(0, 19)).toBe(read.slice(0, 19))
  })
})
