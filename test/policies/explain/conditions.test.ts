import { expect, test } from 'vitest'
import type { Condition, Fact, Model, Relation, Rule } from '#schema'
import { clauseLines } from '../../../policies/explain/clause.ts'
import { conditionClause, conditionWords } from '../../../policies/explain/condition-clause.ts'
import { linesText } from '../../../policies/explain/line.ts'
import { rowPlace } from '../../../policies/explain/place.ts'
import { ruleLines, ruleSentence } from '../../../policies/explain/rule-lines.ts'
import * as m from '../../support/model.ts'

const made = m.makeModel({
  entities: {
    User: { tenant: false, fields: { name: m.text(), rank: m.optional(m.int()) } },
    Company: { fields: { plan: m.choice('free', 'pro') } },
    Team: { relations: { parent: m.one('Team', { optional: true }) } },
    TeamMember: {
      fields: { level: m.choice('member', 'boss') },
      relations: { user: m.one('User'), team: m.one('Team') },
    },
    Customer: {
      fields: { region: m.choice('eu', 'us'), vip: m.plain('boolean') },
      relations: { agent: m.one('User', { optional: true }) },
    },
    Order: {
      fields: {
        number: m.text(),
        total: m.money(),
        margin: m.optional(m.money()),
        wantedOn: m.optional(m.plain('date')),
        dueOn: m.plain('date'),
        seenAt: m.plain('datetime'),
        tags: { type: { kind: 'list', of: m.text().type, min: null, max: null } },
        stay: { type: { kind: 'period', of: 'date' } },
      },
      relations: { customer: m.one('Customer'), placedBy: m.one('User'), team: m.one('Team', { optional: true }) },
      states: ['draft', 'placed'],
    },
    OrderLine: { fields: { quantity: m.int() }, relations: { order: m.one('Order') } },
  },
  roles: { sales: [], lead: ['sales'], chief: ['lead'], admin: [] },
  actor: {
    entity: 'User',
    values: [
      m.claim('region', m.choice('eu', 'us')),
      m.reach('teams', { to: 'Team', via: 'TeamMember', as: 'user', toward: 'team' }),
      { kind: 'own', name: 'rank', field: 'rank' },
    ],
  },
})

const lines: Relation = { ...m.notShown, kind: 'many', name: 'lines', to: 'OrderLine', by: 'order' }
const model: Model = {
  ...made,
  entities: made.entities.map((each) => {
    if (each.name === 'Order') return { ...each, relations: [...each.relations, lines] }
    return each.name === 'Company' ? { ...each, tenancy: 'self' as const } : each
  }),
}
const order = model.entities.find(({ name }) => name === 'Order')!

const many = (how: 'some' | 'none' | 'every', where: Condition | null): Condition => ({
  kind: 'many',
  relation: 'lines',
  how,
  where,
})
const now = (by: { months?: number; days?: number; seconds?: number } | null = null) =>
  ({ kind: 'now', by: by === null ? null : { months: 0, days: 0, seconds: 0, ...by } }) as const
const row = (name: string, rest: object = {}) => ({ kind: 'row', name, ...rest }) as const
const request = (on: string, op: string, value: string | number | boolean | readonly string[]) =>
  ({
    kind: 'fact',
    about: 'request',
    on,
    op,
    to: Array.isArray(value) ? { kind: 'list', values: value } : { kind: 'value', value },
  }) as Fact
const big = m.compare('quantity', 'over', 3)
const draft = m.compare('status', 'is', 'draft')
const cheap = m.compare('total', 'atMost', '100')

test.each<[Condition, string]>([
  [draft, 'its status is "draft"'],
  [m.compare('status', 'in', ['draft', 'placed']), 'its status is "draft" or "placed"'],
  [m.compare('status', 'notIn', ['draft', 'placed']), 'its status is neither "draft" nor "placed"'],
  [cheap, 'its total is at most 100 EUR'],
  [m.compare('number', 'startsWith', 'SO-'), 'its number starts with "SO-"'],
  [m.compare('number', 'contains', 'x'), 'its number contains "x"'],
  [m.compare('number', 'endsWith', 'x'), 'its number ends with "x"'],
  [m.compare('tags', 'has', 'new'), 'its tags has "new"'],
  [m.compare('tags', 'hasAny', ['a', 'b']), 'its tags has at least one of "a" or "b"'],
  [m.compare('tags', 'hasAll', ['a', 'b']), 'its tags has each of "a" and "b"'],
  [m.compare('tags', 'empty', true), 'its tags is empty'],
  [m.compare('tags', 'empty', false), 'its tags is not empty'],
  [m.compare('stay', 'covers', now()), 'its stay covers now'],
  [m.compare('stay', 'overlaps', '[2026-01-01,2026-02-01)'), 'its stay overlaps [2026-01-01,2026-02-01)'],
  [m.compare('stay', 'endsBefore', '2026-01-01'), 'its stay ends before 2026-01-01'],
  [m.compare('stay', 'startsAfter', '2026-01-01'), 'its stay starts after 2026-01-01'],
  // What is missing.
  [m.compare('margin', 'under', '3'), 'its margin is under 3 EUR (a missing margin does not count)'],
  [m.compare('margin', 'isNot', '3'), 'its margin is not 3 EUR (also if margin is missing)'],
  [m.compare('margin', 'is', null), 'its margin is missing'],
  [m.compare('margin', 'isNot', null), 'its margin is given'],
  [
    m.not(m.compare('margin', 'under', '3')),
    'it is not so that its margin is under 3 EUR (so also if margin is missing)',
  ],
  [
    m.not(m.compare('margin', 'isNot', '3')),
    'it is not so that its margin is not 3 EUR (a missing margin does not count)',
  ],
  [m.not(m.not(draft)), 'its status is "draft"'],
  // Time.
  [
    m.compare('wantedOn', 'under', '2026-01-01'),
    'its wanted on is before 2026-01-01 (a missing wanted on does not count)',
  ],
  [m.compare('dueOn', 'over', now()), 'its due on is after today (in UTC)'],
  [m.compare('dueOn', 'atLeast', now({ days: -30 })), 'its due on is no earlier than 30 days ago'],
  [m.compare('seenAt', 'atMost', now({ seconds: 3600 })), 'its seen at is no later than 1 hour from now'],
  [
    m.compare('createdAt', 'over', now({ months: -1, days: -2 })),
    'its time of creation is after 1 month and 2 days ago',
  ],
  // The caller.
  [m.compare('placedBy', 'is', m.actor('id')), 'its placed by is the caller'],
  [m.compare('team', 'in', m.actor('teams')), 'its team is one of actor.teams (a missing team does not count)'],
  [
    m.compare('team', 'within', m.actor('teams')),
    'its team is, or lies below, one of actor.teams (a missing team does not count)',
  ],
  [m.compare('number', 'is', m.actor('rank')), 'its number is actor.rank'],
  // Other columns.
  [
    m.compare('dueOn', 'over', row('wantedOn')),
    'its due on is after its wanted on (a missing wanted on does not count)',
  ],
  [m.compare('total', 'atMost', { kind: 'was', name: 'total' }), 'its total is at most what its total was before'],
  [
    m.path('customer', m.compare('region', 'isNot', row('number', { of: 'rule' }))),
    "its customer's region is not the order's number",
  ],
  [
    many('some', m.compare('quantity', 'over', row('rank', { of: 'rule', way: ['placedBy'] }))),
    "for at least one of its lines: quantity is over the order's placed by's rank",
  ],
  // Relations.
  [m.path('customer', m.compare('region', 'is', 'eu')), 'its customer\'s region is "eu"'],
  [m.path('customer', m.compare('vip', 'is', true)), 'its customer is marked vip'],
  [
    m.path('customer', m.path('agent', m.compare('rank', 'over', 2))),
    "its customer's agent's rank is over 2 (a missing agent or rank does not count)",
  ],
  [
    m.path('customer', m.path('agent', m.compare('id', 'isNot', m.actor('id')))),
    "its customer's agent is not the caller (a missing agent does not count)",
  ],
  [many('some', null), 'there is at least one of its lines'],
  [many('none', null), 'there is none of its lines'],
  [many('none', big), 'for none of its lines (also if there are none): quantity is over 3'],
  [many('every', big), 'for every one of its lines (also if there are none): quantity is over 3'],
  [{ kind: 'may', verb: 'read' }, 'the caller may read it'],
  [m.path('customer', { kind: 'may', verb: 'update' }), 'the caller may update its customer'],
  // Facts.
  [
    { kind: 'fact', about: 'caller', where: m.compare('rank', 'over', 2) },
    "the caller's rank is over 2 (a missing rank does not count)",
  ],
  [{ kind: 'fact', about: 'tenant', where: m.compare('plan', 'is', 'pro') }, 'the tenant\'s plan is "pro"'],
  [
    { kind: 'fact', about: 'role', roles: ['sales', 'admin'] },
    'the caller is sales or admin, or has a role that includes one of them',
  ],
  [
    { kind: 'fact', about: 'claim', on: 'region', op: 'is', to: { kind: 'value', value: 'eu' } },
    'actor.region is "eu"',
  ],
  [request('mfa', 'is', true), 'the caller signed in with a second factor'],
  [request('mfa', 'is', false), 'the caller did not sign in with a second factor'],
  [request('mfa', 'isNot', true), 'the caller did not sign in with a second factor'],
  [request('mfa', 'isNot', false), 'the caller signed in with a second factor'],
  [request('ip', 'inside', ['10.0.0.0/8']), 'the address of the request is inside 10.0.0.0/8'],
  [request('hour', 'atLeast', 8), 'the hour of the day (in UTC, 0 to 23) is at least 8'],
  [request('weekday', 'notIn', ['sat', 'sun']), 'the day of the week (in UTC) is not Saturday or Sunday'],
  [request('signedInFor', 'under', 900), 'the time since the caller signed in is under 15 minutes'],
  // Together.
  [m.all(), 'always'],
  [m.any(), 'never'],
  [
    m.all(draft, m.any(cheap, many('some', big))),
    'its status is "draft" and (its total is at most 100 EUR or (for at least one of its lines: quantity is over 3))',
  ],
])('%j', (condition, words) => {
  const place = rowPlace(model, order)
  const text = linesText(clauseLines('', conditionClause(condition, place))).trim()
  // What does not fit a line is laid out; the words are those of one line all the same.
  if (!text.includes('\n')) expect(text).toBe(words)
  expect(conditionWords(condition, model, order)).toBe(words.replaceAll('its ', ''))
})

test('several parts have a line each, and say how many of them must hold', () => {
  const condition = m.all(
    draft,
    m.any(cheap, m.not(m.all(m.compare('number', 'is', '1'), many('every', m.all(big, big))))),
  )
  expect(linesText(clauseLines('Sales may read an order if', conditionClause(condition, rowPlace(model, order))))).toBe(
    `Sales may read an order if all of these hold (a comma means and):
  - its status is "draft"
  - at least one of these holds:
    - its total is at most 100 EUR
    - at least one of these does not hold:
      - its number is "1"
      - for every one of its lines (also if there are none): quantity is over 3 and quantity is over 3
`,
  )
})

const rule = (given: Partial<Rule>): Rule => ({ ...m.allow('t', 'sales', ['update']), ...given })

test.each<[Partial<Rule>, string]>([
  [{ verbs: ['read'] }, 'Sales (and lead and chief, which include sales) may read any order.'],
  [
    { verbs: 'anything', audience: { kind: 'signedIn' }, where: draft },
    'Everyone signed in may do anything with an order if its status is "draft".',
  ],
  [
    { audience: { kind: 'roles', roles: ['admin', 'chief'] }, verbs: ['delete'] },
    'Admin and chief may delete any order for good.',
  ],
  [
    { audience: { kind: 'everyone' }, verbs: ['create', 'delete'] },
    'Everyone, visitors too, may create or delete (for good) any order.',
  ],
  [
    { where: draft, fields: ['margin'] },
    'Sales (and lead and chief, which include sales) may update an order (only margin) if its status is "draft". The same must hold after an update.',
  ],
  [
    { where: draft, becoming: 'anything', audience: { kind: 'roles', roles: ['admin'] } },
    'Admin may update an order if its status is "draft". What the row becomes does not matter.',
  ],
  [
    { becoming: cheap, audience: { kind: 'roles', roles: ['admin'] } },
    'Admin may update any order. After the update its total is at most 100 EUR.',
  ],
  [
    {
      audience: { kind: 'roles', roles: ['admin'] },
      verbs: ['create'],
      sets: [
        { name: 'placedBy', to: { kind: 'actor', name: 'id' } },
        { name: 'wantedOn', to: now() },
      ],
    },
    'Admin may create any order. Placed by becomes the caller, whatever the caller says. Wanted on becomes today (in UTC), whatever the caller says.',
  ],
  [
    { effect: 'reserve', fields: ['margin'], verbs: ['read', 'update'], audience: { kind: 'roles', roles: ['admin'] } },
    'Margin of an order may be read or changed by admin alone. This allows nothing by itself; several such rules for a field are alternatives.',
  ],
  [
    {
      effect: 'deny',
      audience: { kind: 'except', roles: ['lead'] },
      verbs: ['update'],
      unless: request('hour', 'atLeast', 8),
      because: 'Too early.',
    },
    'Nobody but lead and chief may update an order unless the hour of the day (in UTC, 0 to 23) is at least 8. This wins over every rule that allows it. Whoever is refused, and may read the row, is told: Too early.',
  ],
  [
    { effect: 'deny', audience: { kind: 'everyone' }, verbs: ['update'], where: draft, unless: cheap },
    'Nobody may update an order if its status is "draft" and (this is not so: its total is at most 100 EUR). This wins over every rule that allows it.',
  ],
])('the rule %j', (given, words) => {
  expect(ruleSentence(rule(given), order, model)).toBe(words)
  expect(linesText(ruleLines(rule(given), order, model)).split('\n')[0]).toMatch(/[.:]$/)
})
