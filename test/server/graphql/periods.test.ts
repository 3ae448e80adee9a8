import { describe, expect, test } from 'vitest'
import { lodgeId, tenants, useLodge } from '../lodge.ts'

const lodge = useLodge()
const host = { role: 'host' } as const

const create = `mutation ($booking: BookingInput!) {
  createBooking(input: { booking: $booking }) { id booking { stay { from to } cleaning { from to } } }
}`
const update = `mutation ($id: UUID!, $patch: BookingPatch!) {
  updateBooking(input: { id: $id, patch: $patch }) { booking { stay { from to } cleaning { from to } } }
}`
const found = `query ($filter: BookingFilter) { bookings(filter: $filter, orderBy: [ID_ASC]) { nodes { id } } }`
const seeded = { id: { in: [1, 2, 3, 4].map((n) => lodgeId('booking', n)) } }

/** Makes a cancelled booking, which stands in nobody's way. */
async function book(values: object) {
  const booking = { roomId: lodgeId('room', 1), cancelled: true, ...values }
  return lodge().ask(host, create, { booking })
}

/** The seeded bookings that a filter finds, by number. */
async function numbers(filter: object): Promise<string> {
  const { data, errors } = await lodge().ask(host, found, { filter: { ...seeded, ...filter } })
  expect(errors).toEqual([])
  return data.bookings.nodes.map(({ id }: { id: string }) => id.at(-1)).join('')
}

describe('days', () => {
  test('the last day belongs to the period; stored it ends before the day after', async () => {
    const { data, errors } = await book({ stay: { from: '2027-01-30', to: '2027-02-01' } })
    expect(errors).toEqual([])
    expect(data.createBooking.booking).toEqual({ stay: { from: '2027-01-30', to: '2027-02-01' }, cleaning: null })
    const { rows } = await lodge().database.asOwner((client) =>
      client.query('select stay::text from app.booking where id = $1', [data.createBooking.id]),
    )
    expect(rows).toEqual([{ stay: '[2027-01-30,2027-02-02)' }])
  })

  test.each([
    ['one day', { from: '2027-01-30', to: '2027-01-30' }],
    ['the last day that there is', { from: '2027-01-30', to: '9999-12-31' }],
    ['no beginning', { from: null, to: '0001-01-01' }],
    ['no end', { from: '2028-02-29', to: null }],
    ['always', { from: null, to: null }],
  ])('%s comes back as it was given', async (_, stay) => {
    const { data, errors } = await book({ stay })
    expect(errors).toEqual([])
    expect(data.createBooking.booking.stay).toEqual(stay)
  })

  test('an end that is left out is open', async () => {
    const { data } = await book({ stay: { from: '2027-01-30' } })
    expect(data.createBooking.booking.stay).toEqual({ from: '2027-01-30', to: null })
  })

  test('a last day before the first is refused, and the field is named', async () => {
    const { errors } = await book({ stay: { from: '2027-01-30', to: '2027-01-29' } })
    expect(errors[0]).toMatchObject({
      message: '"stay" ends before it begins.',
      extensions: { code: 'VALIDATION', fields: ['stay'] },
    })
  })

  test('a day that is none is refused before it reaches the database', async () => {
    const { errors } = await book({ stay: { from: '2027-02-30', to: null } })
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })
})

describe('instants', () => {
  const at = (from: string | null, to: string | null) => ({ stay: { from: '2027-01-01' }, cleaning: { from, to } })

  test.each([
    [{ from: '2027-01-01T09:00:00Z', to: '2027-01-01T10:00:00Z' }],
    [{ from: '2027-01-01T09:00:00.000001Z', to: '2027-01-01T09:00:00.000002Z' }],
    [{ from: '2027-01-01 09:00', to: '2027-01-01T10:00:00+00:30' }],
    [{ from: '2027-01-01', to: null }],
    [{ from: null, to: '2027-01-01T23:30:00-01' }],
  ])('%j comes back to the microsecond', async (cleaning) => {
    const { data, errors } = await book(at(cleaning.from, cleaning.to))
    expect(errors).toEqual([])
    const back = data.createBooking.booking.cleaning
    for (const end of ['from', 'to'] as const) expect(micro(back[end])).toBe(micro(cleaning[end]))
  })

  test.each([
    ['an end before the beginning', '2027-01-01T10:00:00Z', '2027-01-01T09:00:00Z'],
    ['no time at all', '2027-01-01T10:00:00Z', '2027-01-01T10:00:00Z'],
    ['no time at all in two zones', '2027-01-01T10:00:00Z', '2027-01-01T12:00:00+02:00'],
    ['an end a microsecond before', '2027-01-01T10:00:00.000002Z', '2027-01-01T10:00:00.000001Z'],
  ])('%s is refused, and the field is named', async (_, from, to) => {
    const { errors } = await book(at(from, to))
    expect(errors[0]?.extensions).toEqual(expect.objectContaining({ code: 'VALIDATION', fields: ['cleaning'] }))
  })

  test('a patch replaces the whole period, or removes an optional one', async () => {
    const { data } = await book(at('2027-01-01T09:00:00Z', '2027-01-01T10:00:00Z'))
    const { id } = data.createBooking
    const open = await lodge().ask(host, update, { id, patch: { cleaning: { from: '2027-03-01T00:00:00Z' } } })
    expect(open.data.updateBooking.booking.cleaning.to).toBeNull()
    const none = await lodge().ask(host, update, { id, patch: { cleaning: null } })
    expect(none.data.updateBooking.booking.cleaning).toBeNull()
    const { errors } = await lodge().ask(host, update, { id, patch: { stay: null } })
    expect(errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', fields: ['stay'] })
  })
})

describe('in the database', () => {
  test.each([
    ['an empty period', `'empty'::daterange`, 'null'],
    ['an infinite day', `daterange('-infinity', '2027-01-01')`, 'null'],
    ['an infinite last day', `daterange('2027-01-01', 'infinity', '[]')`, 'null'],
    ['an empty time', `'[2027-01-01,)'`, `'empty'`],
    ['a last instant inside', `'[2027-01-01,)'`, `tstzrange('2027-01-01', '2027-01-02', '[]')`],
    ['a first instant outside', `'[2027-01-01,)'`, `tstzrange('2027-01-01', '2027-01-02', '()')`],
    ['an infinite instant', `'[2027-01-01,)'`, `tstzrange('2027-01-01', 'infinity')`],
  ])('%s is refused by a check', async (_, stay, cleaning) => {
    const attempt = lodge().database.asOwner((client) =>
      client.query(`insert into app.booking (tenant_id, room_id, cancelled, stay, cleaning)
        values ('${tenants.alp}', '${lodgeId('room', 1)}', true, ${stay}, ${cleaning})`),
    )
    await expect(attempt).rejects.toMatchObject({ code: '23514' })
  })
})

describe('filters and order', () => {
  test.each([
    ['covers the first day', { stay: { covers: '2026-05-01' } }, '1'],
    ['covers the last day', { stay: { covers: '2026-05-07' } }, '1'],
    ['covers not the day after', { stay: { covers: '2026-05-08' } }, ''],
    ['covers far in the open past', { stay: { covers: '0001-01-01' } }, '3'],
    ['covers far in the open future', { stay: { covers: '9999-12-31' } }, '4'],
    ['overlaps on one day', { stay: { overlaps: { from: '2026-05-07', to: '2026-07-31' } } }, '12'],
    ['overlaps with an open end', { stay: { overlaps: { from: '2026-07-31' } } }, '24'],
    ['overlaps always', { stay: { overlaps: {} } }, '1234'],
    ['ends before a day', { stay: { endsBefore: '2026-05-08' } }, '13'],
    ['ends not before its last day', { stay: { endsBefore: '2026-05-07' } }, '3'],
    ['starts after a day', { stay: { startsAfter: '2026-04-30' } }, '124'],
    ['starts not after its first day', { stay: { startsAfter: '2026-05-01' } }, '24'],
    ['covers an instant', { cleaning: { covers: '2026-05-08T11:29:59Z' } }, '1'],
    ['covers not its end', { cleaning: { covers: '2026-05-08T11:30:00Z' } }, ''],
    ['is over at its end', { cleaning: { endsBefore: '2026-05-08T11:30:00Z' } }, '1'],
    ['there is none', { cleaning: { isNull: true } }, '234'],
    ['not covered', { not: { stay: { covers: '2026-05-01' } } }, '234'],
  ])('%s', async (_, filter, expected) => {
    expect(await numbers(filter)).toBe(expected)
  })

  test('a filter with null, or with a period that holds nothing, is refused', async () => {
    for (const stay of [{ covers: null }, { overlaps: { from: '2026-02-01', to: '2026-01-01' } }]) {
      const { errors } = await lodge().ask(host, found, { filter: { stay } })
      expect(errors[0]?.extensions.code).toBe('VALIDATION')
    }
  })

  test('lists are ordered by the beginning, an open one first, and pages continue where they ended', async () => {
    const page = `query ($filter: BookingFilter, $after: Cursor, $orderBy: [BookingOrderBy!]) {
      bookings(filter: $filter, first: 1, after: $after, orderBy: $orderBy) { nodes { id } pageInfo { endCursor } }
    }`
    const walk = async (orderBy: readonly string[]) => {
      let [after, order]: [string | null, string] = [null, '']
      for (;;) {
        const { data, errors } = await lodge().ask(host, page, { filter: seeded, after, orderBy })
        expect(errors).toEqual([])
        const [node] = data.bookings.nodes
        if (node === undefined) return order
        order += node.id.at(-1)
        after = data.bookings.pageInfo.endCursor
      }
    }
    expect(await walk(['STAY_ASC'])).toBe('3124')
    expect(await walk(['STAY_DESC'])).toBe('4213')
    expect(await walk(['CLEANING_ASC', 'STAY_DESC'])).toBe('1423')
  })
})

describe('rules', () => {
  test.each([
    ['clerk', '1'],
    ['parisian', '23'],
  ] as const)('a %s sees the stays that its rules speak of, in each tenant its own', async (role, expected) => {
    for (const tenant of ['alp', 'bay'] as const) {
      const { data } = await lodge().ask({ role, tenant }, found, {
        filter: { id: { in: [1, 2, 3, 4].flatMap((n) => [lodgeId('booking', n), lodgeId('booking', n, 'bay')]) } },
      })
      const ids = data.bookings.nodes.map(({ id }: { id: string }) => id)
      expect(ids).toEqual(Array.from(expected, (n) => lodgeId('booking', Number(n), tenant)))
    }
  })
})

function micro(instant: string | null): string | null {
  if (instant === null) return null
  const [, day, time = '00:00', fraction = '', zone = 'Z'] = /^(.{10})(?:[T ]([\d:]+)(?:\.(\d+))?(.+)?)?$/.exec(
    instant,
  )!
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone
  return `${new Date(`${day}T${time}${offset}`).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}`
}
