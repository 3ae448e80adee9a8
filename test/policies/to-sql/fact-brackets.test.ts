import { expect, test } from 'vitest'
import { toText } from '#base'
import { conditionToSql, indexModel, namedRow, rowActor } from '#policies'
import * as m from '../../support/model.ts'

const model = m.makeModel({
  entities: {
    User: { tenant: false, fields: { rank: m.optional(m.int()) } },
    Note: { fields: { title: m.text() } },
  },
  actor: { entity: 'User', values: [] },
})

test('alternatives about the caller stand in brackets: else any row of anybody would do', () => {
  const index = indexModel(model)
  const entity = index.entities.get('Note')!
  const where = m.any(m.compare('rank', 'is', 1), m.compare('rank', 'is', 2))
  const scope = { index, entity, row: namedRow('t0'), actor: rowActor, related: 'inline', depth: 0 } as const
  const text = toText(conditionToSql({ kind: 'fact', about: 'caller', where }, scope))
  expect(text).toBe(
    'exists (select from "app"."user" t1 where t1."id" = rowhouse.actor_id() and t1."deleted_at" is null and (t1."rank" = 1 or t1."rank" = 2))',
  )
})
