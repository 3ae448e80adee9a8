import { expect, test } from 'vitest'
import { useDesk } from '../batches/desk.ts'

const desk = useDesk()

test('rules that look at rows of the same list see those before them', async () => {
  const room = (seats: readonly string[]) => ({ name: 'r', seats: { create: seats.map((name) => ({ name })) } })
  const make = (...seats: string[]) =>
    desk().ask('mutation ($room: RoomInput!) { createRoom(input: { room: $room }) { id } }', { room: room(seats) })
  const patch = (id: string, ...seats: string[]) =>
    desk().ask('mutation ($id: UUID!, $patch: RoomPatch!) { updateRoom(input: { id: $id, patch: $patch }) { id } }', {
      id,
      patch: room(seats),
    })
  expect((await make('a')).errors).toEqual([])
  const refused = [{ extensions: { code: 'FORBIDDEN', rows: [{ at: 'room.seats.create.1' }] } }]
  expect((await make('a', 'b')).errors).toMatchObject(refused)
  const { data } = await make()
  const added = await patch(data.createRoom.id, 'a', 'b')
  expect(added.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', rows: [{ at: 'patch.seats.create.1' }] } }])
})
