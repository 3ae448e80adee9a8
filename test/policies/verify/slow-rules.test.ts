import { describe, expect, test } from 'vitest'
import { loadModel } from '#policies'
import { type AppFiles, warningsOf, withApp } from '../../schema/written-app.ts'

/** Bids for lots of sales of houses, on which lines are printed. */
function auction(rule: string, change: (schema: string) => string = (text) => text): AppFiles {
  return {
    'schema/all.entity.ts': change(`
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const House = entity('House', { fields: { name: string() } })
export const Member = entity('Member', { relations: { user: one('User'), house: one('House') } })
export const Sale = entity('Sale', { fields: { name: string() }, relations: { house: one('House') } })
export const Lot = entity('Lot', {
  fields: { name: string(), limit: int({ min: 0, max: 1000 }) },
  relations: {
    sale: one('Sale'), winner: one('User', { optional: true }), parent: one('Lot', { optional: true }),
    bids: many('Bid', { by: 'lot' }), above: many('Lot', { up: 'parent' }),
  },
  tree: 'parent',
  computed: { count: int(), double: int() },
})
export const LotFormulas = formulas(Lot, { count: (lot) => lot.bids.count(), double: (lot) => plus(lot.limit, lot.limit) })
export const Bid = entity('Bid', { fields: { price: int() }, relations: { lot: one('Lot'), bidder: one('User') } })
`).replace(/^/, "import { entity, formulas, int, many, one, plus, string } from 'rowhouse/schema'\n"),
    'policies/all.ts': `import { anything, defineActor, defineRoles, its, policy, row, signedIn, words } from 'rowhouse/policies'
import { Bid, House, Lot, Member, Sale, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', bidder: 'Bids.' })
export const actor = defineActor(User, { houses: words(User).reach('House', { via: 'Member', as: 'user' }) })
export const UserPolicy = policy(User, { 'all': { allow: 'admin', to: anything } })
export const HousePolicy = policy(House, { 'all': { allow: 'admin', to: anything } })
export const MemberPolicy = policy(Member, { 'all': { allow: 'admin', to: anything } })
export const SalePolicy = policy(Sale, { 'all': { allow: 'admin', to: anything } })
${rule}
`,
  }
}

const ofLots = (rule: string) =>
  auction(`export const LotPolicy = policy(Lot, { 'all': { allow: 'admin', to: anything, where: { name: 'x' } }, 'r': ${rule} })
export const BidPolicy = policy(Bid, { 'all': { allow: 'admin', to: anything } })`)

describe('a function for every row', () => {
  test.each([
    ['computed from other rows', `{ allow: 'bidder', to: 'read', where: { count: { over: 3 } } }`, ['count']],
    [
      'a related row held against this one by more than equality',
      `{ allow: 'bidder', to: 'read', where: { bids: { some: { price: { over: row('limit') } } } } }`,
      ['bids'],
    ],
    [
      'none of which equals',
      `{ allow: 'bidder', to: 'read', where: { bids: { every: { bidder: row('winner') } } } }`,
      ['bids'],
    ],
    ['a field of another row', `{ allow: 'bidder', to: 'read', where: { name: row('sale.name') } }`, ['name']],
    [
      'rows above that are held against this one',
      `{ allow: 'bidder', to: 'read', where: { above: { some: { limit: { over: row('limit') } } } } }`,
      ['above'],
    ],
    ['a denial', `{ deny: signedIn, to: 'read', where: { count: { over: 3 } } }`, ['count']],
    ['an exception', `{ deny: signedIn, to: 'read', unless: { not: { count: 3 } } }`, ['unless']],
    [
      'beside a choice between rows of the caller and all',
      `{ allow: 'bidder', to: 'read', where: { count: 3, anyOf: [{ winner: actor.id }, { name: 'x' }] } }`,
      ['count'],
    ],
  ])('%s', async (_, rule, places) => {
    expect(await warningsOf(ofLots(rule))).toEqual(places.map((at) => ['RULE_CALLED_PER_ROW', at]))
  })

  test.each([
    ['a formula of the row alone', `{ allow: 'bidder', to: 'read', where: { double: { over: 3 } } }`],
    [
      'equality of a related row, which is asked once',
      `{ allow: 'bidder', to: 'read', where: { bids: { some: { bidder: row('winner') } } } }`,
    ],
    ['beside what an index finds', `{ allow: 'bidder', to: 'read', where: { winner: actor.id, count: { over: 3 } } }`],
    ['a change, which asks about one row', `{ allow: 'bidder', to: 'delete', where: { count: { over: 3 } } }`],
    [
      'rows above, which are gathered once',
      `{ allow: 'bidder', to: 'read', where: { above: { some: { name: 'x' } } } }`,
    ],
  ])('not %s', async (_, rule) => expect(await warningsOf(ofLots(rule))).toEqual([]))

  test('the message says what to do', async () => {
    const { warnings } = await withApp(
      ofLots(`{ allow: 'bidder', to: 'read', where: { count: { over: 3 } } }`),
      loadModel,
    )
    expect(warnings[0]).toMatchObject({
      message: 'Every list calls a function for every row of the tenant: "count" is computed from other rows.',
      hint: expect.stringMatching(/^Keep it in a field of the row, .*whose the row is\.$/),
    })
  })
})

describe('a long way that rows cannot carry', () => {
  const mine = `{ lot: { sale: { house: { in: actor.houses } } } }`
  const ofBids = (where: string, from = '', to = '') =>
    auction(
      `export const LotPolicy = policy(Lot, { 'all': { allow: 'admin', to: anything } })
export const BidPolicy = policy(Bid, { 'all': { allow: 'admin', to: anything, where: { price: 7 } }, 'r': { allow: 'bidder', to: 'read', where: ${where} } })`,
      (text) => text.replace(from, to),
    )

  test.each([
    ['required on the whole way', mine, '', '', []],
    ['optional in the middle', mine, "sale: one('Sale')", "sale: one('Sale', { optional: true })", ['sale']],
    [
      'optional at the end',
      mine,
      "house: one('House') } })\nexport const Lot",
      "house: one('House', { optional: true }) } })\nexport const Lot",
      ['house'],
    ],
    ['rows that outlive others', mine, "lot: one('Lot')", "lot: one('Lot', { onRemove: 'keep' })", ['lot']],
    ['a name that is taken', mine, 'price: int()', 'price: int(), lotSaleHouseId: int()', ['house']],
    [
      'two steps alone',
      `{ lot: { sale: { name: 'x' } } }`,
      "sale: one('Sale')",
      "sale: one('Sale', { optional: true })",
      [],
    ],
    ['a short way', `{ lot: { winner: actor.id } }`, '', '', []],
    [
      'beside what the rows carry',
      `{ lot: { sale: { house: { in: actor.houses } }, parent: { winner: actor.id } } }`,
      '',
      '',
      [],
    ],
    [
      'beside a key of the caller',
      `{ bidder: actor.id, ${mine.slice(1)}`,
      "sale: one('Sale')",
      "sale: one('Sale', { optional: true })",
      [],
    ],
    [
      'one of several',
      `{ anyOf: [{ bidder: actor.id }, ${mine}] }`,
      "sale: one('Sale')",
      "sale: one('Sale', { optional: true })",
      ['where'],
    ],
    ['what never changes', mine, "entity('Lot', {", "entity('Lot', { immutable: true,", []],
  ] as const)('%s', async (_, where, from, to, places) => {
    const found = (await warningsOf(ofBids(where, from, to))).filter(([code]) => code === 'POLICY_PATH_UNCARRIED')
    expect(found).toEqual(places.map((at) => ['POLICY_PATH_UNCARRIED', at]))
  })
})
