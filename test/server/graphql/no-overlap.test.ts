import { describe, expect, test } from 'vitest'
import { type LodgeCaller, lodgeId, tenants, useLodge } from '../lodge.ts'

const lodge = useLodge()
const host: LodgeCaller = { role: 'host' }
const title = 'A room has one guest at a time.'

let rooms = 0
/** Makes a room; its id. */
async function makeRoom(caller = host): Promise<string> {
  const query = 'mutation ($room: RoomInput!) { createRoom(input: { room: $room }) { id } }'
  return (await lodge().ask(caller, query, { room: { name: `Room ${++rooms}` } })).data.createRoom.id
}

const create = 'mutation ($booking: BookingInput!) { createBooking(input: { booking: $booking }) { id } }'
function book(roomId: string, from: string | null, to: string | null, more: object = {}, caller = host) {
  return lodge().ask(caller, create, { booking: { roomId, stay: { from, to }, ...more } })
}

function change(field: 'updateBooking' | 'removeBooking' | 'restoreBooking', id: string, patch?: object) {
  const input = patch === undefined ? '{ id: $id }' : '{ id: $id, patch: $patch }'
  const variables = patch === undefined ? '$id: UUID!' : '$id: UUID!, $patch: BookingPatch!'
  return lodge().ask(host, `mutation (${variables}) { ${field}(input: ${input}) { id } }`, { id, patch })
}

const conflict = { message: title, extensions: { code: 'CONFLICT', fields: ['roomId', 'stay'], rule: title } }

describe('a period', () => {
  test('a second stay in the same room is refused with the title, and nothing of the first', async () => {
    const room = await makeRoom()
    expect((await book(room, '2026-08-03', '2026-08-07')).errors).toEqual([])
    const { errors, text } = await book(room, '2026-08-07', '2026-08-09')
    expect(errors).toEqual([expect.objectContaining(conflict)])
    expect(text).not.toContain('2026-08-03')
    expect(text).not.toContain('excl')
    // The day after the last one is free.
    expect((await book(room, '2026-08-08', '2026-08-09')).errors).toEqual([])
  })

  test('another room, a row that the condition leaves out, and a removed row stand in nobody’s way', async () => {
    const [room, other] = [await makeRoom(), await makeRoom()]
    const first = await book(room, '2026-08-01', null)
    expect((await book(other, '2026-08-03', null)).errors).toEqual([])
    expect((await book(room, '2026-08-03', '2026-08-04', { cancelled: true })).errors).toEqual([])
    expect((await change('removeBooking', first.data.createBooking.id)).errors).toEqual([])
    expect((await book(room, '2026-08-03', '2026-08-04')).errors).toEqual([])
  })

  test('neither a change nor a return brings two together', async () => {
    const room = await makeRoom()
    const first = (await book(room, '2026-08-01', '2026-08-02')).data.createBooking.id
    const second = (await book(room, '2026-08-03', '2026-08-04')).data.createBooking.id
    expect((await change('updateBooking', second, { stay: { from: '2026-08-02', to: '2026-08-04' } })).errors).toEqual([
      expect.objectContaining(conflict),
    ])
    await change('removeBooking', first)
    expect((await change('updateBooking', second, { stay: { from: '2026-08-02', to: '2026-08-04' } })).errors).toEqual(
      [],
    )
    expect((await change('restoreBooking', first)).errors).toEqual([expect.objectContaining(conflict)])
  })

  test('two tenants keep the same days in rooms of the same id', async () => {
    const room = '00000000-0000-8000-9001-0000000c0001'
    await lodge().database.asOwner(async (client) => {
      for (const tenant of Object.values(tenants))
        await client.query(`insert into app.room (tenant_id, id, name) values ($1, $2, 'Shared id')`, [tenant, room])
    })
    expect((await book(room, '2026-08-01', '2026-08-05')).errors).toEqual([])
    const bay: LodgeCaller = { role: 'host', tenant: 'bay' }
    expect((await book(room, '2026-08-01', '2026-08-05', {}, bay)).errors).toEqual([])
    expect((await book(room, '2026-08-05', '2026-08-06', {}, bay)).errors).toEqual([expect.objectContaining(conflict)])
  })

  test('of many at once one wins, and the others are told why', async () => {
    const room = await makeRoom()
    const answers = await Promise.all(Array.from({ length: 4 }, () => book(room, '2026-08-01', '2026-08-05')))
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
    const refused = answers.flatMap(({ errors }) => errors)
    expect(refused).toHaveLength(3)
    for (const error of refused) expect(error.extensions.code).toBe('CONFLICT')
    const { rows } = await lodge().database.asOwner((client) =>
      client.query('select count(*)::int as n from app.booking where room_id = $1', [room]),
    )
    expect(rows).toEqual([{ n: 1 }])
  })
})

describe('a pair of fields', () => {
  const shift = (values: object) =>
    lodge().ask(host, 'mutation ($shift: ShiftInput!) { createShift(input: { shift: $shift }) { id } }', {
      shift: values,
    })

  test('instants meet up to, but without, the end; a missing end is open', async () => {
    const floor = 1
    expect((await shift({ floor, startsAt: '2026-08-01T08:00:00Z', endsAt: '2026-08-01T12:00:00Z' })).errors).toEqual(
      [],
    )
    expect((await shift({ floor, startsAt: '2026-08-01T12:00:00Z' })).errors).toEqual([])
    const { errors } = await shift({ floor, startsAt: '2030-01-01T00:00:00Z', endsAt: '2030-01-01T01:00:00Z' })
    expect(errors[0]).toMatchObject({
      message: 'One shift a floor.',
      extensions: { code: 'CONFLICT', fields: ['floor', 'startsAt', 'endsAt'] },
    })
    expect((await shift({ floor: 2, startsAt: '2026-08-01T08:00:00Z' })).errors).toEqual([])
  })

  test('an end before the beginning is refused, and both fields are named', async () => {
    const { errors } = await shift({ floor: 3, startsAt: '2026-08-01T08:00:00Z', endsAt: '2026-08-01T08:00:00Z' })
    expect(errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', fields: ['startsAt', 'endsAt'] })
  })

  test('the last day counts; rows without any day have no period', async () => {
    const at = (floor: number) => ({ floor, startsAt: '2026-08-01T08:00:00Z' })
    expect((await shift({ ...at(4), firstDay: '2026-09-01', lastDay: '2026-09-03' })).errors).toEqual([])
    expect((await shift(at(5))).errors).toEqual([])
    expect((await shift(at(6))).errors).toEqual([])
    const { errors } = await shift({ ...at(7), firstDay: '2026-09-03', lastDay: '2026-09-03' })
    expect(errors[0]).toMatchObject({
      message: 'Days are given once.',
      extensions: { fields: ['firstDay', 'lastDay'] },
    })
    expect((await shift({ ...at(8), firstDay: '2026-09-04', lastDay: '2026-09-04' })).errors).toEqual([])
  })
})

test('a seeded room is taken', async () => {
  const { errors } = await book(lodgeId('room', 1), '2026-05-07', '2026-05-08')
  expect(errors).toEqual([expect.objectContaining(conflict)])
})
