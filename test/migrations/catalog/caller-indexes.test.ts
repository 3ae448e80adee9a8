import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { columnsOfCaller, entityOf, indexModel } from '#policies'
import * as m from '../../support/model.ts'

const model = m.makeModel({
  entities: {
    User: { tenant: false, fields: { name: m.text() } },
    Team: { fields: { name: m.text() } },
    Member: { relations: { user: m.one('User'), team: m.one('Team') } },
    Order: { relations: { owner: m.one('User'), buyer: m.one('User'), payer: m.one('User'), team: m.one('Team') } },
    Line: { relations: { order: m.one('Order'), packer: m.one('User'), checker: m.one('User', { optional: true }) } },
  },
  roles: { clerk: [] },
  actor: { entity: 'User', values: [m.reach('teams', { to: 'Team', via: 'Member', as: 'user', toward: 'team' })] },
  policies: {
    Order: [
      m.allow('theirs', 'clerk', ['read'], { where: m.compare('owner', 'is', m.actor('id')) }),
      m.allow('of their teams', 'clerk', ['read'], { where: m.compare('team', 'in', m.actor('teams')) }),
      m.allow('not bought', 'clerk', ['read'], { where: m.compare('buyer', 'isNot', m.actor('id')) }),
      m.allow('paid, changed', 'clerk', ['update'], { where: m.compare('payer', 'is', m.actor('id')) }),
    ],
    Line: [
      m.allow('of their orders', 'clerk', ['read'], {
        where: m.path('order', m.compare('owner', 'is', m.actor('id'))),
      }),
      m.allow('packed', 'clerk', ['read'], {
        where: m.any(m.compare('packer', 'is', m.actor('id')), m.compare('checker', 'is', m.actor('id'))),
      }),
    ],
  },
})
const index = indexModel(model)
const table = (name: string) => buildCatalog(model).tables.find((each) => each.name === name)!
const keysOf = (name: string) =>
  Object.fromEntries(table(name).indexes.map((each) => [each.name, each.keys.join().replaceAll('"', '')]))

test('what callers read rows by is one value of theirs, held against a column that finds them', () => {
  expect([...columnsOfCaller(entityOf(index, 'Order'), index)]).toEqual(['owner_id'])
  expect([...columnsOfCaller(entityOf(index, 'Line'), index)].sort()).toEqual([
    'checker_id',
    'order_owner_id',
    'packer_id',
  ])
})

test('the index of such a column ends with the key, that of any other does not', () => {
  expect(keysOf('line')).toEqual({
    line_checker_idx: 'tenant_id,checker_id,id',
    line_order_idx: 'tenant_id,order_id',
    line_order_owner_carried_idx: 'tenant_id,order_owner_id,id',
    line_packer_idx: 'tenant_id,packer_id,id',
  })
  expect(keysOf('order')).toEqual({
    order_buyer_idx: 'tenant_id,buyer_id',
    order_payer_idx: 'tenant_id,payer_id',
    order_team_idx: 'tenant_id,team_id',
  })
})

test('a key that copies refer to finds the rows and orders them, and no index stands beside it', () => {
  const keys = table('order').constraints.filter(({ name }) => name.endsWith('_same_key'))
  expect(keys.map(({ definition }) => definition)).toEqual(['unique ("tenant_id", "owner_id", "id")'])
})
