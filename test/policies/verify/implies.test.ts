import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Caller, holds, indexModel, type Row, type World } from '#policies'
import type { Condition, Operator } from '#schema'
import { alwaysHolds, implies, neverHolds } from '../../../policies/verify/implies.ts'
import * as m from '../../support/model.ts'

const made = m.makeModel({
  entities: {
    User: { tenant: false, fields: {} },
    Group: {
      fields: { label: m.optional(m.text()), level: m.int() },
      relations: { parent: m.one('Group', { optional: true }), owner: m.one('User', { optional: true }) },
    },
    Member: { relations: { user: m.one('User'), group: m.one('Group') } },
    Thing: {
      fields: {
        name: m.text(),
        nick: m.optional(m.text()),
        kind: m.choice('a', 'b', 'c'),
        rank: m.optional(m.int()),
        size: m.int(),
        open: m.plain('boolean'),
        cost: m.optional(m.money()),
      },
      relations: { group: m.one('Group'), other: m.one('Group', { optional: true }), by: m.one('User') },
    },
  },
  actor: { entity: 'User', values: [m.reach('mine', { to: 'Group', via: 'Member', as: 'user', toward: 'group' })] },
})
const entities = new Map(made.entities.map((entity) => [entity.name, entity]))
const of = { entity: entities.get('Thing')!, entities }

const ordering: readonly Operator[] = ['under', 'atMost', 'over', 'atLeast']
const textual: readonly Operator[] = ['startsWith', 'contains', 'endsWith']
const sizes = [-1, 0, 1, 2]
const names = ['', 'a', 'ab', 'ba']
const costs = ['1.00', '1.5', '2.00']

function comparing<T extends string | number | boolean>(on: string, values: readonly T[], ops: readonly Operator[]) {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('is', 'isNot', ...ops), fc.constantFrom(...values))
      .map(([op, to]) => m.compare(on, op as Operator, to)),
    fc
      .tuple(fc.constantFrom('in', 'notIn'), fc.subarray([...values]))
      .map(([op, to]) => m.compare(on, op as Operator, to)),
    fc.constantFrom('is' as const, 'isNot' as const).map((op) => m.compare(on, op, null)),
  )
}

const actorOps = fc.constantFrom('is' as const, 'isNot' as const)
const ofGroup = fc.oneof(
  comparing('level', sizes, ordering),
  comparing('label', names, textual),
  actorOps.map((op) => m.compare('owner', op, m.actor('id'))),
)
const inGroup = fc.oneof(
  ofGroup,
  fc.tuple(ofGroup, ofGroup).map((both) => m.any(...both)),
  fc.tuple(ofGroup, ofGroup).map((both) => m.all(...both)),
  ofGroup.map(m.not),
  ofGroup.map((each) => m.path('parent', each)),
)
const leaf = fc.oneof(
  comparing('name', names, textual),
  comparing('nick', names, textual),
  comparing('kind', ['a', 'b', 'c'], []),
  comparing('rank', sizes, ordering),
  comparing('size', sizes, ordering),
  comparing('open', [true, false], []),
  comparing('cost', costs, ordering),
  actorOps.map((op) => m.compare('by', op, m.actor('id'))),
  fc.constantFrom('in' as const, 'notIn' as const).map((op) => m.compare('group', op, m.actor('mine'))),
  fc.constantFrom(...ordering).map((op) => m.compare('rank', op, { kind: 'row', name: 'size' })),
  fc.tuple(fc.constantFrom('group', 'other'), inGroup).map(([relation, where]) => m.path(relation, where)),
)
const condition: fc.Arbitrary<Condition> = fc.letrec<{ c: Condition }>((tie) => ({
  c: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('c'), { minLength: 1, maxLength: 3 }).map((all) => m.all(...all)),
    fc.array(tie('c'), { minLength: 1, maxLength: 3 }).map((any) => m.any(...any)),
    tie('c').map(m.not),
  ),
})).c

// Every decision of a condition is met by some of these rows.
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const [ann, bob] = [id(1), id(2)]
const ids = [id(11), id(12), id(13), id(14)]
const groups: readonly Row[] = ids.map((each, at) => ({
  id: each,
  label: [null, 'a', 'ab', 'ba'][at]!,
  level: sizes[at]!,
  parent: [null, ...ids][at]!,
  owner: [null, ann, bob, ann][at]!,
  deletedAt: at === 3 ? '2026-01-01T00:00:00.000Z' : null,
}))
const world: World = {
  index: indexModel(made),
  rows: {
    Group: groups,
    User: [{ id: ann }, { id: bob }],
    Member: [0, 2].map((at) => ({ id: id(20 + at), user: ann, group: ids[at]! })),
    Thing: [],
  },
  now: '2026-06-01T00:00:00.000Z',
}
const thing: fc.Arbitrary<Row> = fc.record({
  id: fc.constant(id(30)),
  name: fc.constantFrom(...names, 'aba'),
  nick: fc.constantFrom(null, ...names, 'aba'),
  kind: fc.constantFrom('a', 'b', 'c'),
  rank: fc.constantFrom(null, ...sizes, 7),
  size: fc.constantFrom(...sizes, 7),
  open: fc.boolean(),
  cost: fc.constantFrom(null, '1.00', '1.50', '2.00', '9.00'),
  group: fc.constantFrom(...ids),
  other: fc.constantFrom(null, ...ids),
  by: fc.constantFrom(ann, bob),
})
const callers: readonly Caller[] = [ann, bob, null].map((each) => ({
  id: each,
  roles: each === null ? null : [],
  tenant: id(90),
  claims: {},
  request: {},
}))
const rows = fc.sample(thing, { numRuns: 150, seed: 7 })

/** Whether the row meets it, for each row and caller. Each condition is asked about in several places. */
function met(each: Condition): readonly boolean[] {
  const found =
    known.get(each) ??
    rows.flatMap((row) => callers.map((caller) => holds(each, { world, entity: 'Thing', row, caller })))
  known.set(each, found)
  return found
}
const known = new WeakMap<Condition, readonly boolean[]>()

describe('against the evaluator', () => {
  test('what implies another is never met without it', () => {
    let proven = 0
    const property = fc.property(condition, condition, (one, other) => {
      for (const [a, b] of [
        [one, other],
        [other, one],
        [m.all(one, other), one],
        [one, m.any(other, one)],
      ] as const) {
        if (!implies(a, b, of)) continue
        proven += 1
        const [inA, inB] = [met(a), met(b)]
        expect(inA.findIndex((isMet, at) => isMet && !inB[at])).toBe(-1)
      }
    })
    fc.assert(property, { numRuns: 500, seed: 4711 })
    // A prover that proves nothing would pass too.
    expect(proven).toBeGreaterThan(600)
  })

  test('what never holds is met by no row, what always holds by each', () => {
    let proven = 0
    const property = fc.property(condition, condition, (one, other) => {
      for (const each of [one, m.all(one, other), m.any(one, other), m.all(one, m.not(one))]) {
        if (neverHolds(each, of)) {
          proven += 1
          expect(met(each)).not.toContain(true)
        }
        if (alwaysHolds(each, of)) {
          proven += 1
          expect(met(each)).not.toContain(false)
        }
      }
    })
    fc.assert(property, { numRuns: 500, seed: 4712 })
    expect(proven).toBeGreaterThan(300)
  })
})

const path = (where: Condition) => m.path('other', where)
const level = (op: Operator, to: number) => m.compare('level', op, to)

describe('finds', () => {
  test.each<[string, Condition]>([
    ['two values at once', m.all(m.compare('name', 'is', 'a'), m.compare('name', 'is', 'b'))],
    ['a value outside of the list', m.all(m.compare('kind', 'in', ['a', 'b']), m.compare('kind', 'is', 'c'))],
    ['all values denied', m.compare('kind', 'notIn', ['a', 'b', 'c'])],
    ['no value in an empty list', m.compare('kind', 'in', [])],
    ['a missing value that is required', m.compare('size', 'is', null)],
    ['a missing value that is compared', m.all(m.compare('rank', 'is', null), m.compare('rank', 'over', 1))],
    ['an empty range', m.all(m.compare('rank', 'over', 3), m.compare('rank', 'atMost', 3))],
    ['an amount out of range', m.all(m.compare('cost', 'over', '10.5'), m.compare('cost', 'under', '9'))],
    [
      'a text that begins otherwise',
      m.all(m.compare('name', 'startsWith', 'ab'), m.not(m.compare('name', 'startsWith', 'a'))),
    ],
    ['a flag that is neither', m.not(m.any(m.compare('open', 'is', true), m.compare('open', 'is', false)))],
    ['another row', path(m.all(level('over', 2), level('under', 2)))],
    [
      'another row that is not there',
      m.all(path(level('over', 2)), m.not(path(m.any(level('over', 1), level('atMost', 1))))),
    ],
    ['the caller and not', m.all(m.compare('by', 'is', m.actor('id')), m.compare('by', 'isNot', m.actor('id')))],
  ])('%s', (_, condition) => expect(neverHolds(condition, of)).toBe(true))

  test.each<[string, Condition]>([
    ['a missing value', m.all(m.not(m.compare('rank', 'over', 3)), m.not(m.compare('rank', 'atMost', 3)))],
    ['a missing row', m.all(m.not(path(level('over', 3))), m.not(path(level('atMost', 3))))],
    ['two rows of the same kind', m.all(path(level('is', 1)), m.path('group', level('is', 2)))],
    ['a name that is not known', m.compare('total', 'is', null)],
  ])('nothing where %s is possible', (_, condition) => expect(neverHolds(condition, of)).toBe(false))

  test('rows of a relation to many', () => {
    const lines = { ...m.notShown, kind: 'many' as const, name: 'lines', to: 'Thing', by: 'group' }
    const entity = { ...of.entity, relations: [...of.entity.relations, lines] }
    const many = (how: 'some' | 'none' | 'every', where: Condition | null): Condition => ({
      kind: 'many',
      relation: 'lines',
      how,
      where,
    })
    const at = { ...of, entity }
    const [big, some] = [m.compare('size', 'over', 5), m.compare('size', 'over', 3)]
    expect(implies(many('some', big), many('some', some), at)).toBe(true)
    expect(implies(many('some', some), many('some', big), at)).toBe(false)
    expect(implies(many('none', some), many('none', big), at)).toBe(true)
    expect(implies(many('every', big), many('every', some), at)).toBe(true)
    expect(implies(many('every', some), many('every', big), at)).toBe(false)
    expect(implies(many('none', null), many('every', some), at)).toBe(true)
    // Of none at all.
    expect(implies(many('every', big), many('some', big), at)).toBe(false)
    expect(alwaysHolds(many('every', null), at)).toBe(true)
  })

  test('rights and facts by their words alone', () => {
    const may: Condition = { kind: 'may', verb: 'read' }
    expect(implies(m.all(may, m.compare('open', 'is', true)), may, of)).toBe(true)
    expect(implies(may, { kind: 'may', verb: 'update' }, of)).toBe(false)
  })

  test('what was there before may hold anything', () => {
    const entity = {
      ...of.entity,
      source: { kind: 'adopted', tenantColumn: null, tenantInKey: false, globalKeys: false, triggers: [] } as const,
    }
    expect(neverHolds(m.compare('kind', 'notIn', ['a', 'b', 'c']), { ...of, entity })).toBe(false)
    expect(neverHolds(m.compare('size', 'is', null), { ...of, entity })).toBe(false)
  })

  test('gives up on what is too large', () => {
    const many = Array.from({ length: 12 }, (_, at) => m.any(m.compare('size', 'is', at), m.compare('rank', 'is', at)))
    expect(neverHolds(m.all(...many, m.compare('kind', 'in', [])), of)).toBe(false)
  })
})
