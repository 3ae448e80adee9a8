import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowColumns } from '../../server/seed/row-columns.ts'
import { acme, ann, useWrittenServer } from './written-server.ts'

const app = useWrittenServer({
  'schema/all.entity.ts': `import { datetime, entity, formulas, int, many, one, row, shift, string } from 'rowhouse/schema'
const bare = { column: { type: 'timestamp(3)' } }
export const Room = entity('Room', { fields: { name: string() }, relations: { stays: many('Stay', { by: 'room' }) }, computed: { late: int() } })
export const RoomFormulas = formulas(Room, { late: (r) => r.stays.count({ end: { over: '2030-01-01T00:00:00Z' } }) })
export const Stay = entity('Stay', {
  expires: 'until',
  fields: {
    name: string(), start: datetime(bare), end: datetime(bare), until: datetime({ optional: true, ...bare }),
    seen: datetime({ optional: true }), asked: datetime({ optional: true, ...bare, default: 'now' }),
  },
  relations: { room: one('Room') },
  computed: { dayAfter: datetime({ optional: true }) },
  noOverlap: { 'One stay at a time.': { on: ['room'], during: ['start', 'end'] } },
  rules: { 'asked before it ends': { asked: { atMost: '2900-01-01T00:00:00Z' } }, 'seen while it lasts': { seen: { atMost: '2900-01-01T00:00:00Z' } } },
})
export const StayFormulas = formulas(Stay, { dayAfter: (s) => shift(s.end, 1, 'days') })
export const Mixed = entity('Mixed', {
  fields: { start: datetime(bare), end: datetime({ optional: true }), copy: datetime({ optional: true, from: 'stay.seen', ...bare }), back: datetime({ optional: true, from: 'stay.start' }) },
  relations: { stay: one('Stay') },
  noOverlap: { 'One at a time.': { during: ['start', 'end'] } },
  rules: { 'ends after it starts': { end: { over: row('start') } } },
})`,
  'policies/all.ts': `import { Mixed, Room, Stay } from '../schema/all.entity.ts'
import { anything, defineRoles, policy } from 'rowhouse/policies'
export const roles = defineRoles({ admin: 'Does everything.' })
export const P0 = policy(Room, { all: { allow: 'admin', to: anything } })
export const P1 = policy(Stay, { all: { allow: 'admin', to: anything } })
export const P2 = policy(Mixed, { all: { allow: 'admin', to: anything } })`,
})

const zones = ['UTC', 'Pacific/Kiritimati', 'America/New_York'] as const

/** In a session whose clocks are elsewhere, as those of scripts and of people may be. */
function inZone<T>(zone: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  return app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, async (client) => {
    await client.query(`set local timezone = '${zone}'`)
    return await task(client)
  })
}

async function make(entity: 'Room' | 'Stay' | 'Mixed', row: object): Promise<string> {
  const field = entity.toLowerCase()
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`,
    { row },
  )
  if (errors.length > 0)
    throw new Error(errors.map(({ extensions, message }) => `${extensions.code} ${message}`).join())
  return data[`create${entity}`].id
}

const hour = 3_600_000
const near = (hours: number) => new Date(Date.now() + hours * hour).toISOString()
const stay = (roomId: string, start: string, end: string) => ({ roomId, name: 's', start, end })

describe.each(zones)('instants in columns without zone, the session in %s', (zone) => {
  test('end rows at their instant', async () => {
    const roomId = await make('Room', { name: 'r' })
    const [a, b, c] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'] as const
    await make('Stay', { ...stay(roomId, a, b), name: 'soon', until: near(1) })
    await make('Stay', { ...stay(roomId, b, c), name: 'lately', until: near(-1) })
    await make('Stay', { ...stay(roomId, c, '2026-01-04T00:00:00Z'), name: 'never' })
    const { rows } = await inZone(zone, (client) =>
      client.query('select name from app.stay where room_id = $1 order by name', [roomId]),
    )
    expect(rows.map(({ name }) => name)).toEqual(['never', 'soon'])
  })

  test('do not overlap, nor do those of one column without and one with zone', async () => {
    const roomId = await make('Room', { name: 'r' })
    await make('Stay', stay(roomId, '2026-01-01T10:00:00Z', '2026-01-01T12:00:00Z'))
    await make('Stay', stay(roomId, '2026-01-01T14:00:00+02:00', '2026-01-01T16:00:00+02:00'))
    await expect(make('Stay', stay(roomId, '2026-01-01T13:59:59+02:00', '2026-01-01T14:30:00+02:00'))).rejects.toThrow(
      'CONFLICT One stay at a time.',
    )
    // The offset counts: this is within the first, and between the two if one forgets it.
    await expect(make('Stay', stay(roomId, '2026-01-01T13:00:00+02:00', '2026-01-01T13:30:00+02:00'))).rejects.toThrow(
      'CONFLICT One stay at a time.',
    )
    const year = 2100 + zones.indexOf(zone)
    const stayId = await make('Stay', stay(roomId, '2040-01-01T10:00:00Z', '2040-01-01T12:00:00Z'))
    await inZone(zone, (client) =>
      client.query('insert into app.mixed (stay_id, start, "end") values ($1, $2, $3)', [
        ...[stayId, `${year}-01-01 10:00`, `${year}-01-01 12:00Z`],
      ]),
    )
    const touching = { stayId, start: `${year}-01-01T12:00:00Z`, end: `${year}-01-01T13:00:00Z` }
    await expect(make('Mixed', { ...touching, start: `${year}-01-01T11:59:00Z` })).rejects.toThrow('One at a time.')
    await make('Mixed', touching)
    await expect(make('Mixed', { ...touching, end: touching.start })).rejects.toThrow('VALIDATION')
    const { rows } = await inZone(zone, (client) =>
      client.query('select count(*)::int as n from app.mixed where stay_id = $1', [stayId]),
    )
    expect(rows).toEqual([{ n: 2 }])
  })

  test('are what formulas, defaults and copies take them for', async () => {
    const roomId = await make('Room', { name: 'r' })
    const stayId = await make('Stay', {
      ...stay(roomId, '2031-01-01T10:00:00Z', '2031-01-01T12:00:00Z'),
      seen: '2026-01-01T00:00:00Z',
    })
    const { rows } = await inZone(zone, async (client) => {
      await client.query(`insert into app.mixed (stay_id, start, "end") values ($1, $2, $3)`, [
        stayId,
        `${2200 + zones.indexOf(zone)}-01-01`,
        `${2200 + zones.indexOf(zone)}-01-02Z`,
      ])
      return client.query(
        `select m.copy::text, m.back = '2031-01-01T10:00:00Z' as back, abs(extract(epoch from s.asked - (now() at time zone 'utc'))) < 600 as asked
         from app.mixed m join app.stay s on s.id = m.stay_id where s.id = $1`,
        [stayId],
      )
    })
    expect(rows).toEqual([{ copy: '2026-01-01 00:00:00', back: true, asked: true }])
    const read = await app().ask('query ($id: UUID!) { stay(id: $id) { end dayAfter room { late } } }', { id: stayId })
    expect(read.data.stay).toEqual({
      ...{ end: '2031-01-01T12:00:00.000000+00:00', dayAfter: '2031-01-02T12:00:00.000000+00:00' },
      room: { late: 1 },
    })
  })
})

test('seeds say them with their zone', () => {
  const entity = app().model.entities.find(({ name }) => name === 'Stay')!
  const problems: string[] = []
  const row = rowColumns(entity, { id: ann, name: 's', start: '2026-01-01T10:00:00+02:00', end: null }, problems)
  expect(row).toMatchObject({ start: '2026-01-01T08:00:00', end: null })
})
