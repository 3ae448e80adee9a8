import { describe, expect, test } from 'vitest'
import { lodgeId, useLodge } from '../lodge.ts'

const lodge = useLodge()
const host = { role: 'host' } as const
const clerk = { role: 'clerk' } as const
const parisian = { role: 'parisian' } as const

const whole = `name home { street city postcode kind geo { lat lng } } billing { street city postcode kind geo { lat } }
  budget { amount currency } limits { nights smoking } passport { number country }`
const create = `mutation ($guest: GuestInput!) { createGuest(input: { guest: $guest }) { id guest { ${whole} } } }`
const update = `mutation ($id: UUID!, $patch: GuestPatch!) {
  updateGuest(input: { id: $id, patch: $patch }) { guest { ${whole} } }
}`
const listed = `query ($filter: GuestFilter, $orderBy: [GuestOrderBy!]) { guests(filter: $filter, orderBy: $orderBy) { nodes { name } } }`

async function names(filter: object, orderBy: readonly string[] = ['NAME_ASC']) {
  const { data, errors } = await lodge().ask(host, listed, { filter, orderBy })
  expect(errors).toEqual([])
  return data.guests.nodes.map((node: { name: string }) => node.name).join(' ')
}

let made = 0
/** Makes a guest in Lima; its id. */
async function makeGuest(values: object = {}): Promise<string> {
  const guest = { name: `Guest ${++made}`, home: { street: 'Jirón 1', city: 'Lima' }, ...values }
  const { data, errors } = await lodge().ask(host, create, { guest })
  expect(errors).toEqual([])
  return data.createGuest.id
}

describe('reading', () => {
  test('a value object is one object; a missing one is null, also inside of another', async () => {
    const { data, errors } = await lodge().ask(
      host,
      `query ($a: UUID!, $b: UUID!) { a: guest(id: $a) { ${whole} } b: guest(id: $b) { ${whole} } }`,
      { a: lodgeId('guest', 1), b: lodgeId('guest', 2) },
    )
    expect(errors).toEqual([])
    expect(data.a).toEqual({
      name: 'Ann',
      home: { street: 'Rue A 1', city: 'Paris', postcode: '75001', kind: 'home', geo: { lat: 48.85, lng: 2.35 } },
      billing: { street: 'Kontoret 2', city: 'Oslo', postcode: null, kind: 'work', geo: null },
      budget: { amount: '120.50', currency: 'EUR' },
      limits: { nights: 3, smoking: true },
      passport: { number: null, country: null },
    })
    expect(data.b).toEqual({
      name: 'Bob',
      home: { street: 'Gata 3', city: 'Oslo', postcode: null, kind: null, geo: null },
      billing: null,
      budget: null,
      limits: { nights: 7, smoking: false },
      passport: { number: 'P2', country: null },
    })
  })

  test('rows with computed fields have their value objects too', async () => {
    const { data, errors } = await lodge().ask(
      host,
      `{ guests(filter: { greeting: { equalTo: "Dear Ann" }, home: { city: { equalTo: "Paris" } } }, orderBy: [HOME_CITY_ASC, GREETING_DESC]) {
        nodes { greeting home { city geo { lat } } }
        groupedAggregates(groupBy: [HOME_CITY]) { keys }
      } }`,
    )
    expect(errors).toEqual([])
    expect(data.guests).toEqual({
      nodes: [{ greeting: 'Dear Ann', home: { city: 'Paris', geo: { lat: 48.85 } } }],
      groupedAggregates: [{ keys: ['Paris'] }],
    })
  })

  test('value objects that share a type are of one GraphQL type', async () => {
    const { data } = await lodge().ask(
      host,
      `{ __type(name: "Guest") { fields { name type { name ofType { name } } } } address: __type(name: "Address") { fields { name description } } }`,
    )
    const typeOf = (name: string) => {
      const { type } = data.__type.fields.find((field: { name: string }) => field.name === name)
      return type.name ?? type.ofType.name
    }
    expect(['home', 'billing', 'budget'].map(typeOf)).toEqual(['Address', 'Address', 'GuestBudget'])
    expect(data.__type.fields.some((field: { name: string }) => field.name === 'homeCity')).toBe(false)
    expect(data.address.fields[1]).toEqual({ name: 'city', description: 'Without the postal code.' })
  })

  test('each part filters and orders, at any depth, alone or with others', async () => {
    const seeded = { name: { in: ['Ann', 'Bob', 'Cem'] } }
    expect(await names({ ...seeded, home: { city: { equalTo: 'Paris' } } })).toBe('Ann Cem')
    expect(await names({ ...seeded, home: { city: { equalTo: 'Paris' }, street: { startsWith: 'Rue C' } } })).toBe(
      'Cem',
    )
    expect(await names({ ...seeded, home: { geo: { lat: { greaterThan: 40 } } } })).toBe('Ann')
    expect(await names({ ...seeded, home: { geo: { isNull: true } } })).toBe('Bob Cem')
    expect(await names({ ...seeded, home: { kind: { equalTo: 'home' } } })).toBe('Ann')
    expect(await names({ ...seeded, billing: { isNull: true } })).toBe('Bob Cem')
    expect(await names({ ...seeded, not: { billing: { isNull: true } } })).toBe('Ann')
    expect(await names({ ...seeded, budget: { amount: { lessThan: '121' } } })).toBe('Ann')
    expect(
      await names({
        ...seeded,
        or: [{ billing: { city: { equalTo: 'Oslo' } } }, { home: { city: { equalTo: 'Oslo' } } }],
      }),
    ).toBe('Ann Bob')
    expect(await names(seeded, ['HOME_CITY_ASC', 'NAME_DESC'])).toBe('Bob Cem Ann')
    expect(await names(seeded, ['BILLING_GEO_LAT_ASC', 'NAME_ASC'])).toBe('Ann Bob Cem')
  })

  test('a filter with null is refused as any other', async () => {
    for (const filter of [{ home: null }, { home: { city: null } }, { billing: { isNull: null } }]) {
      const { errors } = await lodge().ask(host, listed, { filter })
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('isNull'),
        extensions: { code: 'VALIDATION' },
      })
    }
  })

  test('a related row is filtered and ordered by its parts', async () => {
    const { data, errors } = await lodge().ask(
      host,
      `{ bookings(filter: { guest: { home: { city: { equalTo: "Paris" } } } }, orderBy: [GUEST__HOME_CITY_ASC]) { nodes { id } } }`,
    )
    expect(errors).toEqual([])
    expect(data.bookings.nodes).toEqual([{ id: lodgeId('booking', 1) }])
  })
})

describe('writing', () => {
  test('a new row takes nested objects; parts left out get their defaults or stay empty', async () => {
    const home = { street: 'Gran Vía 1', city: 'Madrid', geo: { lat: 40.4, lng: -3.7 } }
    const guest = { name: 'Eva', home, limits: { smoking: true }, billing: null }
    const { data, errors } = await lodge().ask(host, create, { guest })
    expect(errors).toEqual([])
    expect(data.createGuest.guest).toMatchObject({
      home: { ...home, postcode: null, kind: null },
      billing: null,
      limits: { nights: 7, smoking: true },
    })
  })

  test('a patch changes the parts that it names and no others', async () => {
    const id = await makeGuest({ billing: { street: 'A', city: 'B', postcode: 'C' } })
    const patch = { home: { city: 'Cusco' }, billing: { postcode: null }, limits: { nights: 2 } }
    const { data, errors } = await lodge().ask(host, update, { id, patch })
    expect(errors).toEqual([])
    expect(data.updateGuest.guest).toMatchObject({
      home: { street: 'Jirón 1', city: 'Cusco' },
      billing: { street: 'A', city: 'B', postcode: null },
      limits: { nights: 2, smoking: false },
    })
  })

  test('null removes an optional value object whole, with what lies in it', async () => {
    const id = await makeGuest({ billing: { street: 'A', city: 'B', postcode: 'C', geo: { lat: 1, lng: 2 } } })
    const { data, errors } = await lodge().ask(host, update, { id, patch: { billing: null } })
    expect(errors).toEqual([])
    expect(data.updateGuest.guest.billing).toBeNull()
    const { rows } = await lodge().database.asOwner((client) =>
      client.query(
        'select num_nonnulls(billing_postcode, billing_geo_lat, billing_geo_lng) as left from app.guest where id = $1',
        [id],
      ),
    )
    expect(rows).toEqual([{ left: 0 }])
    const again = await lodge().ask(host, update, { id, patch: { billing: { street: 'X', city: 'Y' } } })
    expect(again.data.updateGuest.guest.billing).toMatchObject({ street: 'X', city: 'Y', postcode: null })
  })

  test.each([
    ['null for a required object', { home: null }, ['home'], '"home" is required.'],
    ['null for a required part', { home: { city: null } }, ['home.city'], '"home.city" is required.'],
    [
      'a part alone of a missing object',
      { billing: { postcode: '1' } },
      ['billing'],
      'The value of "billing" is not allowed.',
    ],
    ['half of an inner object', { home: { geo: { lat: 1 } } }, ['home.geo'], 'The value of "home.geo" is not allowed.'],
    ['a value that breaks the check of the part', { home: { geo: { lat: 91, lng: 1 } } }, ['home.geo.lat'], undefined],
    ['money that is too fine', { budget: { amount: '1.234', currency: 'EUR' } }, ['budget.amount'], undefined],
  ])('%s is refused, and the part is named', async (_, patch, fields, message) => {
    const id = await makeGuest()
    const { errors } = await lodge().ask(host, update, { id, patch })
    expect(errors[0]).toMatchObject({
      extensions: { code: 'VALIDATION', fields },
      ...(message === undefined ? {} : { message }),
    })
  })

  test('a unique over a part answers with its path', async () => {
    const id = await makeGuest({ name: 'Ann' })
    const { errors } = await lodge().ask(host, update, { id, patch: { home: { city: 'Paris' } } })
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['name', 'home.city'] })
  })

  test('a readonly value object is no part of a patch', async () => {
    const id = await makeGuest({ passport: { number: 'X1' } })
    const { errors } = await lodge().ask(host, update, { id, patch: { passport: { number: 'X2' } } })
    expect(errors[0]?.message).toContain('passport')
  })

  test('another tenant reads and changes nothing of it', async () => {
    const id = await makeGuest()
    const other = { role: 'host', tenant: 'bay' } as const
    const read = await lodge().ask(other, `query ($id: UUID!) { guest(id: $id) { home { city } } }`, { id })
    expect(read.data.guest).toBeNull()
    const { errors } = await lodge().ask(other, update, { id, patch: { home: { city: 'Bay' } } })
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND')
  })
})

describe('rules', () => {
  test('conditions on parts decide who sees a row', async () => {
    const { data } = await lodge().ask(parisian, `{ guests(orderBy: NAME_ASC) { nodes { name home { city } } } }`)
    expect(data.guests.nodes).toEqual([
      { name: 'Ann', home: { city: 'Paris' } },
      { name: 'Cem', home: { city: 'Paris' } },
    ])
  })

  test.each([
    ['another part of the object', { home: { street: 'Hacked' } }],
    ['the part with another one', { home: { city: 'Lima', postcode: '666' } }],
    ['a part of the inner object', { home: { geo: { lat: 0, lng: 0 } } }],
    ['another object of the same type', { billing: { city: 'Hacked' } }],
    ['the other object as a whole', { billing: null }],
    ['money beside it', { budget: { amount: '1', currency: 'EUR' } }],
  ])('attack: a rule for "home.city" lets %s through', async (_, patch) => {
    const id = await makeGuest({ billing: { street: 'A', city: 'B' } })
    const { errors } = await lodge().ask(clerk, update, { id, patch })
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    const after = await lodge().ask(host, `query ($id: UUID!) { guest(id: $id) { ${whole} } }`, { id })
    expect(after.data.guest).toMatchObject({
      home: { street: 'Jirón 1', city: 'Lima', postcode: null, geo: null },
      billing: { street: 'A', city: 'B' },
      budget: null,
    })
  })

  test('what the rule names goes through', async () => {
    const id = await makeGuest()
    const { data, errors } = await lodge().ask(clerk, update, {
      id,
      patch: { name: `Zoe ${id}`, home: { city: 'Arequipa' } },
    })
    expect(errors).toEqual([])
    expect(data.updateGuest.guest).toMatchObject({ name: `Zoe ${id}`, home: { city: 'Arequipa', street: 'Jirón 1' } })
  })

  test('attack: a new row brings a part that its rule excepts', async () => {
    const base = { name: 'New', home: { street: 'S', city: 'Quito' } }
    for (const more of [{ billing: { street: 'A', city: 'B' } }, { budget: { amount: '9', currency: 'SEK' } }]) {
      const { errors } = await lodge().ask(clerk, create, { guest: { ...base, ...more } })
      expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    }
    const { errors } = await lodge().ask(clerk, create, { guest: { ...base, billing: null } })
    expect(errors).toEqual([])
    const nowhere = { ...base, home: { street: 'S', city: 'Nowhere' } }
    expect((await lodge().ask(clerk, create, { guest: nowhere })).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('attack: columns of uncovered parts, with the rights of the role itself', async () => {
    const { database } = lodge()
    const caller = {
      roles: ['clerk'],
      tenant: '00000000-0000-8000-8000-00000000000a',
      actor: '00000000-0000-8000-8000-0000000000f1',
    }
    const columns = [
      'home_street',
      'home_postcode',
      'home_geo_lat',
      'billing_city',
      'budget_amount',
      'limits_nights',
      'passport_number',
    ]
    for (const column of columns) {
      const attempt = database.asActor(caller, (client) => client.query(`update app.guest set ${column} = ${column}`))
      await expect(attempt, column).rejects.toMatchObject({ code: '42501' })
    }
    await database.asActor(caller, (client) => client.query('update app.guest set home_city = home_city'))
  })

  test('a rule for a whole value object covers all of its parts, and those of others not', async () => {
    const id = lodgeId('guest', 3)
    const billing = { street: 'Quai 1', city: 'Lyon', geo: { lat: 45.7, lng: 4.8 } }
    const { data, errors } = await lodge().ask(parisian, update, { id, patch: { billing } })
    expect(errors).toEqual([])
    expect(data.updateGuest.guest.billing).toMatchObject({ street: 'Quai 1', city: 'Lyon' })
    expect((await lodge().ask(parisian, update, { id, patch: { billing: null } })).errors).toEqual([])
    const refused = await lodge().ask(parisian, update, { id, patch: { home: { postcode: '1' } } })
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
