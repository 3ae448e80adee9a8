import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller, Row } from '#policies'
import type { Condition, Rule } from '#schema'
import { serverUrl } from '../support/database.ts'
import * as m from '../support/model.ts'
import type { Verdict } from './back-ends.ts'
import { Laboratory } from './database.ts'
import { tenants } from './ids.ts'
import { judge } from './judge.ts'
import { appRoles } from './model.ts'

let laboratory: Laboratory

beforeAll(async () => {
  laboratory = await Laboratory.open(await serverUrl())
})

afterAll(() => laboratory?.close())

const id = (at: number) => `00000000-0000-7000-8100-${String(at).padStart(12, '0')}`
const [ann, bob] = [id(1), id(2)] as const
const row = (at: number, values: Row): Row => ({ id: id(at), $tenant: tenants[0], deletedAt: null, ...values })
const caller = (who: string): Caller => ({ id: who, roles: ['clerk'], tenant: tenants[0], claims: {}, request: {} })

/** Answers of the back-ends on lines, where they are not what the evaluator says, and how many lines one of them lets see. */
async function answersOf(lineRules: readonly Rule[], itemRules: readonly Rule[]) {
  const computed = {
    ...m.notShown,
    name: 'both',
    type: m.int().type,
    optional: true,
    stored: false,
    expression: {
      kind: 'call',
      name: 'times',
      args: ['rank', 'count'].map((name) => ({ kind: 'field' as const, up: 0, path: [name] })),
    },
  } as const
  const made = m.makeModel({
    app: 'agree',
    entities: {
      Person: { tenant: false, fields: { rank: m.optional(m.int()), count: m.optional(m.int()) } },
      Item: {
        fields: { rank: m.optional(m.int()), count: m.optional(m.int()) },
        lists: { lines: { kind: 'many', to: 'Line', by: 'item' } },
      },
      Line: { fields: { size: m.optional(m.int()) }, relations: { item: m.one('Item', { optional: true }) } },
    },
    roles: appRoles,
    actor: { entity: 'Person', values: [{ kind: 'own', name: 'rank', field: 'rank' }] },
    policies: { Line: lineRules, Item: itemRules },
  })
  const model = {
    ...made,
    entities: made.entities.map((each) => (each.name === 'Line' ? each : { ...each, computed: [computed] })),
  }
  const huge = 2_000_000_000
  const rows = {
    Person: [
      { id: ann, rank: 1, count: huge, deletedAt: null },
      { id: bob, rank: huge, count: huge, deletedAt: null },
    ],
    Item: [row(11, { rank: 2, count: 3 }), row(12, { rank: huge, count: huge }), row(13, { rank: 1, count: 1 })],
    Line: [row(21, { size: 1, item: id(11) }), row(22, { size: 1, item: id(12) }), row(23, { size: 1, item: null })],
  }
  const callers = [caller(ann), caller(bob)]
  const verdicts = await judge(laboratory, { model, rows, moves: [], callers, attempts: [] })
  return {
    differences: verdicts
      .filter(({ meant, found }) => meant !== found)
      .map(({ backEnd, attempt }) => `${backEnd}: ${attempt.verb} ${attempt.row.id as string}`),
    seen: seenOf('Line', verdicts),
    items: seenOf('Item', verdicts),
  }
}

function seenOf(entity: string, verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.flatMap(({ backEnd, attempt, found, caller: who }) =>
    backEnd === 'row security' && attempt.entity === entity && found
      ? [`${who.id === ann ? 'ann' : 'bob'} ${Number(String(attempt.row.id as string).slice(-2))}`]
      : [],
  )
}

test('a rule that gives a row its caller holds only of a caller who is there', async () => {
  const sets = [{ name: 'lead', to: { kind: 'actor', name: 'id' } }] as const
  const model = m.makeModel({
    app: 'agree',
    entities: {
      Person: { tenant: false },
      Team: { fields: { label: m.optional(m.text()) }, relations: { lead: m.one('Person', { optional: true }) } },
    },
    roles: appRoles,
    actor: { entity: 'Person', values: [] },
    policies: {
      Team: [m.allow('read', 'signedIn', ['read']), { ...m.allow('made', 'signedIn', ['update']), sets }],
    },
  })
  const rows = {
    Person: [
      { id: ann, deletedAt: null },
      { id: bob, deletedAt: '2026-01-15T00:00:00.000Z' },
    ],
    Team: [row(31, { label: 'a', lead: null })],
  }
  const attempts = [{ verb: 'update', entity: 'Team', row: rows.Team[0]!, given: { label: 'b' } }]
  const asked = { model, rows, moves: [], callers: [caller(ann), caller(bob), caller(id(9))], attempts }
  const updates = (await judge(laboratory, asked)).filter(
    ({ backEnd, attempt }) => backEnd === 'row security' && attempt.verb === 'update',
  )
  expect(updates.map(({ meant, found }) => [meant, found])).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ])
})

test('a value that a rule gives is named by nobody from whom no rule takes it, not even as it is', async () => {
  const sets = [{ name: 'label', to: { kind: 'value', value: 'x' } }] as const
  const model = m.makeModel({
    app: 'agree',
    entities: { Person: { tenant: false }, Team: { fields: { label: m.optional(m.text()) } } },
    roles: appRoles,
    actor: { entity: 'Person', values: [] },
    policies: {
      Team: [
        m.allow('read', 'signedIn', ['read']),
        { ...m.allow('gives', 'signedIn', ['update']), sets },
        m.allow('takes', 'boss', ['update'], { where: m.compare('label', 'is', 'z') }),
      ],
    },
  })
  const rows = { Person: [{ id: ann, deletedAt: null }], Team: [row(31, { label: 'a' })] }
  const attempts = [{ verb: 'update', entity: 'Team', row: rows.Team[0]!, given: { label: 'x' } }]
  const callers = [caller(ann), { ...caller(ann), roles: ['boss'] }]
  const updates = (await judge(laboratory, { model, rows, moves: [], callers, attempts })).filter(
    ({ backEnd, attempt }) => backEnd === 'row security' && attempt.verb === 'update',
  )
  expect(updates.map(({ meant, found }) => [meant, found])).toEqual([
    [false, false],
    [true, true],
  ])
})

describe("a value of the caller's own row that is held against related rows", () => {
  const readItem = m.allow('item', 'signedIn', ['read'])

  test('may be asked for by whoever a policy asks whether it is there', async () => {
    const where = m.path('item', m.not(m.compare('rank', 'over', m.actor('rank'))))
    const { differences, seen } = await answersOf([m.allow('line', 'clerk', ['read'], { where })], [readItem])
    expect(differences).toEqual([])
    expect(seen).toEqual(['bob 21', 'bob 22'])
  })

  test('may be asked for where a right on the row itself reads it', async () => {
    const by = m.path('item', m.not(m.compare('rank', 'over', m.actor('rank'))))
    const rules = [
      m.allow('changed', 'signedIn', ['update'], { where: by }),
      m.allow('line', 'clerk', ['read'], { where: m.any(m.may('update'), m.compare('size', 'is', 7)) }),
    ]
    const { differences, seen } = await answersOf(rules, [readItem])
    expect(differences).toEqual([])
    expect(seen).toEqual(['bob 21', 'bob 22'])
  })
})

describe('a computed field that is out of range', () => {
  const both = (op: 'under' | 'isNot') => m.compare('both', op, 10)

  test("of the caller's own row lets no allow hold, and every denial", async () => {
    const where = m.not(m.rowFact('caller', both('under')))
    const allowed = await answersOf([m.allow('line', 'clerk', ['read'], { where })], [])
    expect(allowed).toMatchObject({ differences: [], seen: ['ann 21', 'ann 22', 'ann 23'] })
    const isNot = await answersOf(
      [m.allow('line', 'clerk', ['read'], { where: m.rowFact('caller', both('isNot')) })],
      [],
    )
    expect(isNot).toMatchObject({ differences: [], seen: ['ann 21', 'ann 22', 'ann 23'] })
    const denial = m.deny('not these', 'signedIn', ['read'], { where: m.rowFact('caller', both('under')) })
    const denied = await answersOf([m.allow('line', 'clerk', ['read']), denial], [])
    expect(denied).toMatchObject({ differences: [], seen: ['ann 21', 'ann 22', 'ann 23'] })
  })

  test('of a row that a way leads to is known where the way leads nowhere', async () => {
    const to = { kind: 'row', name: 'both', way: ['item'] } as const
    const where = m.not(m.compare('size', 'over', to))
    const allowed = await answersOf([m.allow('line', 'clerk', ['read'], { where })], [])
    expect(allowed).toMatchObject({ differences: [], seen: ['ann 21', 'ann 23', 'bob 21', 'bob 23'] })
    const isNot = await answersOf([m.allow('line', 'clerk', ['read'], { where: m.compare('size', 'isNot', to) })], [])
    expect(isNot).toMatchObject({ differences: [], seen: ['ann 21', 'ann 23', 'bob 21', 'bob 23'] })
  })

  test('of the row that the rule is about is not known to related rows either', async () => {
    const over = m.compare('size', 'over', m.ruleRow('both'))
    const isNot = m.compare('size', 'isNot', m.ruleRow('both'))
    const seen = async (where: Condition) => {
      const rule = m.allow('item', 'clerk', ['read'], { where })
      const { differences, items } = await answersOf([m.allow('line', 'clerk', ['read'])], [rule])
      expect(differences).toEqual([])
      return items
    }
    // Item 12 has a product that is out of range; item 13 has no lines.
    expect(await seen(m.many('lines', 'none', over))).toEqual(['ann 11', 'ann 13', 'bob 11', 'bob 13'])
    expect(await seen(m.many('lines', 'every', m.not(over)))).toEqual(['ann 11', 'ann 13', 'bob 11', 'bob 13'])
    expect(await seen(m.many('lines', 'some', isNot))).toEqual(['ann 11', 'bob 11'])
    // What holds whatever the product is.
    const either = m.any(isNot, m.compare('size', 'atLeast', 1))
    expect(await seen(m.many('lines', 'some', either))).toEqual(['ann 11', 'ann 12', 'bob 11', 'bob 12'])
  })

  test('of the row that the rule is about denies wherever related rows might meet it', async () => {
    const where = m.many('lines', 'some', m.compare('size', 'over', m.ruleRow('both')))
    const denial = m.deny('not these', 'signedIn', ['read'], { where })
    const { differences, items } = await answersOf([], [m.allow('item', 'clerk', ['read']), denial])
    expect(differences).toEqual([])
    expect(items).toEqual(['ann 11', 'ann 13', 'bob 11', 'bob 13'])
  })
})
