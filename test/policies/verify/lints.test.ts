import { describe, expect, test } from 'vitest'
import { type Entity, type Rule, verification } from '#schema'
import { warnOfCrossedReserves } from '../../../policies/verify/reserve-crossed.ts'
import { warnOfGuardedUniques } from '../../../policies/verify/unique-guarded.ts'
import { warnOfVisitorsWithoutTenant } from '../../../policies/verify/visitors-without-tenant.ts'
import { warningsOf } from '../../schema/written-app.ts'
import * as m from '../../support/model.ts'
import { withOrderRules, withPolicies } from './small-app.ts'

const all = `'all': { allow: 'admin', to: anything },\n`
const told = (rules: string, before = all) => warningsOf(withOrderRules(`${before}${rules}`))

describe('a verb that nobody may do', () => {
  const rest = `'rest': { allow: 'admin', to: ['create', 'update', 'remind'] },`

  test('is told of reading, transitions and actions', async () => {
    const found = await told(rest, '')
    expect(found.map(([code]) => code).toSorted()).toEqual([
      'POLICY_VERB_UNALLOWED',
      'POLICY_VERB_UNALLOWED',
      'RULE_UPDATE_UNREAD',
    ])
  })

  test('also where a denial takes it from everyone by saying anything', async () => {
    const found = await told(`'no': { deny: everyone, to: anything }`)
    expect(found.map(([code]) => code)).toEqual([
      'POLICY_VERB_UNALLOWED',
      'POLICY_VERB_UNALLOWED',
      'POLICY_VERB_UNALLOWED',
    ])
  })

  test('is not where a denial names it', async () => {
    const rules = `${rest} 'read': { allow: 'admin', to: 'read' }, 'no': { deny: everyone, to: 'place' }`
    expect(await told(rules, '')).toEqual([])
  })
})

describe('a rule that never holds', () => {
  test.each([
    [
      'two states at once',
      `{ allow: 'sales', to: 'read', where: { allOf: [{ status: 'draft' }, { status: 'placed' }] } }`,
      'where',
    ],
    [
      'an empty range',
      `{ allow: 'sales', to: 'read', where: { total: { over: usd('5'), under: usd('3') } } }`,
      'where',
    ],
    [
      'a relation that contradicts itself',
      `{ allow: 'sales', to: 'read', where: { customer: { region: { notIn: ['eu', 'us'] } } } }`,
      'where',
    ],
    [
      'a denial',
      `{ deny: signedIn, to: 'read', where: { allOf: [{ status: 'draft' }, { status: 'placed' }] } }`,
      'where',
    ],
    [
      'a denial whose exception is all of it',
      `{ deny: signedIn, to: 'read', where: { status: 'draft', number: '1' }, unless: { status: 'draft' } }`,
      'unless',
    ],
    [
      'what nothing becomes',
      `{ allow: 'sales', to: 'update', where: { number: '1' }, becoming: { allOf: [{ size: 1n }, { size: 2n }] } }`,
      'becoming',
    ],
    ['a transition from another state', `{ allow: 'sales', to: 'place', where: { status: 'placed' } }`, 'where'],
    ['a new row in another state', `{ allow: 'sales', to: ['read', 'create'], where: { status: 'placed' } }`, 'where'],
  ])('%s', async (_, rule, at) => {
    const found = await told(
      `'r': ${rule}`,
      `'all': { allow: 'admin', to: anything, where: { number: '77' } }, 'x': { allow: 'sales', to: 'read', where: { number: '7' } },`,
    )
    expect(found).toContainEqual(['RULE_NEVER_HOLDS', at])
  })

  test.each([
    [
      'what a caller may lack',
      `{ deny: signedIn, to: 'read', where: { allOf: [{ customer: { rank: actor.limit } }, { customer: { rank: { isNot: actor.limit } } }] } }`,
    ],
    [
      'two values of two relations',
      `{ allow: 'sales', to: 'place', where: { status: 'draft', customer: { name: 'a' } } }`,
    ],
    [
      'orders of the customer, which may be there',
      `{ allow: 'sales', to: 'create', where: { customer: { orders: { some: { number: '1' } } } } }`,
    ],
    ['anything, of which some can be done', `{ allow: 'sales', to: anything, where: { status: 'placed' } }`],
  ])('not %s', async (_, rule) => {
    const found = await told(`'r': ${rule}`, `'all': { allow: 'admin', to: anything, where: { number: '77' } },`)
    expect(found.map(([code]) => code)).not.toContain('RULE_NEVER_HOLDS')
  })
})

describe('a rule by which a row is made', () => {
  const rule = (text: string) =>
    withPolicies((source) =>
      source.replace(`policy(Customer, {`, `policy(Customer, { 'r': { allow: 'sales', ${text} },`),
    )

  test.each([
    [`to: 'create', where: { orders: { some: { number: '1' } } }`, true],
    [`to: ['read', 'create'], where: { name: 'a', orders: { empty: false } }`, true],
    [`to: 'create', where: { orders: { none: { number: '1' } } }`, false],
    [`to: 'create', where: { anyOf: [{ orders: { empty: false } }, { vip: false }] }`, false],
    [`to: ['read', 'update'], where: { orders: { empty: false } }`, false],
  ])('never meets rows that come after it: %s', async (text, isTold) => {
    const found = (await warningsOf(rule(text))).filter(([code]) => code === 'RULE_NEVER_HOLDS')
    expect(found).toEqual(isTold ? [['RULE_NEVER_HOLDS', 'where']] : [])
  })
})

describe('a condition that always holds', () => {
  test.each([
    [
      'all values',
      `{ allow: 'sales', to: 'read', where: { customer: { vip: true }, anyOf: [{ status: 'draft' }, { status: 'placed' }] } }`,
      [],
    ],
    [
      'all states',
      `{ deny: signedIn, to: 'delete', where: { status: { in: ['draft', 'placed'] } } }`,
      [['RULE_ALWAYS_HOLDS', 'where']],
    ],
    [
      'a value and its opposite',
      `{ deny: signedIn, to: 'delete', where: { anyOf: [{ number: '1' }, { number: { isNot: '1' } }] } }`,
      [['RULE_ALWAYS_HOLDS', 'where']],
    ],
    [
      'a value that may be missing',
      `{ deny: signedIn, to: 'delete', unless: { anyOf: [{ size: 1n }, { size: { isNot: 1n } }] } }`,
      [['RULE_NEVER_HOLDS', 'unless']],
    ],
    [
      'not another row, which may be removed',
      `{ deny: signedIn, to: 'delete', where: { customer: { anyOf: [{ vip: true }, { vip: false }] } } }`,
      [],
    ],
  ])('%s', async (_, rule, expected) => {
    expect(await told(`'r': ${rule}`, `'all': { allow: 'admin', to: anything, where: { number: '77' } },`)).toEqual(
      expected,
    )
  })
})

describe('a rule in the shadow of another', () => {
  const wide = (rule: string) => `'wide': ${rule},\n`

  test.each([
    [
      'fewer rows',
      `{ allow: 'sales', to: 'read', where: { status: 'draft', number: '1' } }`,
      `{ allow: 'sales', to: 'read', where: { status: 'draft' } }`,
    ],
    [
      'the same rows said otherwise',
      `{ allow: 'sales', to: 'read', where: { not: { status: { isNot: 'draft' } } } }`,
      `{ allow: 'sales', to: ['read', 'create'], where: { status: 'draft' } }`,
    ],
    [
      'fewer people',
      `{ allow: 'sales', to: 'read', where: { number: '1' } }`,
      `{ allow: signedIn, to: 'read', where: { number: '1' } }`,
    ],
    [
      'fewer verbs',
      `{ allow: 'sales', to: 'read', where: { number: '1' } }`,
      `{ allow: 'sales', to: anything, where: { number: '1' } }`,
    ],
    [
      'fewer fields',
      `{ allow: 'sales', to: 'update', where: { number: '1' }, only: ['total'] }`,
      `{ allow: 'sales', to: 'update', where: { number: '1' }, only: ['total', 'size'] }`,
    ],
    [
      'less it may become',
      `{ allow: 'sales', to: 'update', where: { number: '1' } }`,
      `{ allow: 'sales', to: 'update', where: { number: '1' }, becoming: 'anything' }`,
    ],
    [
      'a caller’s value beside it',
      `{ allow: 'sales', to: 'read', where: { customer: { rank: actor.limit, region: 'eu' } } }`,
      `{ allow: 'sales', to: 'read', where: { customer: { region: 'eu' } } }`,
    ],
    [
      'a denial',
      `{ deny: signedIn, to: 'delete', where: { number: '1' } }`,
      `{ deny: everyone, to: ['delete', 'remove'], where: { number: { in: ['1', '2'] } } }`,
    ],
  ])('%s', async (_, narrow, wider) => {
    const before = `'all': { allow: 'admin', to: anything, where: { number: '77' } },\n`
    const narrowFirst = await told(`'narrow': ${narrow},\n${wide(wider)}`, before)
    expect(narrowFirst.filter(([code]) => code === 'RULE_SHADOWED')).toEqual([['RULE_SHADOWED', "'narrow'"]])
    const wideFirst = await told(`${wide(wider)}'narrow': ${narrow}`, before)
    expect(wideFirst.filter(([code]) => code === 'RULE_SHADOWED')).toEqual([['RULE_SHADOWED', "'narrow'"]])
  })

  test.each([
    [
      'other rows',
      `{ allow: 'sales', to: 'read', where: { number: '1' } }`,
      `{ allow: 'sales', to: 'read', where: { number: '2' } }`,
    ],
    ['more people', `{ allow: signedIn, to: 'read', where: { number: '1' } }`, `{ allow: 'sales', to: 'read' }`],
    [
      'more verbs',
      `{ allow: 'sales', to: ['read', 'remove'], where: { number: '1' } }`,
      `{ allow: 'sales', to: ['read', 'update'], where: { number: '1' } }`,
    ],
    [
      'more fields',
      `{ allow: 'sales', to: 'update', where: { number: '1' } }`,
      `{ allow: 'sales', to: 'update', only: ['total'] }`,
    ],
    [
      'more that it may become',
      `{ allow: 'sales', to: 'update', where: { number: '1' }, becoming: 'anything' }`,
      `{ allow: 'sales', to: 'update', where: { number: { in: ['1', '2'] } } }`,
    ],
    [
      'a caller without a value',
      `{ allow: 'sales', to: 'read', where: { number: '1' } }`,
      `{ allow: 'sales', to: 'read', where: { anyOf: [{ number: '1' }, { customer: { rank: actor.limit } }] } }`,
    ],
    [
      'a denial with another reason',
      `{ deny: signedIn, to: 'delete', where: { number: '1' }, because: 'One.' }`,
      `{ deny: signedIn, to: 'delete', where: { number: { in: ['1', '2'] } }, because: 'Two.' }`,
    ],
    [
      'what allows, of what denies',
      `{ allow: 'sales', to: 'delete', where: { number: '1' } }`,
      `{ deny: signedIn, to: 'delete' }`,
    ],
  ])('not %s', async (_, narrow, wider) => {
    const found = await told(
      `'narrow': ${narrow},\n${wide(wider)}`,
      `'all': { allow: 'admin', to: anything, where: { number: '77' } },\n`,
    )
    expect(found.filter(([code]) => code === 'RULE_SHADOWED')).toEqual([])
  })
})

describe('a rule open to all', () => {
  /** Of people, who belong to no tenant. */
  const ofPeople = (rule: string) =>
    withPolicies((text) => text.replace(`policy(User, {`, `policy(User, { 'r': ${rule},`))

  test.each([
    [`{ allow: everyone, to: anything }`, true],
    [`{ allow: everyone, to: ['read', 'update'] }`, true],
    [`{ allow: everyone, to: ['read', 'create'] }`, false],
    [`{ allow: everyone, to: 'update', where: { name: '1' } }`, false],
    [`{ allow: signedIn, to: 'update' }`, false],
  ])('%s', async (rule, isTold) => {
    const files = ofPeople(rule)
    const words = 'anything, defineActor, everyone, signedIn'
    const policies = files['policies/all.ts']!.replace('anything, defineActor', words)
    const found = await warningsOf({ ...files, 'policies/all.ts': policies })
    expect(found.some(([code, at]) => code === 'RULE_OPEN_TO_ALL' && at === "'r'")).toBe(isTold)
  })

  test('is closed to visitors where rows are tenants’, and that is told', async () => {
    expect(await told(`'r': { allow: everyone, to: anything }`, '')).toEqual([['RULE_VISITORS_UNREACHED', "'r'"]])
  })
})

describe('visitors without a tenant', () => {
  test.each([
    [`{ allow: everyone, to: 'read', where: { number: '1' } }`, [['RULE_VISITORS_UNREACHED', "'r'"]]],
    [`{ allow: everyone, to: 'create', where: { number: '1' } }`, [['RULE_VISITORS_UNREACHED', "'r'"]]],
    [`{ deny: everyone, to: 'delete' }`, []],
    [`{ allow: everyoneExcept('sales'), to: 'read', where: { number: '1' } }`, []],
    [`{ allow: signedIn, to: 'read', where: { number: '1' } }`, []],
  ])('%s', async (rule, expected) => {
    const before = `'all': { allow: 'admin', to: anything, where: { number: '77' } },`
    expect(await told(`'r': ${rule}`, before)).toEqual(expected)
  })

  test('not of rows of no tenant, nor of rows that all tenants share', () => {
    const found: string[] = []
    const open = m.allow('open', 'everyone', ['read'])
    for (const tenancy of ['none', 'shared', 'own', 'self'] as const) {
      const made = m.makeModel({
        entities: { Note: { fields: { title: m.text() } } },
        policies: { Note: [{ ...open, audience: { kind: 'everyone' } }] },
      })
      const model = { ...made, entities: made.entities.map((each) => ({ ...each, tenancy })) }
      const problems = { list: [], warn: () => void found.push(tenancy) }
      warnOfVisitorsWithoutTenant(verification({ declarations: [] } as never, model, problems as never))
    }
    expect(found).toEqual(['own', 'self'])
  })
})

describe('who may update but not read', () => {
  const own = `'own': { allow: 'admin', to: ['place', 'remind'] },`

  test.each([
    ['nobody reads', `${own} 'w': { allow: 'admin', to: ['update'] }`, ["'w'"]],
    [
      'another role reads',
      `${own} 'w': { allow: signedIn, to: 'update' }, 'r': { allow: 'admin', to: 'read' }`,
      ["'w'"],
    ],
    ['an included role reads', `${own} 'w': { allow: 'sales', to: 'update' }, 'r': { allow: 'admin', to: 'read' }`, []],
    [
      'everyone reads some',
      `${own} 'w': { allow: 'sales', to: 'update' }, 'r': { allow: everyone, to: 'read', where: { number: '1' } }`,
      [],
    ],
  ])('%s', async (_, rules, places) => {
    const found = await told(rules, '')
    expect(found.filter(([code]) => code === 'RULE_UPDATE_UNREAD').map(([, at]) => at)).toEqual(places)
  })
})

describe('anyOf in front of other keys', () => {
  test.each([
    [`{ anyOf: [{ number: '1' }, { number: '2' }], status: 'draft' }`, true],
    [`{ status: 'draft', anyOf: [{ number: '1' }, { number: '2' }] }`, false],
    [`{ customer: { anyOf: [{ name: '1' }, { name: '2' }], vip: true } }`, true],
    [`{ not: { anyOf: [{ number: '1' }, { number: '2' }], status: 'draft' } }`, true],
    [`{ anyOf: [{ number: '1' }, { anyOf: [{ number: '3' }, { number: '2' }], status: 'draft' }] }`, true],
  ])('%s', async (where, isTold) => {
    const found = await told(
      `'r': { allow: 'sales', to: 'read', where: ${where} }`,
      `'all': { allow: 'admin', to: anything, where: { number: '77' } },`,
    )
    expect(found).toEqual(isTold ? [['CONDITION_ANY_OF_FIRST', 'anyOf']] : [])
  })
})

describe('guarded fields', () => {
  const reserve = (role: string, verbs: readonly string[]): Rule => ({
    ...m.allow('price is for leads', role, verbs, { fields: ['price'] }),
    effect: 'reserve',
  })
  const noted = (rules: readonly Rule[], unique: Entity['unique'] = []) => {
    const model = m.makeModel({
      entities: { Note: { fields: { title: m.text(), price: m.int() } } },
      roles: { sales: [], lead: ['sales'] },
      policies: { Note: rules },
    })
    return { ...model, entities: model.entities.map((each) => ({ ...each, unique })) }
  }
  /** What a lint warns of, where rules were written so. */
  const warned = (
    lint: typeof warnOfCrossedReserves,
    model: ReturnType<typeof noted>,
    written: Readonly<Record<string, unknown>>,
  ) => {
    const found: (readonly [string, readonly (string | number)[]])[] = []
    const app = { declarations: [{ kind: 'policy', of: 'Note', declared: { rules: written } }] }
    const problems = {
      list: [],
      warn: (code: string, place: { path: readonly (string | number)[] }) => void found.push([code, place.path]),
    }
    lint(verification(app as never, model, problems as never))
    return found
  }

  test('that another rule grants by name', () => {
    const grant = (role: string, options = {}) => m.allow('grant', role, ['update'], { fields: ['price'], ...options })
    const only = { grant: { only: ['price'] } }
    const told = [['RULE_RESERVE_CROSSED', ['Note', 'policy', 'grant', 'only', 'price']]]
    expect(warned(warnOfCrossedReserves, noted([reserve('lead', ['update']), grant('sales')]), only)).toEqual(told)
    expect(warned(warnOfCrossedReserves, noted([reserve('lead', ['update']), grant('lead')]), only)).toEqual([])
    expect(warned(warnOfCrossedReserves, noted([reserve('sales', ['update']), grant('lead')]), only)).toEqual([])
    expect(warned(warnOfCrossedReserves, noted([reserve('lead', ['read']), grant('sales')]), only)).toEqual([])
    const second = { ...reserve('sales', ['update']), title: 'or for sales' }
    expect(warned(warnOfCrossedReserves, noted([reserve('lead', ['update']), second, grant('sales')]), only)).toEqual(
      [],
    )
    expect(
      warned(warnOfCrossedReserves, noted([reserve('lead', ['update']), grant('sales')]), {
        grant: { except: ['title'] },
      }),
    ).toEqual([])
  })

  test('that are unique', () => {
    const told = [['POLICY_UNIQUE_GUARDED', ['Note', 'fields', 'price']]]
    expect(
      warned(warnOfGuardedUniques, noted([reserve('lead', ['read'])], [m.uniqueOn('title', 'price')]), {}),
    ).toEqual(told)
    expect(warned(warnOfGuardedUniques, noted([reserve('lead', ['update'])], [m.uniqueOn('price')]), {})).toEqual([])
    expect(warned(warnOfGuardedUniques, noted([reserve('lead', ['read'])], [m.uniqueOn('title')]), {})).toEqual([])
  })
})
