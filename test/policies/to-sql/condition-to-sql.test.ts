import { describe, expect, test } from 'vitest'
import { toText } from '#base'
import {
  allowsToSql,
  bareRow,
  conditionToSql,
  entityOf,
  indexModel,
  namedRow,
  passesToSql,
  relatedSetsOf,
  rowActor,
  type Scope,
  setName,
  setQuery,
  statementActor,
} from '#policies'
import type { Condition, Rule } from '#schema'
import * as m from '../../support/model.ts'

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Group: { fields: { level: m.int() }, relations: { owner: m.one('User') } },
    Membership: { relations: { user: m.one('User'), group: m.one('Group') } },
    Customer: { fields: { region: m.choice('eu', 'us') }, relations: { group: m.one('Group') } },
    Order: {
      states: ['draft', 'placed'],
      fields: {
        number: m.text(),
        total: m.money(),
        cents: m.money({ minor: true }),
        big: { type: { kind: 'int64', min: null, max: null } },
        rate: { type: { kind: 'float', min: null, max: null } },
        wantedOn: m.optional(m.plain('date')),
        seenAt: m.optional(m.plain('datetime')),
        paid: m.plain('boolean'),
      },
      relations: { customer: m.one('Customer'), placedBy: m.one('User', { optional: true }) },
    },
  },
  roles: { sales: [] },
  actor: {
    entity: 'User',
    values: [
      m.reach('myGroups', { to: 'Group', via: 'Membership', as: 'user', toward: 'group' }),
      m.claim('region', m.choice('eu', 'us')),
      m.claim('maxLevel', m.int()),
      m.claim('limit', m.money()),
    ],
  },
})
const index = indexModel(model)
const scope: Scope = {
  index,
  entity: entityOf(index, 'Order'),
  row: bareRow,
  actor: statementActor,
  related: 'set',
  depth: 0,
}

const text = (condition: Condition, over: Partial<Scope> = {}): string =>
  toText(conditionToSql(condition, { ...scope, ...over }))

const rule = (options: Partial<Rule>): Rule => m.allow('a rule', 'sales', ['read'], options)

describe('conditionToSql', () => {
  test.each<[string, Condition, string]>([
    ['text', m.compare('number', 'is', "O'Neil \\ :OWNER"), `"number" = E'O''Neil \\\\ \\u003aOWNER'::text`],
    ['a list', m.compare('status', 'notIn', ['draft']), `("status" in ('draft'::text)) is not true`],
    ['an empty list', m.compare('status', 'in', []), 'false'],
    ['money', m.compare('total', 'atMost', '50000'), `"total" <= '50000'::numeric`],
    ['smallest units', m.compare('cents', 'atMost', '12.5'), `"cents" <= '1250'::bigint`],
    ['finer than the smallest unit', m.compare('cents', 'over', '-0.005'), `"cents" > '-0.5'::numeric`],
    ['a large number', m.compare('big', 'is', '9007199254740993'), `"big" = '9007199254740993'::bigint`],
    ['a float', m.compare('rate', 'under', 0.1), `"rate" < '0.1'::double precision`],
    ['a day', m.compare('wantedOn', 'atLeast', '2026-02-01'), `"wanted_on" >= '2026-02-01'::date`],
    [
      'an instant',
      m.compare('seenAt', 'over', '2026-02-01T00:00:00Z'),
      `"seen_at" > '2026-02-01T00:00:00Z'::timestamp with time zone`,
    ],
    [
      'null',
      m.all(m.compare('seenAt', 'is', null), m.compare('wantedOn', 'isNot', null)),
      '"seen_at" is null and "wanted_on" is not null',
    ],
    ['a complement', m.not(m.compare('paid', 'is', true)), '("paid" = true) is not true'],
    ['another', m.compare('number', 'isNot', 'x'), `"number" is distinct from 'x'::text`],
    ['text order', m.compare('number', 'under', 'x'), `"number" collate "C" < 'x'::text`],
    ['a pattern’s letters', m.compare('number', 'startsWith', '50%_'), `starts_with("number", '50%_'::text)`],
    ['contains', m.compare('number', 'contains', '%'), `strpos("number", '%'::text) > 0`],
    ['endsWith', m.compare('number', 'endsWith', '_'), `right("number", char_length('_'::text)) = '_'::text`],
    [
      'the caller',
      m.compare('placedBy', 'isNot', m.actor('id')),
      '"placed_by_id" is distinct from (select rowhouse.actor_id())',
    ],
    [
      'a claim in the unit of the column',
      m.compare('cents', 'atMost', m.actor('limit')),
      `"cents" <= (select (rowhouse.claim('limit')::numeric * 100))`,
    ],
    [
      'either',
      m.all(
        m.any(m.compare('paid', 'is', true), m.all(m.compare('status', 'is', 'draft'))),
        m.compare('paid', 'is', false),
      ),
      `("paid" = true or ("status" = 'draft'::text)) and "paid" = false`,
    ],
    ['nothing', m.all(), 'true'],
  ])('%s', (_, condition, expected) => {
    expect(text(condition)).toBe(expected)
  })

  const theirs = m.path(
    'customer',
    m.all(
      m.compare('group', 'in', m.actor('myGroups')),
      m.path('group', m.compare('level', 'atMost', m.actor('maxLevel'))),
    ),
  )

  test('a path is a set in a policy, made once per statement', () => {
    const [set] = relatedSetsOf(theirs, scope.entity, index)
    const name = setName(set!)
    expect(name).toMatch(/^customer_[0-9a-f]{12}$/)
    expect(text(theirs)).toBe(`"customer_id" = any (array(select "rowhouse_private"."${name}"()))`)
    expect(toText(setQuery(set!, index).body)).toBe(
      `select t0."id" from "app"."customer" t0 where t0."deleted_at" is null and t0."group_id" = any ((select "rowhouse_private"."reach_my_groups"())::uuid[]) and exists (select from "app"."group" t1 where t1."id" = t0."group_id" and t1."deleted_at" is null and t1."level" <= (select rowhouse.claim('max_level')::integer))`,
    )
  })

  test('a path is looked up in code that judges one row', () => {
    const condition = m.path('customer', m.compare('region', 'is', m.actor('region')))
    expect(text(condition, { row: namedRow('new'), actor: rowActor, related: 'inline' })).toBe(
      `exists (select from "app"."customer" t1 where t1."id" = new."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region'))`,
    )
  })
})

describe('what the caller lacks', () => {
  const eu = m.compare('number', 'is', m.actor('region'))

  test('is tested where the condition could hold without it', () => {
    expect(toText(allowsToSql(rule({ where: eu }), scope))).toBe(`"number" = (select rowhouse.claim('region'))`)
    expect(toText(allowsToSql(rule({ where: m.not(eu) }), scope))).toBe(
      `("number" = (select rowhouse.claim('region'))) is not true and (select rowhouse.claim('region')) is not null`,
    )
    expect(toText(allowsToSql(rule({ where: m.any(eu, m.compare('paid', 'is', true)) }), scope))).toBe(
      `("number" = (select rowhouse.claim('region')) or "paid" = true) and (select rowhouse.claim('region')) is not null`,
    )
  })

  test('of a reach set it is the caller itself', () => {
    const where = m.path('customer', m.compare('group', 'notIn', m.actor('myGroups')))
    expect(toText(allowsToSql(rule({ where }), scope))).toMatch(/ and \(select rowhouse\.actor_id\(\)\) is not null$/)
  })

  test('makes a deny match', () => {
    expect(toText(passesToSql(rule({ effect: 'deny', where: eu }), scope))).toBe(
      `("number" = (select rowhouse.claim('region'))) is not true and (select rowhouse.claim('region')) is not null`,
    )
    expect(toText(passesToSql(rule({ effect: 'deny', unless: eu }), scope))).toBe(
      `"number" = (select rowhouse.claim('region'))`,
    )
    expect(toText(passesToSql(rule({ effect: 'deny' }), scope))).toBe('false')
  })
})
