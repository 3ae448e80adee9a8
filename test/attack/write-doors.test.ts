import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex } from '../options/written-server.ts'
import type { Answer } from '../server/client.ts'
import { behind, clerk, doors, free, giving, lines, order, type Request, rows, say, useDoors } from './write-doors.ts'

/*
 * Every way by which a clerk writes, tried on rows that are not the clerk's: rows of another tenant, hidden ones, those that may be seen and not changed. At the end the
 * same requests are sent by those whom rules let through, and do what they say: an attack that could not succeed shows nothing.
 */

const app = useDoors()

const ask = ([query, variables]: Request, who: object = clerk): Promise<Answer> => app().ask(query, variables, who)

/** All that is told, without the ids and numbers that the caller named. */
async function told(request: Request, who: object = clerk): Promise<string> {
  const { data, errors } = await ask(request, who)
  const text = JSON.stringify({
    data,
    errors: errors.map(({ message, extensions, path }) => ({ message, extensions, path })),
  })
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replaceAll(/[FO]-[0-9a-f]+/g, 'NUMBER')
}

/** All rows of all tables, as the owner sees them. */
async function everything(): Promise<readonly string[]> {
  const all = app().model.entities.map(({ table }) => `select to_jsonb(t)::text as row from app."${table}" t`)
  const text = `${all.join(' union all ')} order by 1`
  const found = await app().database.asOwner((client) => client.query<{ row: string }>(text))
  return found.rows.map(({ row }) => row)
}

// Until protections are taken away, nothing changes here.
let before: readonly string[] = []
let isProtected = true
beforeAll(async () => {
  before = await everything()
})
afterEach(async () => {
  if (isProtected) expect(await everything()).toEqual(before)
})

describe('a row out of sight', () => {
  test.each(Object.entries(doors))('is told from an absent one by nothing: %s', async (_, door) => {
    const answers = await Promise.all(
      (['absent', 'hidden', 'foreign'] as const).map((which) => told(door(behind(which)))),
    )
    expect(answers[0]).toMatch(/"code":"NOT_FOUND"/)
    expect(new Set(answers).size, answers.join('\n')).toBe(1)
  })

  test.each(['update', 'lines inside of a patch', 'its tag connected', 'deletion of several'])(
    'is told by nothing under a key either, first or again: %s',
    async (name) => {
      const answers = new Set<string>()
      for (const which of ['absent', 'hidden', 'foreign'] as const) {
        const [query, { input }] = doors[name]!(behind(which)) as [string, { input: object }]
        const keyed: Request = [query, { input: { ...input, idempotencyKey: randomUUID() } }]
        for (const request of [keyed, keyed]) answers.add(await told(request))
      }
      expect([...answers]).toHaveLength(1)
      expect([...answers][0]).toMatch(/NOT_FOUND/)
    },
  )
})

describe('a field that is kept from the caller', () => {
  const upserting: typeof giving = {
    'upsert that changes': (values) => say('upsertOrder', { by: 'NUMBER', order: order({ ...values, number: 'O-1' }) }),
    'upsert of several that changes': (values) =>
      say('upsertOrders', { by: 'NUMBER', orders: [order(), order({ ...values, number: 'O-1' })] }),
  }

  test.each(Object.entries({ ...giving, ...upserting }))('is not written: %s', async (_, door) => {
    // The margin is guarded, and zero already; the source is seen, and given by a rule.
    const guarded = await Promise.all([0, 7].map((margin) => told(door({ margin }))))
    expect(guarded[0]).toMatch(/"code":"FORBIDDEN".*margin/)
    expect(guarded[1], 'what is there is told by nothing').toBe(guarded[0])
    expect(await told(door({ source: 'forged' }))).toMatch(/"code":"FORBIDDEN"/)
  })

  test('nor are tenant, times and places, which no input has', async () => {
    const { data } = await app().ask('{ __schema { types { name inputFields { name } } } }', {}, clerk)
    const inputs = (data.__schema.types as { name: string; inputFields: { name: string }[] | null }[]).filter(
      ({ name }) => /^(Order|Item|Tag)(Input|Patch)$/.test(name),
    )
    expect(inputs).toHaveLength(6)
    const names = inputs.flatMap(({ inputFields }) => inputFields!.map(({ name }) => name))
    expect(names).toContain('number')
    expect(names.filter((name) => /tenant|deletedAt|createdAt|updatedAt/i.test(name))).toEqual([])
  })
})

describe('a unique value', () => {
  test.each(Object.entries(giving))('of a hidden row conflicts as that of one that is seen: %s', async (name, door) => {
    // The upsert finds the one that is seen, which is locked.
    if (name.startsWith('upsert')) {
      expect(await told(door({ number: 'O-2' }))).toMatch(/"code":"FORBIDDEN".*"own open orders are changed"/)
      const make = await told(giving[name.replace('upsert', 'create').replace(' that makes', '')]!({ number: 'O-3' }))
      expect((await told(door({ number: 'O-3' }))).replaceAll('upsert', 'create')).toBe(make)
    } else {
      const [seen, hidden] = await Promise.all(['O-2', 'O-3'].map((number) => told(door({ number }))))
      expect(hidden).toMatch(/"code":"CONFLICT".*number/)
      expect(hidden).toBe(seen)
    }
  })

  test('of another tenant conflicts with nothing', async () => {
    const { errors } = await ask(say('createOrders', { orders: [order({ number: 'O-4' }), order({ margin: 1 })] }))
    expect(errors[0]!.extensions.rows).toMatchObject([{ index: 1, code: 'FORBIDDEN' }])
  })

  test('is told to nobody whose row is refused anyway', async () => {
    for (const door of [
      'create',
      'create of several',
      'create inside of a row',
      'upsert that makes',
      'update',
    ] as const) {
      const answers = await Promise.all(['O-3', free()].map((number) => told(giving[door]!({ number, ownerId: gil }))))
      expect(answers[0]).toMatch(/"code":"(FORBIDDEN|CONFLICT)"/)
      if (door === 'upsert that makes') continue
      expect(answers[0], door).toBe(answers[1])
    }
    const [taken, unused] = await Promise.all(
      ['O-3', free()].map((number) => told(giving.create!({ number }), { roles: ['reader'] })),
    )
    expect(taken).toBe(unused)
  })

  test('of a hidden row made inside of another conflicts as that of one that is seen', async () => {
    const [hidden, seen] = await Promise.all(
      ['hush', 'own'].map((name) => told(say('createOrder', { order: order({ tags: { create: [{ name }] } }) }))),
    )
    expect(hidden).toMatch(/"code":"CONFLICT".*tags\.create\.0\.name/)
    expect(hidden).toBe(seen)
  })
})

describe('one forbidden row', () => {
  const refused = async (request: Request) => {
    const { data, errors } = await ask(request)
    expect(data).toEqual({ answer: null })
    return (errors[0]!.extensions.rows as readonly { index: number; code: string }[]).map(({ index, code }) => [
      index,
      code,
    ])
  }

  test.each<readonly [string, Request, readonly (readonly [number, string])[]]>([
    [
      'createOrders',
      say('createOrders', {
        orders: [order(), order({ ownerId: gil }), order(), order({ number: 'O-3' }), order({ margin: 1 })],
      }),
      [
        [1, 'FORBIDDEN'],
        [3, 'CONFLICT'],
        [4, 'FORBIDDEN'],
      ],
    ],
    [
      'updateOrders',
      say('updateOrders', {
        orders: [rows.own, rows.hidden, rows.locked, rows.absent, rows.spare, rows.foreign].map((key) => ({
          id: key,
          patch: { title: 'x' },
        })),
      }),
      [
        [1, 'NOT_FOUND'],
        [2, 'FORBIDDEN'],
        [3, 'NOT_FOUND'],
        [5, 'NOT_FOUND'],
      ],
    ],
    [
      'upsertOrders',
      say('upsertOrders', { by: 'NUMBER', orders: ['O-1', 'O-2', 'O-3', free()].map((number) => order({ number })) }),
      [
        [1, 'FORBIDDEN'],
        [2, 'CONFLICT'],
      ],
    ],
    ...(['deleteOrders', 'removeOrders'] as const).map(
      (field) =>
        [
          field,
          say(field, { ids: [rows.spare, rows.locked, rows.hidden, rows.foreign] }),
          [
            [1, 'FORBIDDEN'],
            [2, 'NOT_FOUND'],
            [3, 'NOT_FOUND'],
          ],
        ] as const,
    ),
    [
      'restoreOrders',
      say('restoreOrders', { ids: [rows.hidden, rows.foreign] }),
      [
        [0, 'NOT_FOUND'],
        [1, 'NOT_FOUND'],
      ],
    ],
  ])('leaves nothing of a batch, and all of them are told: %s', async (_, request, expected) => {
    expect(await refused(request)).toEqual(expected)
  })

  test('leaves nothing of the rows around it, nor of the request', async () => {
    const items = [{ text: 'fine' }, { text: 'taken', order: { connect: { id: rows.hidden } } }]
    const inside = await ask(
      say('createItems', { items: items.map((item) => ({ ...(item.order ? {} : { orderId: rows.own }), ...item })) }),
    )
    expect(inside.errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND' })
    const query =
      'mutation ($order: OrderInput!) { fine: createOrder(input: { order: $order }) { id } bad: updateOrder(input: { id: "' +
      rows.hidden +
      '", patch: { title: "x" } }) { id } }'
    const { data, errors } = await app().ask(query, { order: order() }, clerk)
    expect(data).toBeNull()
    const codes = new Map(errors.map(({ path, extensions }) => [(path as readonly string[])[0], extensions.code]))
    expect(codes).toEqual(
      new Map([
        ['fine', 'ROLLED_BACK'],
        ['bad', 'NOT_FOUND'],
      ]),
    )
  })
})

describe('an upsert', () => {
  const upsert = (number: string, who: object = clerk) =>
    told(say('upsertOrder', { by: 'NUMBER', order: order({ number }) }), who)

  test('changes nothing that its caller may see and not change', async () => {
    expect(await upsert('O-2')).toMatch(/"code":"FORBIDDEN".*"own open orders are changed"/)
  })

  test('of a row out of sight tells what making it tells, also under the words of another', async () => {
    const made = await told(say('createOrder', { order: order({ number: 'O-3' }) }))
    expect((await upsert('O-3')).replaceAll('upsert', 'create')).toBe(made)
  })

  test('takes no row over by its owner', async () => {
    expect(await told(say('upsertOrder', { by: 'NUMBER', order: order({ number: 'O-1', ownerId: gil }) }))).toMatch(
      /"code":"FORBIDDEN"/,
    )
  })

  test('is for nobody who may only read', async () => {
    const answers = await Promise.all(['O-1', 'O-3', free()].map((number) => upsert(number, { roles: ['reader'] })))
    expect(answers[0]).toMatch(/"code":"FORBIDDEN"/)
    expect(new Set(answers).size, answers.join('\n')).toBe(1)
  })
})

describe('a search', () => {
  const lists = (words: string) => [
    `orders(search: "${words}") { totalCount nodes { id } aggregates { distinctCount { id } } groupedAggregates(groupBy: LOCKED) { keys } }`,
    `orders(filter: { or: [{ search: "${words}" }, { and: [{ search: "${words}" }] }] }) { totalCount }`,
    `orders(filter: { items: { some: { order: { search: "${words}" } } } }) { totalCount }`,
    `items(filter: { order: { search: "${words}" } }) { totalCount }`,
    `tags(filter: { orders: { some: { search: "${words}" } } }) { totalCount }`,
    `orders(search: "${words}", distinctOn: [OWNER_ID]) { totalCount }`,
  ]
  const found = async (words: string, who: object) => {
    const { data, errors } = await app().ask(
      `{ ${lists(words)
        .map((list, n) => `l${n}: ${list}`)
        .join(' ')} }`,
      {},
      who,
    )
    expect(errors).toEqual([])
    return JSON.stringify(data)
  }

  test.each(['umbrella', 'u', 'zebra', 'z'])('shows no words of rows out of sight: %s', async (words) => {
    const nothing = await found('nowhere', clerk)
    expect(await found(words, clerk)).toBe(nothing)
    // Who may see them finds them by the same lists.
    const who = words.startsWith('u') ? { roles: ['admin'] } : { roles: ['clerk'], tenant: globex }
    expect(await found(words, who)).not.toBe(nothing)
  })

  test('shows none in what a change answers', async () => {
    const query = `mutation { updateItem(input: { id: "${lines.own}", patch: { text: "own" } }) { query { ${lists(
      'umbrella',
    )
      .map((list, n) => `l${n}: ${list}`)
      .join(' ')} } item { order { items(filter: { order: { search: "umbrella" } }) { totalCount } } } } }`
    const { data, errors } = await app().ask(query, {}, clerk)
    expect(errors).toEqual([])
    expect(JSON.stringify(data)).not.toMatch(/"totalCount":[1-9]|"id":"0000/)
    before = await everything()
  })
})

describe('a key that was used', () => {
  const keyed = (key: string, title = 'Kept') =>
    say('createOrder', { idempotencyKey: key, order: { number: `K-${key}`, title, ownerId: ann } })
  const count = async () => (await everything()).length
  const key = randomUUID()
  let made = ''
  const shown = async (who: object, title = 'Kept') => {
    const [query, variables] = keyed(key, title)
    return await app().ask(query.replace('{ id }', '{ id order { title } }'), variables, who)
  }

  beforeAll(async () => {
    isProtected = false
    made = (await shown(clerk)).data.answer.id
  })

  test('with other input is CONFLICT, and tells nothing of the first', async () => {
    const { data, errors } = await shown(clerk, 'Other')
    expect(data).toEqual({ answer: null })
    expect(errors[0]!.extensions).toEqual({ code: 'CONFLICT', fields: ['idempotencyKey'] })
    expect(JSON.stringify(errors)).not.toContain(made)
  })

  test('by another caller is a key of theirs: it answers nothing of the first', async () => {
    const [query, variables] = keyed(key)
    const asked = await app().ask(query, variables, { ...clerk, sub: gil })
    // Their row, for somebody else, as if nobody had ever used the key.
    expect(asked.errors[0]!.extensions.code).toBe('FORBIDDEN')
    const elsewhere = await app().ask(query, variables, { ...clerk, tenant: globex })
    expect(elsewhere.errors).toEqual([])
    expect(elsewhere.data.answer.id).not.toBe(made)
  })

  test('by a visitor is refused', async () => {
    const { data, errors } = await app().ask(...keyed(key), null)
    expect(data?.answer ?? null).toBeNull()
    expect(errors[0]!.extensions.code).toMatch(/VALIDATION|FORBIDDEN/)
  })

  test('shows the row under the rights of now, and does nothing again', async () => {
    const there = await count()
    expect((await shown(clerk)).data.answer).toEqual({ id: made, order: { title: 'Kept' } })
    // Who may read it still, and make none any more.
    expect((await shown({ roles: ['reader'] })).data.answer).toEqual({ id: made, order: { title: 'Kept' } })
    await app().database.asOwner((client) =>
      client.query(`update app."order" set owner_id = '${gil}' where id = '${made}'`),
    )
    expect((await shown(clerk)).data.answer).toEqual({ id: made, order: null })
    await app().database.asOwner((client) => client.query(`delete from app."order" where id = '${made}'`))
    expect((await shown(clerk)).data.answer).toEqual({ id: made, order: null })
    expect(await count()).toBe(there - 1)
  })
})

// The same requests, sent by those whom rules let through: what is refused above is refused by the rules, and by nothing else.
describe('without protection', () => {
  const isOpen = async (request: Request, who: object) => (await ask(request, who)).errors.map(({ message }) => message)
  const admin = { roles: ['admin'] }
  beforeAll(() => {
    isProtected = false
  })

  test.each(Object.entries(giving))('fields are written and values are taken: %s', async (_, door) => {
    expect(await isOpen(door({ margin: 7, source: 'forged' }), admin)).toEqual([])
  })

  test.each(Object.entries(doors))('rows are reached: %s', async (name, door) => {
    if (name.startsWith('restoration')) await ask(say('removeOrder', { id: rows.hidden }), admin)
    expect(await isOpen(door(behind('hidden')), admin)).toEqual([])
    if (/^(remov|delet)/.test(name)) await again()
  })

  /** Rows that a door has taken away. */
  async function again() {
    await app().database.asOwner((client) =>
      client.query(`update app."order" set deleted_at = null;
        insert into app."order" (tenant_id, id, number, title, owner_id) values
          ('${acme}', '${rows.spare}', '${free()}', 'Own blue', '${ann}'), ('${acme}', '${rows.hidden}', '${free()}', 'Hidden', '${gil}') on conflict do nothing`),
    )
  }

  test('rows of another tenant are reached from there', async () => {
    expect(
      await isOpen(say('updateOrder', { id: rows.foreign, patch: { title: 'x' } }), { ...clerk, tenant: globex }),
    ).toEqual([])
  })
})
