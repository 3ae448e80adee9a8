import { expect, test } from 'vitest'
import { ann, useWrittenServer } from '../../options/written-server.ts'

/** A row has its global id until it is gone: payloads tell it again, whatever its key is made of, so that caches find what to forget. */
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Plain = entity('Plain', { fields: { name: string({ default: '' }) } })
export const Coded = entity('Coded', { key: 'code', fields: { code: string() } })
export const Chosen = entity('Chosen', { key: 'side', fields: { side: choice(['left-hand', 'right']) } })
export const Counted = entity('Counted', { key: 'number', fields: { number: int() } })
export const Big = entity('Big', { key: 'number', fields: { number: int64() } })
export const Daily = entity('Daily', { key: 'day', fields: { day: date() } })
export const Slot = entity('Slot', { key: ['coded', 'hour'], fields: { hour: int() }, relations: { coded: one('Coded', { onDelete: 'cascade', onRemove: 'cascade' }) } })`,
    'policies/all.ts': `import { Big, Chosen, Coded, Counted, Daily, Plain, Slot } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Plain, { all })
export const P1 = policy(Coded, { all })
export const P2 = policy(Chosen, { all })
export const P3 = policy(Counted, { all })
export const P4 = policy(Big, { all })
export const P5 = policy(Daily, { all })
export const P6 = policy(Slot, { all })`,
  },
  ['admin'],
)

const admin = { roles: ['admin'], sub: ann }

async function ask(query: string, variables: object) {
  const { data, errors } = await app().ask(query, variables, admin)
  expect(errors).toEqual([])
  return data
}

/** Makes a row and gives its key and its global id. */
async function made(entity: string, row: object, key: readonly string[]) {
  const field = entity.charAt(0).toLowerCase() + entity.slice(1)
  const { [`create${entity}`]: payload } = await ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { ${field} { nodeId ${key.join(' ')} } } }`,
    { row },
  )
  const { nodeId, ...found } = payload[field]
  return { nodeId: nodeId as string, key: found as Readonly<Record<string, string | number>> }
}

const kinds: readonly (readonly [string, object, readonly string[]])[] = [
  ['Plain', { name: 'x' }, ['id']],
  ['Coded', { code: 'Ü"[1]' }, ['code']],
  ['Chosen', { side: 'left_hand' }, ['side']],
  ['Counted', { number: -7 }, ['number']],
  ['Big', { number: '9007199254740993' }, ['number']],
  ['Daily', { day: '2026-02-01' }, ['day']],
  ['Slot', { codedId: 'base', hour: 3 }, ['codedId', 'hour']],
]

test.each(kinds)('%s', async (entity, row, names) => {
  if (entity === 'Slot') await made('Coded', { code: 'base' }, ['code'])
  const { nodeId, key } = await made(entity, row, names)
  const change = (verb: 'remove' | 'restore' | 'delete', answer: string) => {
    const input = `${verb[0]!.toUpperCase()}${verb.slice(1)}${entity}Input!`
    return ask(`mutation ($input: ${input}) { done: ${verb}${entity}(input: $input) { ${answer} } }`, { input: key })
  }
  expect((await change('remove', 'deletedNodeId')).done).toEqual({ deletedNodeId: nodeId })
  await change('restore', '__typename')
  expect((await change('delete', 'deletedNodeId')).done).toEqual({ deletedNodeId: nodeId })
})

test('ids as somebody else may write them', async () => {
  const { nodeId, key } = await made('Plain', {}, ['id'])
  const gone = 'mutation ($id: UUID!) { gone: removePlain(input: { id: $id }) { deletedNodeId } }'
  expect((await ask(gone, { id: String(key.id).toUpperCase() })).gone).toEqual({ deletedNodeId: nodeId })
  const big = await made('Big', { number: '12' }, ['number'])
  const text = 'mutation { gone: deleteBig(input: { number: "+0012" }) { deletedNodeId } }'
  expect((await ask(text, {})).gone).toEqual({ deletedNodeId: big.nodeId })
})

test('of batches, in the order of the input, also where entities share a payload', async () => {
  const [one, two] = [await made('Plain', {}, ['id']), await made('Plain', {}, ['id'])]
  const ids = 'mutation ($ids: [UUID!]!) { gone: deletePlains(input: { ids: $ids }) { ids deletedNodeIds } }'
  const given = [two.key.id, one.key.id]
  expect((await ask(ids, { ids: given })).gone).toEqual({ ids: given, deletedNodeIds: [two.nodeId, one.nodeId] })
  await made('Coded', { code: 'c' }, ['code'])
  const slots = [
    await made('Slot', { codedId: 'c', hour: 1 }, ['codedId', 'hour']),
    await made('Slot', { codedId: 'c', hour: 2 }, ['codedId', 'hour']),
  ]
  const keys = 'mutation ($keys: [SlotKeyInput!]!) { gone: removeSlots(input: { keys: $keys }) { deletedNodeIds } }'
  expect((await ask(keys, { keys: slots.map(({ key }) => key) })).gone).toEqual({
    deletedNodeIds: slots.map(({ nodeId }) => nodeId),
  })
})

test('the same key of a request tells the same id again', async () => {
  const { nodeId, key } = await made('Plain', {}, ['id'])
  const gone =
    'mutation ($id: UUID!) { gone: deletePlain(input: { id: $id, idempotencyKey: "once" }) { deletedNodeId } }'
  for (const _ of [1, 2]) expect((await ask(gone, key)).gone).toEqual({ deletedNodeId: nodeId })
})
