import { describe, expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../../schema/mistakes.ts'
import { modelOf } from '../../schema/written-app.ts'
import { withOrderPolicy, withOrderWhere } from './small-app.ts'

const compare = (on: string, op: string, to: unknown) => ({ kind: 'compare', on, op, to })
const value = (given: unknown) => ({ kind: 'value', value: given })
const id = '0190c5a0-7c1e-7000-8000-00000000000a'

describe('conditions are read as one tree', () => {
  const cases: readonly (readonly [where: string, condition: unknown])[] = [
    [`{ number: 'x' }`, compare('number', 'is', value('x'))],
    [`{ wantedOn: null }`, compare('wantedOn', 'is', value(null))],
    [`{ wantedOn: { isNot: null } }`, compare('wantedOn', 'isNot', value(null))],
    [`{ wantedOn: { before: '2026-02-28' } }`, compare('wantedOn', 'under', value('2026-02-28'))],
    [
      `{ placedAt: { after: '2026-02-28T01:00+02:00' } }`,
      compare('placedAt', 'over', value('2026-02-27T23:00:00.000Z')),
    ],
    [`{ total: { atMost: usd('50000.00') } }`, compare('total', 'atMost', value('50000'))],
    [`{ weight: { under: '-0012.50' } }`, compare('weight', 'under', value('-12.5'))],
    [`{ size: '9223372036854775807' }`, compare('size', 'is', value('9223372036854775807'))],
    [`{ status: { in: ['draft', 'placed'] } }`, compare('status', 'in', { kind: 'list', values: ['draft', 'placed'] })],
    [
      `{ weight: { atLeast: '1', under: '5' } }`,
      { kind: 'and', all: [compare('weight', 'atLeast', value('1')), compare('weight', 'under', value('5'))] },
    ],
    [
      `{ anyOf: [{ number: 'x' }, { not: { number: 'y' } }] }`,
      {
        kind: 'or',
        any: [compare('number', 'is', value('x')), { kind: 'not', not: compare('number', 'is', value('y')) }],
      },
    ],
    [`{ placedBy: actor.id }`, compare('placedBy', 'is', { kind: 'actor', name: 'id' })],
    [`{ placedBy: { isNot: actor.id } }`, compare('placedBy', 'isNot', { kind: 'actor', name: 'id' })],
    [`{ placedBy: '${id.toUpperCase()}' }`, compare('placedBy', 'is', value(id))],
    [`{ id: { in: ['${id}'] } }`, compare('id', 'in', { kind: 'list', values: [id] })],
    [
      `{ customer: { organization: actor.managed, region: actor.region } }`,
      {
        kind: 'path',
        relation: 'customer',
        where: {
          kind: 'and',
          all: [
            compare('organization', 'in', { kind: 'actor', name: 'managed' }),
            compare('region', 'is', { kind: 'actor', name: 'region' }),
          ],
        },
      },
    ],
    [
      `{ customer: { organization: { notIn: actor.managed }, rank: { atMost: actor.limit } } }`,
      {
        kind: 'path',
        relation: 'customer',
        where: {
          kind: 'and',
          all: [
            compare('organization', 'notIn', { kind: 'actor', name: 'managed' }),
            compare('rank', 'atMost', { kind: 'actor', name: 'limit' }),
          ],
        },
      },
    ],
    [
      `{ tip: { over: eur('5') } }`,
      { kind: 'and', all: [compare('currency', 'is', value('EUR')), compare('tip', 'over', value('5'))] },
    ],
    [
      `{ tip: { isNot: eur('5') } }`,
      {
        kind: 'not',
        not: { kind: 'and', all: [compare('currency', 'is', value('EUR')), compare('tip', 'is', value('5'))] },
      },
    ],
    [
      String.raw`{ number: '"; drop table x; --\n:OWNER __proto__' }`,
      compare('number', 'is', value('"; drop table x; --\n:OWNER __proto__')),
    ],
  ]
  test.each(cases)('%s', async (where, condition) => {
    const model = await modelOf(withOrderWhere(where))
    expect(model.policies.find(({ entity }) => entity === 'Order')?.rules[0]?.where).toEqual(condition)
  })

  test('a named condition stands where it is used', async () => {
    const model = await modelOf(
      withOrderPolicy(`const ours = condition(Customer, { vip: true })
const placed = condition(Order, { status: 'placed', customer: ours })
export const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read', where: { anyOf: [placed, { customer: ours }] } } })`),
    )
    const ours = { kind: 'path', relation: 'customer', where: compare('vip', 'is', value(true)) }
    expect(model.policies.find(({ entity }) => entity === 'Order')?.rules[0]?.where).toEqual({
      kind: 'or',
      any: [{ kind: 'and', all: [compare('status', 'is', value('placed')), ours] }, ours],
    })
  })
})

const mistakes: readonly Mistake[] = [
  ['an unknown field', [['POLICY_PATH_UNKNOWN', 'statuss']], `{ statuss: 'draft' }`],
  ['an unknown field behind a relation', [['POLICY_PATH_UNKNOWN', 'nam']], `{ customer: { nam: 'x' } }`],
  ['a relation by its column', [['POLICY_PATH_UNKNOWN', 'customerId']], `{ customerId: '${id}' }`],
  ['an unknown state', [['CONDITION_VALUE_INVALID', "'darft'"]], `{ status: 'darft' }`],
  ['an unknown state in a list', [['CONDITION_VALUE_INVALID', "'darft'"]], `{ status: { in: ['draft', 'darft'] } }`],
  ['a number for a text', [['CONDITION_VALUE_INVALID', '7']], `{ number: 7 }`],
  ['no such day', [['CONDITION_VALUE_INVALID', "'2026-02-30'"]], `{ wantedOn: { under: '2026-02-30' } }`],
  ['an instant for a day', [['CONDITION_VALUE_INVALID', "'2026-02-03T10:00Z'"]], `{ wantedOn: '2026-02-03T10:00Z' }`],
  ['no id', [['CONDITION_VALUE_INVALID', "'me'"]], `{ placedBy: 'me' }`],
  ['another currency', [['CONDITION_VALUE_INVALID', "eur('5')"]], `{ total: { over: eur('5') } }`],
  ['no currency', [['CONDITION_VALUE_INVALID', "amount('eur', '5')"]], `{ tip: { over: amount('eur', '5') } }`],
  ['a float for money', [['CONDITION_VALUE_INVALID', '1.5']], `{ total: { over: 1.5 } }`],
  ['the id of another entity', [['CONDITION_VALUE_INVALID', 'actor.id']], `{ customer: actor.id }`],
  ['a reach of another entity', [['CONDITION_VALUE_INVALID', 'actor.managed']], `{ customer: actor.managed }`],
  ['a reach for a field', [['CONDITION_VALUE_INVALID', 'actor.managed']], `{ number: actor.managed }`],
  ['a claim of another kind', [['CONDITION_VALUE_INVALID', 'actor.limit']], `{ number: actor.limit }`],
  ['a single value for a list', [['CONDITION_OPERATOR_INVALID', 'actor.id']], `{ placedBy: { in: actor.id } }`],
  ['no list', [['CONDITION_VALUE_INVALID', "'draft'"]], `{ status: { in: 'draft' } }`],
  ['an unknown comparison', [['CONDITION_OPERATOR_INVALID', 'atmost']], `{ weight: { atmost: '5' } }`],
  ['order among texts', [['CONDITION_OPERATOR_INVALID', 'over']], `{ number: { over: 'x' } }`],
  ['order among states', [['CONDITION_OPERATOR_INVALID', 'startsWith']], `{ status: { startsWith: 'd' } }`],
  ['null in an order', [['CONDITION_OPERATOR_INVALID', 'null']], `{ weight: { atMost: null } }`],
  ['an order of rows', [['CONDITION_OPERATOR_INVALID', 'over']], `{ placedBy: { is: actor.id, over: null } }`],
  ['many rows', [['CONDITION_PATH_TO_MANY', 'number']], `{ customer: { orders: { number: 'x' } } }`],
  ['nothing', [['CONDITION_EMPTY', '{}']], `{}`],
  ['nothing behind a relation', [['CONDITION_EMPTY', '{}']], `{ customer: {} }`],
  ['nothing about a field', [['CONDITION_EMPTY', '{}']], `{ number: {} }`],
  ['an empty not', [['CONDITION_EMPTY', '{}']], `{ not: {} }`],
  ['an empty anyOf', [['CONDITION_EMPTY', '[]']], `{ anyOf: [] }`],
  ['an empty list', [['CONDITION_EMPTY', '[]']], `{ status: { in: [] } }`],
  ['a list for a condition', [['CONDITION_VALUE_INVALID', "['draft']"]], `{ status: ['draft'] }`],
  ['a text for a condition', [['CONDITION_VALUE_INVALID', "'draft'"]], `'draft'`],
]

testMistakes('mistakes in conditions', withOrderWhere, mistakes)

testMistakes('named conditions', withOrderPolicy, [
  [
    'spread beside other keys: told once, with the way out',
    [['CONDITION_VALUE_INVALID', "{ ...placed, number: 'x' }"]],
    `const placed = condition(Order, { status: 'placed' })
export const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read', where: { ...placed, number: 'x' } } })`,
  ],
  [
    'of another entity',
    [['CONDITION_VALUE_INVALID', 'ours']],
    `const ours = condition(Customer, { vip: true })
export const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read', where: ours } })`,
  ],
  [
    'a mistake in one is told once, where it is',
    [['POLICY_PATH_UNKNOWN', 'vp']],
    `const ours = condition(Customer, { vp: true })
export const OrderPolicy = policy(Order, {
  'a': { allow: 'admin', to: 'read', where: { customer: ours } },
  'b': { allow: 'admin', to: 'update', where: { customer: ours } },
})`,
  ],
])
