import { beforeAll, describe, expect, test } from 'vitest'
import { extremeMarks, extremes, useGaugesServer } from './gauges.ts'
import { cleo } from './sheets.ts'

const gauges = useGaugesServer()

const as = (role: string) => gauges().token({ sub: cleo, roles: [role], claims: {} })

/** Computed fields of the app, with a value to filter by. */
const computed: Readonly<Record<string, string>> = {
  sizeSum: '1',
  sizeProduct: '1',
  sizeQuotient: '1',
  fewSum: '1',
  serialSum: '"1"',
  serialWide: '"1"',
  waitTwice: '1',
  centsTwice: '"1"',
  priceMany: '"1"',
  priceAsRate: '"1"',
  ratioSum: '1',
  ratioProduct: '1',
  ratioQuotient: '1',
  ratioExact: '"1"',
  laterDays: '"2026-01-01"',
  laterMonths: '"2026-01-01"',
  laterOrNever: '"2026-01-01"',
  afterMinutes: '"2026-01-01T00:00:00Z"',
  afterHours: '"2026-01-01T00:00:00Z"',
  afterMonths: '"2026-01-01T00:00:00Z"',
  dayThere: '"2026-01-01"',
  weekThere: '"2026-01-01T00:00:00Z"',
  yearThere: '"2026-01-01T00:00:00Z"',
  daysApart: '1',
  minutesApart: '1',
  minutesWide: '"1"',
  year: '1',
  markSum: '1',
  markWide: '"1"',
  markCount: '1',
  markRatio: '1',
  markAverage: '"1"',
  markNotes: '"a"',
  chained: '1',
}
const names = Object.keys(computed)

async function create(label: string, values: object): Promise<string> {
  const { data, errors } = await gauges().ask(
    'mutation ($input: CreateGaugeInput!) { createGauge(input: $input) { gauge { id } } }',
    { input: { gauge: { label, ...values } } },
    await as('clerk'),
  )
  expect(errors).toEqual([])
  return data.createGauge.gauge.id as string
}

beforeAll(async () => {
  await create('usual', {})
  for (const [label, values] of Object.entries(extremes)) await create(label, values)
  for (const [label, marks] of Object.entries(extremeMarks)) {
    const gaugeId = await create(label, {})
    for (const mark of marks) {
      const { errors } = await gauges().ask(
        'mutation ($input: CreateMarkInput!) { createMark(input: $input) { clientMutationId } }',
        { input: { mark: { ...mark, gaugeId } } },
        await as('clerk'),
      )
      expect(errors).toEqual([])
    }
  }
})

describe('what one caller stores makes no list of another fail', () => {
  test.each(names)('%s is read', async (name) => {
    const { data, errors } = await gauges().ask(`{ gauges { nodes { label ${name} } } }`, null, await as('boss'))
    expect(errors).toEqual([])
    expect(data.gauges.nodes.length).toBeGreaterThan(20)
    const usual = data.gauges.nodes.find((each: { label: string }) => each.label === 'usual')[name]
    // Of no rows there is no average.
    expect(usual === null).toBe(name === 'markAverage')
  })

  test.each(names)('%s is filtered, ordered and counted by', async (name) => {
    const order = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    const { errors } = await gauges().ask(
      `{ filtered: gauges(filter: { ${name}: { notEqualTo: ${computed[name]} } }) { totalCount }
         ordered: gauges(orderBy: [${order}_DESC]) { nodes { label } } }`,
      null,
      await as('boss'),
    )
    expect(errors).toEqual([])
  })

  test('by name: what is out of range is null, and the rest exact', async () => {
    const { data } = await gauges().ask(`{ gauges { nodes { label ${names.join(' ')} } } }`, null, await as('boss'))
    const of = (label: string) => data.gauges.nodes.find((each: { label: string }) => each.label === label)
    expect(of('whole numbers')).toMatchObject({
      sizeSum: null,
      sizeProduct: null,
      sizeQuotient: null,
      serialWide: '4611686014132420609',
      laterDays: null,
      laterOrNever: '9999-12-31',
      afterMinutes: expect.stringMatching(/^6109-/),
      afterHours: null,
      chained: null,
    })
    expect(of('one above, one below')).toMatchObject({ sizeSum: -1, serialWide: '-4611686016279904256' })
    expect(of('numbers of 64 bits')).toMatchObject({ serialSum: null })
    expect(of('durations')).toMatchObject({ waitTwice: null })
    expect(of('cents')).toMatchObject({ centsTwice: null })
    expect(of('amounts')).toMatchObject({ priceMany: '99999999999999999990000.00' })
    expect(of('large floats')).toMatchObject({ ratioSum: null, ratioProduct: null, ratioQuotient: 1 })
    expect(of('floats of two signs')).toMatchObject({ ratioSum: -7.976931348623157e307, ratioProduct: null })
    expect(of('small floats')).toMatchObject({ ratioProduct: 0 })
    expect(of('a large by a small float')).toMatchObject({ ratioQuotient: null })
    expect(of('a small by a large float')).toMatchObject({ ratioQuotient: 0 })
    expect(of('no float at all')).toMatchObject({ ratioQuotient: null, ratioProduct: 0 })
    expect(of('the last day')).toMatchObject({
      laterDays: null,
      laterMonths: null,
      laterOrNever: '9999-12-31',
      dayThere: '9999-12-31',
      year: 9999,
    })
    expect(of('the first day')).toMatchObject({ laterDays: null, yearThere: '0001-01-01T00:00:00.000000+00:00' })
    expect(of('a thousand years on')).toMatchObject({ laterMonths: null, laterDays: expect.stringMatching(/^30\d\d-/) })
    expect(of('marks that are large')).toMatchObject({
      markSum: null,
      markWide: '4294967294',
      markRatio: null,
      markCount: 2,
    })
    expect(of('marks that are small')).toMatchObject({ markSum: null, markRatio: 0 })
    expect(of('usual')).toMatchObject({ sizeSum: 2, markSum: 0, ratioSum: 2, ratioQuotient: 1, chained: 1 })
  })
})

describe('what nobody knows is null, not the answer for a value that is not there', () => {
  const one = async (label: string, fields: string) => {
    const { data, errors } = await gauges().ask(
      `query ($label: String!) { gauges(filter: { label: { equalTo: $label } }) { nodes { ${fields} } } }`,
      { label },
      await as('boss'),
    )
    expect(errors).toEqual([])
    expect(data.gauges.nodes).toHaveLength(1)
    return data.gauges.nodes[0]
  }
  const unknown = (fields: string) => Object.fromEntries(fields.split(' ').map((name) => [name, null]))

  const ofRow = 'kindUnless kindNot kindOver isUnusual isLarge'
  test('cases and tests over a field of the row', async () => {
    expect(await one('whole numbers', ofRow)).toEqual(unknown(ofRow))
    const usual = { kindUnless: 'usual', kindNot: 'small', kindOver: 'small', isUnusual: false, isLarge: false }
    expect(await one('usual', ofRow)).toEqual(usual)
    const far = { kindUnless: 'unusual', kindNot: 'large', kindOver: 'large', isUnusual: true, isLarge: true }
    expect(await one('a thousand years on', ofRow)).toEqual(far)
  })

  const values = 'doubledSum doubledAverage doubledKinds'
  const lists = `notesUnless countUnless countNot countOver hasUnless hasOver firstUnless firstOver`
  test.each<readonly [string, object]>([
    ['marks that are large', unknown(`${values} ${lists}`)],
    ['a mark in doubt, between others', { ...unknown(`${values} ${lists}`), hasUnless: true, hasOver: true }],
    ['a mark in doubt, among small ones', unknown(`${values} ${lists}`)],
    [
      'a mark in doubt, last',
      { ...unknown(`${values} ${lists}`), hasUnless: true, hasOver: true, firstUnless: 'a', firstOver: 'a' },
    ],
    [
      'marks without doubt',
      {
        ...{ doubledSum: '16', doubledAverage: '5.33', doubledKinds: 2, notesUnless: 'b, c', countUnless: 2 },
        ...{ countNot: 1, countOver: 2, hasUnless: true, hasOver: true, firstUnless: 'b', firstOver: 'b' },
      },
    ],
  ])('lists of %s', async (label, expected) => {
    expect(await one(label, `${values} ${lists}`)).toEqual(expected)
  })
})

test('parts of value objects and ends of periods are read, also through rows', async () => {
  const id = await create('held', {
    place: { city: 'Bonn', floor: 3 },
    spare: { city: 'Kiel', floor: 7 },
    lent: { from: '2026-01-01', to: '2026-01-31' },
    rented: { from: '2026-01-01T00:00:00Z' },
  })
  const { errors: refused } = await gauges().ask(
    'mutation ($input: CreateMarkInput!) { createMark(input: $input) { clientMutationId } }',
    { input: { mark: { gaugeId: id } } },
    await as('clerk'),
  )
  expect(refused).toEqual([])
  const names = 'label where floorThere lentFrom lentTo lentDays rentedTo highestMark'
  const { data, errors } = await gauges().ask(
    `{ held: gauge(id: "${id}") { ${names} } usual: gauges(filter: { lentFrom: { isNull: true } }, orderBy: [WHERE_ASC]) { nodes { ${names} } } }`,
    null,
    await as('boss'),
  )
  expect(errors).toEqual([])
  expect(data.held).toEqual({
    label: 'held',
    where: 'Bonn 3 Kiel',
    floorThere: 7,
    lentFrom: '2026-01-01',
    lentTo: '2026-01-31',
    lentDays: 30,
    rentedTo: null,
    highestMark: 3,
  })
  expect(data.usual.nodes[0]).toMatchObject({ where: 'Ulm 0 ', floorThere: null, lentFrom: null, highestMark: null })
})

test('a value in a request that no number holds is the caller’s, though it only reads', async () => {
  const filters = ['serial: { equalTo: "99999999999999999999" }', 'cents: { lessThan: "99999999999999999999" }']
  for (const filter of filters) {
    const { errors } = await gauges().ask(`{ gauges(filter: { ${filter} }) { totalCount } }`, null, await as('boss'))
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION'])
  }
})

describe('in rules, what is out of range is not known', () => {
  const labels = async (role: string): Promise<readonly string[]> => {
    const { data, errors } = await gauges().ask('{ gauges { nodes { label } } }', null, await as(role))
    expect(errors).toEqual([])
    return data.gauges.nodes.map(({ label }: { label: string }) => label)
  }

  test('an allow does not hold of it', async () => {
    const seen = await labels('auditor')
    expect(seen).toContain('usual')
    for (const label of ['whole numbers', 'large floats', 'the last day', 'marks that are large'])
      expect(seen).not.toContain(label)
  })

  test('nor does one that names it behind `not` or `notIn`', async () => {
    const seen = await labels('guard')
    expect(seen).toContain('usual')
    expect(seen).toContain('durations')
    for (const label of ['whole numbers', 'whole numbers below', 'one above, one below', 'the first day, far back'])
      expect(seen).not.toContain(label)
  })

  test.each(['remove', 'delete'])(
    'a deny to %s holds of it, whether it names what is large or excuses what is small',
    async (verb) => {
      const { data } = await gauges().ask('{ gauges { nodes { id label } } }', null, await as('boss'))
      const idOf = (label: string) => data.gauges.nodes.find((each: { label: string }) => each.label === label).id
      const act = async (label: string) => {
        const name = `${verb}Gauge`
        const text = `mutation { ${name}(input: { id: "${idOf(label)}" }) { clientMutationId } }`
        const { errors } = await gauges().ask(text, null, await as('warden'))
        return errors.map(({ extensions }) => extensions.code)
      }
      for (const label of ['whole numbers', 'whole numbers below']) expect(await act(label)).toEqual(['FORBIDDEN'])
      const made = await create(`to ${verb}`, {})
      expect(made).not.toBe('')
      const { errors } = await gauges().ask(
        `mutation { ${verb}Gauge(input: { id: "${made}" }) { clientMutationId } }`,
        null,
        await as('warden'),
      )
      expect(errors).toEqual([])
    },
  )
})
