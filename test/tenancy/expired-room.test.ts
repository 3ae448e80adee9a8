import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

// What expired rows leave to others: their periods, and the values of their parts; and that their parts leave with them.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `import { boolean, date, datetime, entity, formulas, int, many, one, partOf, period, string } from 'rowhouse/schema'
export const Room = entity('Room', { fields: { name: string() }, computed: { items: int() }, relations: { offers: many('Offer', { by: 'room' }), itemRows: many('Item', { by: 'room' }) } })
export const RoomFormulas = formulas(Room, { items: (r) => r.itemRows.count() })
export const Hold = entity('Hold', {
  expires: 'until',
  fields: { stay: period({ of: 'date' }), first: date({ optional: true }), last: date({ optional: true }), off: boolean({ default: false }), until: datetime({ optional: true }) },
  relations: { room: one('Room') },
  noOverlap: { 'One hold at a time.': { on: ['room'], during: 'stay', where: { off: false } }, 'One pair at a time.': { on: ['room'], during: ['first', 'last'] } },
})
export const Offer = entity('Offer', { expires: 'until', fields: { name: string(), until: datetime({ optional: true }) }, relations: { room: one('Room'), items: many('Item', { by: 'offer' }) } })
export const Item = entity('Item', {
  fields: { code: string({ unique: true }) },
  relations: { offer: partOf('Offer', { ordered: true }), room: one('Room'), notes: many('Note', { by: 'item' }) },
})
export const Note = entity('Note', { fields: { text: string() }, relations: { item: partOf('Item') } })
export const Clash = entity('Clash', {
  fields: { a: date(), bC: date(), aB: date(), c: date() },
  noOverlap: { one: { during: ['a', 'bC'] }, two: { during: ['aB', 'c'] } },
})
export const Seen = entity('Seen', { fields: { name: string() }, relations: { item: one('Item') } })`,
    'policies/all.ts': `import { Clash, Hold, Item, Note, Offer, Room, Seen } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', reader: 'Reads items and notes, no offers.' })
const all = { allow: 'admin', to: anything } as const
const read = { allow: 'reader', to: 'read' } as const
export const P0 = policy(Room, { all, read })
export const P1 = policy(Hold, { all })
export const P6 = policy(Clash, { all })
export const P2 = policy(Offer, { all })
export const P3 = policy(Item, { all, read })
export const P4 = policy(Note, { all, read })
export const P5 = policy(Seen, { all, read: { allow: 'reader', to: 'read', where: { item: { code: { startsWith: 'x' } } } } })`,
  },
  ['admin', 'reader'],
)

const past = '2020-01-01T00:00:00Z'
const future = '2920-01-01T00:00:00Z'
let room = ''

async function make(entity: string, row: object): Promise<string> {
  const field = entity.toLowerCase()
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`,
    { row },
  )
  if (errors.length > 0) throw new Error(`${errors[0]!.extensions.code} ${errors[0]!.message}`)
  return data[`create${entity}`].id
}

const codes = async (query: string, variables: object = {}, subject = {}) =>
  (await app().ask(query, variables, subject)).errors.map(({ extensions }) => extensions.code)

/** Ends an offer or a hold, as time would. */
async function end(table: 'hold' | 'offer', id: string): Promise<void> {
  await app().database.asOwner(async (client) => {
    await client.query(`alter table app.${table} no force row level security, disable trigger user`)
    await client.query(`update app.${table} set until = now() - interval '1 second' where id = $1`, [id])
    await client.query(`alter table app.${table} force row level security, enable trigger user`)
  })
}

beforeAll(async () => {
  room = await make('Room', { name: 'r' })
})

const stay = (from: string, to: string) => ({ from, to })

describe('the period of an expired row', () => {
  const hold = (values: object) => make('Hold', { roomId: room, until: future, ...values })
  const title = 'CONFLICT One hold at a time.'

  test('is free for those who come, change, come back or come under the condition', async () => {
    const days = stay('2026-01-01', '2026-01-05')
    await hold({ stay: days, until: past })
    const second = await hold({ stay: days })
    await expect(hold({ stay: stay('2026-01-05', '2026-01-06') })).rejects.toThrow(title)
    await codes('mutation ($id: UUID!) { removeHold(input: { id: $id }) { id } }', { id: second })
    const third = await hold({ stay: days })
    await end('hold', third)
    expect(await codes('mutation ($id: UUID!) { restoreHold(input: { id: $id }) { id } }', { id: second })).toEqual([])
    await end('hold', second)
    const moved = await hold({ stay: stay('2026-02-01', '2026-02-02') })
    const move = 'mutation ($id: UUID!, $patch: HoldPatch!) { updateHold(input: { id: $id, patch: $patch }) { id } }'
    expect(await codes(move, { id: moved, patch: { stay: days } })).toEqual([])
    await end('hold', moved)
    const off = await hold({ stay: days, off: true })
    expect(await codes(move, { id: off, patch: { off: false } })).toEqual([])
  })

  test('of a pair of ends too; a pair the wrong way round is refused as ever, and rows without any free nobody', async () => {
    const pair = (first: string | null, last: string | null, more: object = {}) =>
      hold({ stay: stay('2027-01-01', '2027-01-01'), off: true, first, last, ...more })
    await pair('2026-03-01', '2026-03-05', { until: past })
    const none = await pair(null, null, { until: past })
    await pair('2026-03-05', null)
    await expect(pair('2026-03-09', '2026-03-01')).rejects.toThrow('VALIDATION')
    await expect(pair('2027-03-01', '2027-03-01')).rejects.toThrow('CONFLICT One pair at a time.')
    const { rows } = await app().database.asOwner((client) =>
      client.query('select deleted_at from app.hold where id = $1', [none]),
    )
    expect(rows).toEqual([{ deleted_at: null }])
  })

  test('of another tenant stays as it is', async () => {
    const days = stay('2026-04-01', '2026-04-05')
    const theirs = await app().ask(
      'mutation { createRoom(input: { room: { name: "g" } }) { id } }',
      {},
      { tenant: globex, sub: gil },
    )
    const made = await app().ask(
      'mutation ($hold: HoldInput!) { createHold(input: { hold: $hold }) { id } }',
      { hold: { roomId: theirs.data.createRoom.id, stay: days, until: past } },
      { tenant: globex, sub: gil },
    )
    expect(made.errors).toEqual([])
    await hold({ stay: days })
    const { rows } = await app().database.asOwner((client) =>
      client.query('select deleted_at from app.hold where id = $1', [made.data.createHold.id]),
    )
    expect(rows).toEqual([{ deleted_at: null }])
  })

  test.each([
    ['commits', 'commit', '23P01'],
    ['gives up', 'rollback', null],
  ])('goes to one of two sessions at once: where the first %s', async (_what, ending, code) => {
    const days = ending === 'commit' ? '[2026-05-01,2026-05-05]' : '[2026-06-01,2026-06-05]'
    await hold({ stay: stay(days.slice(1, 11), days.slice(12, 22)), until: past })
    const insert = (client: pg.Client) =>
      client.query('insert into app.hold (room_id, stay, until) values ($1, $2, $3)', [room, days, future])
    const caller = { roles: ['admin'], tenant: acme, actor: ann }
    let second: Promise<unknown> = Promise.resolve()
    const first = app().database.asActor(caller, async (client) => {
      await insert(client)
      const { rows } = await client.query('select pg_backend_pid() as pid')
      second = app()
        .database.asActor(caller, insert)
        .then(() => null)
        .catch((error: { code: string }) => error.code)
      await untilBlockedBy(rows[0].pid)
      if (ending === 'rollback') throw new Error('given up')
    })
    await first.catch(() => undefined)
    expect(await second).toBe(code)
  })
})

/** Waits until another session waits for this one. */
async function untilBlockedBy(pid: number): Promise<void> {
  for (;;) {
    const { rows } = await app().database.migrator.query(
      'select count(*)::int as n from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
      [pid],
    )
    if (rows[0].n > 0) return
  }
}

describe('the parts of an expired row', () => {
  const reader = { roles: ['reader'] }
  const counts = async (subject: object) => {
    const { data, errors } = await app().ask(
      `query ($room: UUID!) {
        items { totalCount nodes { code notes { totalCount } } } notes { totalCount aggregates { distinctCount { text } } }
        room(id: $room) { items itemRows { totalCount } } seens { totalCount nodes { name item { code } } }
        filtered: notes(filter: { item: { code: { startsWith: "x" } } }) { totalCount }
      }`,
      { room },
      subject,
    )
    expect(errors).toEqual([])
    return [
      ...[data.items.totalCount, data.notes.totalCount, Number(data.notes.aggregates.distinctCount.text)],
      ...[data.room.items, data.room.itemRows.totalCount, data.filtered.totalCount],
      data.seens.nodes.map(({ item }: { item: unknown }) => item),
    ]
  }

  test('leave every read with it, parts of parts too, whoever reads', async () => {
    const offer = await make('Offer', { name: 'o', until: future, roomId: room })
    const item = await make('Item', { code: 'x1', offerId: offer, roomId: room })
    const note = await make('Note', { text: 'n', itemId: item })
    const lasting = await make('Offer', { name: 'l', roomId: room })
    await make('Item', { code: 'x2', offerId: lasting, roomId: room })
    await make('Seen', { name: 's', itemId: item })
    for (const subject of [{}, reader]) expect(await counts(subject)).toEqual([2, 1, 1, 2, 2, 1, [{ code: 'x1' }]])
    await end('offer', offer)
    expect(await counts({})).toEqual([1, 0, 0, 1, 1, 0, [null]])
    expect(await counts(reader)).toEqual([1, 0, 0, 1, 1, 0, []])
    const { data } = await app().ask('query ($l: UUID!, $n: UUID!) { item(id: $l) { code } note(id: $n) { text } }', {
      l: item,
      n: note,
    })
    expect(data).toEqual({ item: null, note: null })
    for (const verb of ['remove', 'restore', 'delete'])
      for (const [entity, id] of [
        ['Item', item],
        ['Note', note],
      ])
        expect(await codes(`mutation ($id: UUID!) { ${verb}${entity}(input: { id: $id }) { id } }`, { id })).toEqual([
          'NOT_FOUND',
        ])
    expect(
      await codes('mutation ($id: UUID!) { updateNote(input: { id: $id, patch: { text: "m" } }) { id } }', {
        id: note,
      }),
    ).toEqual(['NOT_FOUND'])
    expect(await codes('mutation ($id: UUID!) { moveItem(input: { id: $id, to: 1 }) { id } }', { id: item })).toEqual([
      'NOT_FOUND',
    ])
    await expect(make('Note', { text: 'n', itemId: item })).rejects.toThrow('NOT_FOUND')
    await expect(make('Seen', { name: 's', itemId: item })).rejects.toThrow('NOT_FOUND')
    const direct = await app().database.asActor({ roles: ['reader'], tenant: acme, actor: ann }, (client) =>
      client.query('select code from app.item union all select text from app.note'),
    )
    expect(direct.rows).toEqual([{ code: 'x2' }])
  })

  test('leave their unique values to others', async () => {
    const offer = await make('Offer', { name: 'o', until: future, roomId: room })
    await make('Item', { code: 'u1', offerId: offer, roomId: room })
    const lasting = await make('Offer', { name: 'l', roomId: room })
    await expect(make('Item', { code: 'u1', offerId: lasting, roomId: room })).rejects.toThrow('CONFLICT')
    await end('offer', offer)
    await make('Item', { code: 'u1', offerId: lasting, roomId: room })
    await expect(make('Item', { code: 'u1', offerId: lasting, roomId: room })).rejects.toThrow('CONFLICT')
  })
})

test('checks of pairs do not meet those of other pairs', () => {
  const { tables } = buildCatalog(app().model)
  const names = tables.find(({ entity }) => entity === 'Clash')!.constraints.map(({ name }) => name)
  const pairs = names.filter((name) => /_check$/.test(name) && name.startsWith('clash_a_b_c_'))
  expect(new Set(names).size).toBe(names.length)
  expect(pairs).toHaveLength(2)
})

const mistakes: readonly Mistake[] = [
  [
    'periods that are never free again',
    [['EXPIRES_UNIQUE_KEPT', "'until'"]],
    "export const A = entity('A', { immutable: true, expires: 'until', fields: { p: period({ of: 'date' }), until: datetime() }, noOverlap: { 'One.': { during: 'p' } } })",
  ],
  [
    'parts whose values are never free again',
    [['EXPIRES_UNIQUE_KEPT', "'until'"]],
    "export const A = entity('A', { builtIns: { deletedAt: false }, expires: 'until', fields: { until: datetime() }, relations: { bs: many('B', { by: 'a' }) } })\nexport const B = entity('B', { builtIns: { deletedAt: false }, fields: { n: int({ unique: true }) }, relations: { a: partOf('A') } })",
  ],
  [
    'keys of an adopted table',
    [['EXPIRES_UNIQUE_KEPT', "'until'"]],
    "export const A = entity('A', { adopt: 'public.a', tenant: { column: 'company_id' }, expires: 'until', fields: { n: int({ unique: true }), until: datetime() } })",
  ],
]

testMistakes('what expired rows keep', entitiesOnly, mistakes)
