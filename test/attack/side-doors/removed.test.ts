import { expect, test } from 'vitest'
import { hostileTexts } from '../hostile-values.ts'
import { boss, ownA, useDoors, zoe } from './doors.ts'
import { functionOf, viewOf, without } from './without.ts'

// Rules over removed rows, and over claims. Protection: functions that rules ask see live rows alone; claims are bound.
const app = useDoors([['local']])
const guest = { sub: zoe, roles: ['guest'] }
const seen = `{ orders { totalCount nodes { number } } orderLines { totalCount } order(id: "${ownA}") { lines { totalCount } history { totalCount } } }`
const nothing = { orders: { totalCount: 0, nodes: [] }, orderLines: { totalCount: 0 }, order: null }
const live = (name: RegExp) =>
  functionOf(name, (text) => text.replaceAll(/\(?\w+\.deleted_at IS NULL\)?/gi, 'true'), 'private')

test('a removed remark shows its order to nobody, nor what hangs on that by may()', async () => {
  const remark = '00000000-0000-7000-8000-000000000401'
  const run = (verb: string) => app().data(boss, `mutation { ${verb}Remark(input: { id: "${remark}" }) { id } }`)
  expect(await app().data(guest, seen)).toMatchObject({ orders: { totalCount: 1 }, orderLines: { totalCount: 1 } })
  await run('remove')
  expect(await app().data(guest, seen)).toEqual(nothing)
  const blind = live(/^rowhouse_private\.(remark|order)_[0-9a-f]{12}/)
  expect((await without(app(), blind, () => app().data(guest, seen))).orders.totalCount).toBe(1)
  await run('restore')
  expect(await app().data(guest, seen)).toMatchObject({ orders: { totalCount: 1 }, orderLines: { totalCount: 1 } })
})

test('a removed membership grants nothing', async () => {
  const query = '{ orders { totalCount } customers { totalCount } teams { totalCount } orderLines { totalCount } }'
  await app().data(boss, 'mutation { removeMembership(input: { id: "00000000-0000-7000-8000-0000000000e1" }) { id } }')
  const none = { totalCount: 0 }
  expect(await app().data({}, query)).toEqual({ orders: none, customers: none, teams: none, orderLines: none })
  const liveView = viewOf('rowhouse_private.reached_teams', (text) =>
    text.replaceAll(/\(?\w+\.deleted_at IS NULL\)?/gi, 'true'),
  )
  const told = await without(app(), liveView, () => app().data({}, query))
  expect(told.orders.totalCount).toBe(2)
})

test('a claim is compared as it is: no text of it is a pattern, SQL or a setting', async () => {
  const teams = async (region: unknown) =>
    (await app().as({ roles: ['local'], claims: { region } }, '{ teams { nodes { name } } }')).data
  expect(await teams('North')).toEqual({ teams: { nodes: [{ name: 'North' }] } })
  const odd = [
    ...hostileTexts,
    "North' or true --",
    'north',
    'Nor%',
    'North\n',
    'North ',
    '"North"',
    '["North"]',
    'x'.repeat(5000),
  ]
  for (const region of odd)
    expect([region.slice(0, 60), await teams(region)]).toEqual([region.slice(0, 60), { teams: { nodes: [] } }])
  for (const region of [['North'], { equalTo: 'North' }, 1, true, 'North\0'])
    expect([region, await teams(region)]).toEqual([region, null])
})
