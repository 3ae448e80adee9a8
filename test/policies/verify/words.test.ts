import { describe, expect, test } from 'vitest'
import { modelJson, printApp, readModelJson } from '#policies'
import { type Mistake, testMistakes } from '../../schema/mistakes.ts'
import { modelOf, problemsOf } from '../../schema/written-app.ts'
import { withNamed, withRule, withWords, withWordsPolicies } from './words-app.ts'

const compare = (on: string, op: string, to: unknown) => ({ kind: 'compare', on, op, to })
const value = (given: unknown) => ({ kind: 'value', value: given })
const list = (...values: readonly unknown[]) => ({ kind: 'list', values })
const many = (relation: string, how: string, where: unknown) => ({ kind: 'many', relation, how, where })
const path = (relation: string, where: unknown) => ({ kind: 'path', relation, where })
const and = (...all: readonly unknown[]) => ({ kind: 'and', all })
const or = (...any: readonly unknown[]) => ({ kind: 'or', any })
const not = (inner: unknown) => ({ kind: 'not', not: inner })
const may = (verb: string) => ({ kind: 'may', verb })
const row = (name: string, more: object = {}) => ({ kind: 'row', name, ...more })
const now = (by: object | null = null) => ({ kind: 'now', by })
const shift = (by: object) => now({ months: 0, days: 0, seconds: 0, ...by })
const fact = (about: string, more: object) => ({ kind: 'fact', about, ...more })
const request = (on: string, op: string, to: unknown) => fact('request', { on, op, to })
const claim = (on: string, op: string, to: unknown) => fact('claim', { on, op, to })
const caller = (where: unknown) => fact('caller', { where })

type Case = readonly [where: string, condition: unknown]

const ofMany: readonly Case[] = [
  [`{ lines: { some: { quantity: 1 } } }`, many('lines', 'some', compare('quantity', 'is', value(1)))],
  [`{ lines: { none: { quantity: 1 } } }`, many('lines', 'none', compare('quantity', 'is', value(1)))],
  [
    `{ lines: { some: { quantity: 1 }, every: { quantity: { over: 0 } } } }`,
    and(
      many('lines', 'some', compare('quantity', 'is', value(1))),
      many('lines', 'every', compare('quantity', 'over', value(0))),
    ),
  ],
  [`{ lines: { empty: true } }`, many('lines', 'none', null)],
  [`{ lines: { empty: false } }`, many('lines', 'some', null)],
  [`{ products: { some: { name: 'x' } } }`, many('products', 'some', compare('name', 'is', value('x')))],
  [`{ tags: { none: { name: 'x' } } }`, many('tags', 'none', compare('name', 'is', value('x')))],
  [`{ bill: { paid: true } }`, many('bill', 'some', compare('paid', 'is', value(true)))],
  [`{ bill: { empty: true } }`, many('bill', 'some', compare('empty', 'is', value(true)))],
  [`{ bill: { none: { paid: true } } }`, many('bill', 'none', compare('paid', 'is', value(true)))],
  [`{ bill: null }`, many('bill', 'none', null)],
  [`{ bill: { isNot: null } }`, many('bill', 'some', null)],
  [
    `{ customer: { orders: { some: { lines: { every: { product: { name: 'x' } } } } } } }`,
    path(
      'customer',
      many('orders', 'some', many('lines', 'every', path('product', compare('name', 'is', value('x'))))),
    ),
  ],
  [
    `{ customer: { orders: { some: { id: { in: ['0190c5a0-7c1e-7000-8000-00000000000a'] } } } } }`,
    path('customer', many('orders', 'some', compare('id', 'in', list('0190c5a0-7c1e-7000-8000-00000000000a')))),
  ],
]

const ofRights: readonly Case[] = [
  [`{ customer: may('read') }`, path('customer', may('read'))],
  [`{ lines: { some: may('update') } }`, many('lines', 'some', may('update'))],
  [
    `{ lines: { none: may('read'), every: { product: may('read') } } }`,
    and(many('lines', 'none', may('read')), many('lines', 'every', path('product', may('read')))),
  ],
  [`{ bill: may('read') }`, many('bill', 'some', may('read'))],
  [
    `{ customer: { allOf: [may('read'), { name: 'x' }] } }`,
    path('customer', and(may('read'), compare('name', 'is', value('x')))),
  ],
]

const ofTime: readonly Case[] = [
  [`{ placedAt: { under: now } }`, compare('placedAt', 'under', now())],
  [`{ wantedOn: now }`, compare('wantedOn', 'is', now())],
  [
    `{ placedAt: { after: ago({ days: 30, hours: 2 }) } }`,
    compare('placedAt', 'over', shift({ days: -30, seconds: -7200 })),
  ],
  [`{ wantedOn: { atMost: ahead({ months: 1 }) } }`, compare('wantedOn', 'atMost', shift({ months: 1 }))],
  [`{ stay: { covers: now } }`, compare('stay', 'covers', now())],
]

const ofRows: readonly Case[] = [
  [`{ promisedOn: { atLeast: row('wantedOn') } }`, compare('promisedOn', 'atLeast', row('wantedOn'))],
  [`{ promisedOn: { atLeast: its('wantedOn') } }`, compare('promisedOn', 'atLeast', row('wantedOn'))],
  [
    `{ promisedOn: { atLeast: row('customer.dueOn') } }`,
    compare('promisedOn', 'atLeast', row('dueOn', { way: ['customer'] })),
  ],
  [`{ total: { atMost: row('customer.limit') } }`, compare('total', 'atMost', row('limit', { way: ['customer'] }))],
  [`{ placedBy: { isNot: row('customer.owner') } }`, compare('placedBy', 'isNot', row('owner', { way: ['customer'] }))],
  [`{ placedBy: row('customer.team.lead') }`, compare('placedBy', 'is', row('lead', { way: ['customer', 'team'] }))],
  [
    `{ lines: { some: { quantity: { over: its('most') }, price: { over: row('total') } } } }`,
    many(
      'lines',
      'some',
      and(compare('quantity', 'over', row('most')), compare('price', 'over', row('total', { of: 'rule' }))),
    ),
  ],
  [
    `{ customer: { orders: { some: { placedBy: row('placedBy'), id: { isNot: row('id') } } } } }`,
    path(
      'customer',
      many(
        'orders',
        'some',
        and(
          compare('placedBy', 'is', row('placedBy', { of: 'rule' })),
          compare('id', 'isNot', row('id', { of: 'rule' })),
        ),
      ),
    ),
  ],
]

const ofFacts: readonly Case[] = [
  [`{ actor: { name: 'x' } }`, caller(compare('name', 'is', value('x')))],
  [
    `{ actor: { name: 'x', since: { under: ago({ years: 1 }) } } }`,
    caller(and(compare('name', 'is', value('x')), compare('since', 'under', shift({ months: -12 })))),
  ],
  [`{ actor: { not: { name: 'x' } } }`, caller(not(compare('name', 'is', value('x'))))],
  [`{ not: { actor: { name: 'x' } } }`, not(caller(compare('name', 'is', value('x'))))],
  [`{ actor: { region: 'eu' } }`, claim('region', 'is', value('eu'))],
  [
    `{ actor: { limit: { over: 3, atMost: 5 } } }`,
    and(claim('limit', 'over', value(3)), claim('limit', 'atMost', value(5))),
  ],
  [`{ actor: { until: { over: now } } }`, claim('until', 'over', now())],
  [`{ actor: { role: 'sales' } }`, fact('role', { roles: ['sales'] })],
  [`{ actor: { role: { in: ['sales', 'lead'] } } }`, fact('role', { roles: ['sales', 'lead'] })],
  [`{ actor: { role: { notIn: ['sales'] } } }`, not(fact('role', { roles: ['sales'] }))],
  [
    `{ actor: { name: 'x', region: 'eu', since: now } }`,
    and(
      caller(and(compare('name', 'is', value('x')), compare('since', 'is', now()))),
      claim('region', 'is', value('eu')),
    ),
  ],
  [
    `{ actor: { anyOf: [{ name: 'x' }, { role: 'lead' }] } }`,
    or(caller(compare('name', 'is', value('x'))), fact('role', { roles: ['lead'] })),
  ],
  [`{ request: { mfa: true } }`, request('mfa', 'is', value(true))],
  [`{ request: { ip: { inside: '10.0.0.0/8' } } }`, request('ip', 'inside', list('10.0.0.0/8'))],
  [
    `{ request: { ip: { inside: ['10.0.0.0/8', '2001:db8::/32', '::1/128'] } } }`,
    request('ip', 'inside', list('10.0.0.0/8', '2001:db8::/32', '::1/128')),
  ],
  [
    `{ request: { hour: { atLeast: 8, under: 18 } } }`,
    and(request('hour', 'atLeast', value(8)), request('hour', 'under', value(18))),
  ],
  [`{ request: { weekday: { notIn: ['sat', 'sun'] } } }`, request('weekday', 'notIn', list('sat', 'sun'))],
  [`{ request: { signedInFor: { under: { minutes: 5 } } } }`, request('signedInFor', 'under', value(300))],
  [`{ request: { signedInFor: { over: { days: 1, hours: 2 } } } }`, request('signedInFor', 'over', value(93_600))],
  [`{ tenant: { plan: 'pro' } }`, fact('tenant', { where: compare('plan', 'is', value('pro')) })],
  [
    `{ customer: { tenant: { plan: 'pro' }, name: 'x' } }`,
    path(
      'customer',
      and(fact('tenant', { where: compare('plan', 'is', value('pro')) }), compare('name', 'is', value('x'))),
    ),
  ],
]

const cases = [...ofMany, ...ofRights, ...ofTime, ...ofRows, ...ofFacts]

describe('what authors write comes to the tree, to JSON and back, and to TypeScript and back', () => {
  test.each(cases)('%s', async (where, condition) => {
    const model = await modelOf(withWords(where))
    const read = (from: typeof model) => from.policies.find(({ entity }) => entity === 'Order')?.rules[0]?.where
    expect(read(model)).toEqual(condition)
    const text = modelJson(model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
    expect(read(await modelOf(printApp(model)))).toEqual(condition)
  })

  test('the value before a change', async () => {
    const model = await modelOf(
      withRule(
        `becoming: { total: { atMost: was('total') }, customer: was('customer'), status: { isNot: was('status') } }`,
      ),
    )
    const becoming = model.policies.find(({ entity }) => entity === 'Order')?.rules[0]?.becoming
    const was = (name: string) => ({ kind: 'was', name })
    expect(becoming).toEqual(
      and(
        compare('total', 'atMost', was('total')),
        compare('customer', 'is', was('customer')),
        compare('status', 'isNot', was('status')),
      ),
    )
    const text = modelJson(model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
  })

  test('a named condition may ask for facts and compare within its row', async () => {
    const model = await modelOf(
      withNamed(
        `const late = condition(Item, { quantity: { over: its('most') }, request: { mfa: true } })`,
        `{ lines: { some: late, none: { allOf: [late] } } }`,
      ),
    )
    const late = and(compare('quantity', 'over', row('most')), request('mfa', 'is', value(true)))
    const where = model.policies.find(({ entity }) => entity === 'Order')?.rules[0]?.where
    expect(where).toEqual(and(many('lines', 'some', late), many('lines', 'none', late)))
  })
})

testMistakes('many rows', withWords, [
  ['without a word', [['CONDITION_PATH_TO_MANY', 'quantity']], `{ lines: { quantity: 1 } }`],
  ['null', [['CONDITION_PATH_TO_MANY', 'null']], `{ lines: null }`],
  ['a right', [['CONDITION_PATH_TO_MANY', "may('read')"]], `{ lines: may('read') }`],
  ['ids', [['CONDITION_PATH_TO_MANY', 'actor.customers']], `{ lines: actor.customers }`],
  ['an unknown word', [['CONDITION_OPERATOR_INVALID', 'som']], `{ lines: { som: { quantity: 1 } } }`],
  ['nothing', [['CONDITION_EMPTY', '{}']], `{ lines: {} }`],
  ['nothing of some', [['CONDITION_EMPTY', '{}']], `{ lines: { some: {} } }`],
  ['nothing of every', [['CONDITION_EMPTY', '{}']], `{ lines: { every: {} } }`],
  ['no answer', [['CONDITION_VALUE_INVALID', "'yes'"]], `{ lines: { empty: 'yes' } }`],
  [
    'some of none',
    [['CONDITION_CONSTANT', '{ empty: true, some: { quantity: 1 } }']],
    `{ lines: { empty: true, some: { quantity: 1 } } }`,
  ],
  ['an unknown name', [['POLICY_PATH_UNKNOWN', 'quantiti']], `{ lines: { some: { quantiti: 1 } } }`],
  ['a misspelt relation', [['POLICY_PATH_UNKNOWN', 'linse']], `{ linse: { some: { quantity: 1 } } }`],
  ['words about many on one', [['CONDITION_QUANTIFIER_MISPLACED', 'some']], `{ customer: { some: { name: 'x' } } }`],
  ['none on one', [['CONDITION_QUANTIFIER_MISPLACED', 'empty']], `{ customer: { empty: true } }`],
])

testMistakes('rights', withWords, [
  ['an unknown verb', [['RULE_VERB_UNKNOWN', "may('raed')"]], `{ customer: may('raed') }`],
  ['a verb of another entity', [['RULE_VERB_UNKNOWN', "may('place')"]], `{ customer: may('place') }`],
  ['on the row itself', [['CONDITION_MAY_MISPLACED', "may('read')"]], `may('read')`],
  [
    'on the row itself, in a list',
    [['CONDITION_MAY_MISPLACED', "may('read')"]],
    `{ anyOf: [may('read'), { number: 'x' }] }`,
  ],
  [
    'inside of a fact',
    [['CONDITION_MAY_MISPLACED', "may('read')"]],
    `{ actor: { allOf: [may('read'), { name: 'x' }] } }`,
  ],
])

testMistakes('time', withWords, [
  ['of a text', [['CONDITION_MOMENT_INVALID', 'now']], `{ number: now }`],
  ['hours of a day', [['CONDITION_MOMENT_INVALID', 'ago({ hours: 2 })']], `{ wantedOn: { under: ago({ hours: 2 }) } }`],
  ['no length', [['CONDITION_MOMENT_INVALID', 'ago({})']], `{ placedAt: { under: ago({}) } }`],
  ['a Date', [['RULE_EXPRESSION_REFUSED', 'new Date()']], `{ placedAt: { under: new Date() } }`],
  ['in a list', [['CONDITION_VALUE_INVALID', 'now']], `{ wantedOn: { in: [now] } }`],
])

testMistakes('other values', withWords, [
  ['an unknown one', [['POLICY_PATH_UNKNOWN', "row('wantdOn')"]], `{ promisedOn: row('wantdOn') }`],
  [
    'an unknown one behind a relation',
    [['POLICY_PATH_UNKNOWN', "row('customer.nme')"]],
    `{ number: row('customer.nme') }`,
  ],
  ['many', [['POLICY_PATH_UNKNOWN', "row('lines.quantity')"]], `{ weight: row('lines.quantity') }`],
  [
    'too far away',
    [['CONDITION_ROW_PATH_TOO_LONG', "its('order.customer.team.name')"]],
    `{ lines: { some: { label: its('order.customer.team.name') } } }`,
  ],
  [
    'an instant with a day',
    [['CONDITION_VALUE_INVALID', "row('wantedOn')"]],
    `{ placedAt: { over: row('wantedOn') } }`,
  ],
  ['itself', [['CONDITION_CONSTANT', "row('number')"]], `{ number: { isNot: row('number') } }`],
  ['a row with a value', [['CONDITION_VALUE_INVALID', "row('number')"]], `{ placedBy: row('number') }`],
  ['a row with another', [['CONDITION_VALUE_INVALID', "row('customer')"]], `{ placedBy: row('customer') }`],
  ['the value before a change', [['CONDITION_WAS_MISPLACED', "was('number')"]], `{ number: was('number') }`],
  [
    'amounts of many currencies',
    [['CONDITION_VALUE_INVALID', "row('tip')"]],
    `{ customer: { orders: { some: { tip: { over: row('tip') } } } } }`,
  ],
  [
    'the row of the rule, in a fact',
    [['CONDITION_ROW_MISPLACED', "row('number')"]],
    `{ actor: { name: row('number') } }`,
  ],
])

testMistakes('the value before a change', withRule, [
  ['behind a relation', [['CONDITION_WAS_MISPLACED', "was('name')"]], `becoming: { customer: { name: was('name') } }`],
  [
    'of another row',
    [['CONDITION_WAS_MISPLACED', "was('customer.name')"]],
    `becoming: { number: was('customer.name') }`,
  ],
  ['of another kind', [['CONDITION_VALUE_INVALID', "was('number')"]], `becoming: { weight: was('number') }`],
  [
    'in a currency that may change',
    [['CONDITION_VALUE_INVALID', "was('tip')"]],
    `becoming: { tip: { atMost: was('tip') } }`,
  ],
])

testMistakes('facts', withWords, [
  ['an unknown one of the request', [['CONDITION_FACT_UNKNOWN', 'hours']], `{ request: { hours: 8 } }`],
  ['combined inside', [['CONDITION_FACT_UNKNOWN', 'anyOf']], `{ request: { anyOf: [{ mfa: true }] } }`],
  ['an unknown one of the caller', [['POLICY_PATH_UNKNOWN', 'nme']], `{ actor: { nme: 'x' } }`],
  ['an unknown one of the tenant', [['POLICY_PATH_UNKNOWN', 'plna']], `{ tenant: { plna: 'pro' } }`],
  ['nothing', [['CONDITION_EMPTY', '{}']], `{ request: {} }`],
  ['nothing of the caller', [['CONDITION_EMPTY', '{}']], `{ actor: {} }`],
  ['no such hour', [['CONDITION_VALUE_INVALID', '24']], `{ request: { hour: { under: 24 } } }`],
  ['any hour', [['CONDITION_CONSTANT', '0']], `{ request: { hour: { atLeast: 0 } } }`],
  ['no such weekday', [['CONDITION_VALUE_INVALID', "'monday'"]], `{ request: { weekday: 'monday' } }`],
  [
    'a network without bits',
    [['CONDITION_NETWORK_INVALID', "'10.0.0.1'"]],
    `{ request: { ip: { inside: '10.0.0.1' } } }`,
  ],
  [
    'a network with too many bits',
    [['CONDITION_NETWORK_INVALID', "'10.0.0.0/33'"]],
    `{ request: { ip: { inside: ['::/0', '10.0.0.0/33'] } } }`,
  ],
  [
    'a network with an address',
    [['CONDITION_NETWORK_INVALID', "'10.0.0.1/8'"]],
    `{ request: { ip: { inside: '10.0.0.1/8' } } }`,
  ],
  ['an address as it is', [['CONDITION_OPERATOR_INVALID', "'10.0.0.1'"]], `{ request: { ip: '10.0.0.1' } }`],
  [
    'years since a sign in',
    [['CONDITION_VALUE_INVALID', '{ years: 1 }']],
    `{ request: { signedInFor: { under: { years: 1 } } } }`,
  ],
  ['no comparison', [['CONDITION_OPERATOR_INVALID', 'is']], `{ request: { signedInFor: { is: { hours: 1 } } } }`],
  ['an unknown role', [['RULE_ROLE_UNKNOWN', "'sails'"]], `{ actor: { role: 'sails' } }`],
  ['no role', [['CONDITION_VALUE_INVALID', '{ in: [] }']], `{ actor: { role: { in: [] } } }`],
  ['a name with two meanings', [['CONDITION_FACT_AMBIGUOUS', 'rank']], `{ actor: { rank: 3 } }`],
  ['a missing claim', [['CONDITION_VALUE_INVALID', 'null']], `{ actor: { region: null } }`],
  ['a claim that is a list', [['CONDITION_VALUE_INVALID', "['a']"]], `{ actor: { tags: ['a'] } }`],
  ['a set of rows', [['CONDITION_VALUE_INVALID', "'x'"]], `{ actor: { customers: 'x' } }`],
  ['a fact inside of another', [['CONDITION_FACT_MISPLACED', 'request']], `{ actor: { request: { mfa: true } } }`],
])

const named: readonly Mistake[] = [
  [
    'the row of a rule',
    [['CONDITION_ROW_MISPLACED', "row('number')"]],
    `const same = condition(Order, { number: row('number') })`,
  ],
  [
    'the value before a change',
    [['CONDITION_WAS_MISPLACED', "was('number')"]],
    `const same = condition(Order, { number: was('number') })`,
  ],
]

testMistakes('named conditions know no rule', (source) => withNamed(source, 'same'), named)

describe('rights that ask for each other', () => {
  const app = (line: string, order: string) =>
    withWordsPolicies(`
export const ItemPolicy = policy(Item, { 'rule': { allow: 'admin', to: 'read', where: ${line} } })
export const OrderPolicy = policy(Order, { 'rule': { allow: 'admin', to: ['read', 'update'], where: ${order} } })`)

  test('are refused once, with their way', async () => {
    const files = app(`{ order: may('read') }`, `{ lines: { some: may('read') } }`)
    expect(await problemsOf(files)).toEqual([['POLICY_MAY_CYCLE', "may('read')"]])
  })
  test('through a named condition', async () => {
    const files = withWordsPolicies(`
const seen = condition(Item, { order: { anyOf: [{ number: 'x' }, { lines: { none: may('read') } }] } })
export const ItemPolicy = policy(Item, { 'rule': { deny: everyone, to: 'read', unless: seen } })
export const OrderPolicy = policy(Order, { 'rule': { allow: 'admin', to: anything } })`)
    expect(await problemsOf(files)).toEqual([['POLICY_MAY_CYCLE', 'seen']])
  })
  test('a right on the same entity is one on itself', async () => {
    const files = app(`{ quantity: 1 }`, `{ customer: { orders: { some: may('update') } } }`)
    expect(await problemsOf(files)).toEqual([['POLICY_MAY_CYCLE', "may('update')"]])
  })
  test('another verb is no circle', async () => {
    expect(await problemsOf(app(`{ order: may('read') }`, `{ lines: { some: may('delete') } }`))).toEqual([])
  })
})

test('an app without a tenant of its own knows no facts of it', async () => {
  const files = withWords(`{ tenant: { plan: 'pro' } }`)
  const schema = files['schema/all.entity.ts']!.replace("tenant: 'self', ", '')
  expect(await problemsOf({ ...files, 'schema/all.entity.ts': schema })).toEqual([
    ['CONDITION_TENANT_MISSING', 'tenant'],
  ])
})
