import { expect, test } from 'vitest'
import { toText } from '#base'
import { indexModel, reachQuery } from '#policies'
import type { ToOne } from '#schema'
import * as m from '../../support/model.ts'

/** What is asked for the groups of a caller, where members lead to them like this. */
function groupsOf(group: { readonly optional?: boolean; readonly onRemove?: ToOne['onRemove'] }, toward = 'group') {
  const model = m.makeModel({
    entities: {
      User: { tenant: false },
      Group: {},
      Member: { relations: { user: m.one('User'), group: m.one('Group', group) } },
    },
    actor: {
      entity: 'User',
      values: [m.reach('groups', { to: toward === 'id' ? 'Member' : 'Group', via: 'Member', as: 'user', toward })],
    },
  })
  const index = indexModel(model)
  const value = index.actorValues.get('groups')
  if (value?.kind !== 'reach') throw new Error('"groups" is a reach.')
  return toText(reachQuery(value, index))
}

const mine = `from "app"."member" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null`
const isThere = `exists (select from "app"."group" t1 where t1."id" = t0."group_id" and t1."deleted_at" is null)`

test.each([
  ['a group that outlives none of its members is not looked up', { onRemove: 'restrict' }, mine],
  ['nor is one that takes them along', { onRemove: 'cascade' }, mine],
  ['one that is removed without them is', { onRemove: 'keep' }, `${mine} and ${isThere}`],
  ['who has none leads nowhere', { optional: true, onRemove: 'restrict' }, `${mine} and t0."group_id" is not null`],
] as const)('%s', (_, group, from) => {
  expect(groupsOf(group)).toBe(`select distinct t0."group_id" ${from}`)
})

test('the links themselves are each there once', () => {
  expect(groupsOf({}, 'id')).toBe(`select t0."id" ${mine}`)
})
