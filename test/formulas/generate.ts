import fc from 'fast-check'
import type { CallName, Condition, Expression, FieldType, ListRead } from '#schema'
import * as m from '../support/model.ts'

/** What generated expressions give. */
export type Kind = 'int' | 'decimal' | 'money' | 'text' | 'boolean' | 'date' | 'datetime'

/** Narrower and wider types that hold such a result. */
export const otherTypes: Readonly<Partial<Record<Kind, FieldType>>> = {
  int: { kind: 'int64', min: null, max: null },
  money: { kind: 'money', currency: 'USD', in: null, scale: 2, minor: true, min: null, max: null },
}

/** Type of a computed field that holds a kind. */
export const typesOf: Readonly<Record<Kind, FieldType>> = {
  int: { kind: 'int', min: null, max: null },
  decimal: { kind: 'decimal', precision: 30, scale: 12, min: null, max: null },
  money: { kind: 'money', currency: 'USD', in: null, scale: 2, minor: false, min: null, max: null },
  text: { kind: 'text', format: 'text', min: null, max: null, matches: null, ignoreCase: false },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  datetime: { kind: 'datetime' },
}

/** Fields that can be read, by entity, of the app `test/fixtures/apps/baskets`. */
const fields: Readonly<Record<string, Partial<Record<Kind, readonly string[]>>>> = {
  Basket: {
    int: ['count', 'size', 'wait'],
    decimal: ['weight'],
    money: ['cost', 'cents', 'entrySum'],
    text: ['name', 'title', 'caption'],
    boolean: ['isOpen', 'isDear'],
    date: ['openedOn', 'dueOn'],
    datetime: ['openedAt', 'closedAt'],
  },
  Entry: { int: ['quantity'], decimal: ['rate'], money: ['price', 'amount'], text: ['label'], date: ['madeOn'] },
  Keeper: { int: ['level'], money: ['limit'], text: ['name'] },
  Tag: { int: ['weight'], text: ['name'] },
  Memo: { text: ['body'], datetime: ['madeAt'] },
}

const ones: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  Basket: [
    ['keeper', 'Keeper'],
    ['memo', 'Memo'],
  ],
  Entry: [
    ['basket', 'Basket'],
    ['keeper', 'Keeper'],
  ],
  Memo: [['basket', 'Basket']],
}

/** To-many relations, with the way there. */
const lists: Readonly<Record<string, readonly (readonly [readonly string[], string])[]>> = {
  Basket: [
    [['entries'], 'Entry'],
    [['tags'], 'Tag'],
  ],
  Entry: [[['basket', 'entries'], 'Entry']],
  Tag: [[['baskets'], 'Basket']],
  Memo: [[['basket', 'entries'], 'Entry']],
}

const texts = ['', 'a', 'B', 'ab', "o'b", '😀', '%_\\', 'with "quotes"', '-1']
const numbers = ['0', '1', '-2', '3', '0.5', '1.25', '-0.001', '7']
const whole = ['0', '1', '-2', '3', '7']
const days = ['2024-02-29', '2026-01-31', '2026-03-29', '2025-12-29']
const instants = ['2026-01-31T23:30:00.000Z', '2026-03-08T06:59:59.999Z', '2025-12-29T00:00:00.000Z']
const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Europe/Berlin']

type Gen = fc.Arbitrary<Expression>
type Rows = readonly string[]

/** Expressions of a kind about a row of the entity; no deeper than `depth` calls. */
export function expressions(kind: Kind, entity: string, depth = 3): Gen {
  return of(kind, [entity], depth)
}

/** Conditions on a row of the entity, computed fields included. */
export function conditions(entity: string, depth = 2): fc.Arbitrary<Condition> {
  const leaf = fc.oneof(...leaves(entity))
  const there = (ones[entity] ?? []).filter(([name]) => name !== 'memo')
  if (depth === 0) return leaf
  const inner = conditions(entity, depth - 1)
  const several = fc.array(inner, { minLength: 2, maxLength: 3 })
  return fc.oneof(
    leaf,
    several.map((each) => m.all(...each)),
    several.map((each) => m.any(...each)),
    inner.map(m.not),
    ...there.map(([name, to]) => conditions(to, 0).map((where) => m.path(name, where))),
  )
}

function leaves(entity: string): readonly fc.Arbitrary<Condition>[] {
  const known = fields[entity]!
  const compare = (kind: Kind, values: readonly (string | number | boolean)[], ops: readonly string[]) =>
    (known[kind] ?? [])
      .filter((name) => name !== 'wait')
      .flatMap((name) => [
        fc
          .record({ op: fc.constantFrom(...ops), value: fc.constantFrom(...values) })
          .map(({ op, value }) => m.compare(name, op as 'is', value)),
        fc.constantFrom('is' as const, 'isNot' as const).map((op) => m.compare(name, op, null)),
      ])
  const order = ['is', 'isNot', 'under', 'atMost', 'over', 'atLeast']
  return [
    ...compare('int', [0, 1, -2, 7], order),
    ...compare('money', ['0', '5', '20', '-2.5'], order),
    ...compare('decimal', ['0', '0.5', '-1.25'], order),
    ...compare('text', ['a', "o'b", ''], ['is', 'isNot', 'startsWith', 'contains', 'endsWith']),
    ...compare('boolean', [true, false], ['is', 'isNot']),
    ...compare('date', days, order),
    ...compare('datetime', instants, order),
    ...(known.text ?? [])
      .filter((name) => name === 'name' || name === 'label')
      .map((name) => fc.subarray(texts, { minLength: 1 }).map((values) => m.compare(name, 'in', values))),
  ]
}

/** At least one of the arguments is no literal, else nobody could tell its type. */
function some(args: readonly Expression[]): boolean {
  return args.some(({ kind }) => kind !== 'literal')
}

function call(name: CallName, args: readonly Expression[]): Expression {
  return { kind: 'call', name, args }
}

function literal(kind: Kind): Gen {
  const from = (kindOf: 'number' | 'text' | 'date' | 'datetime', values: readonly string[]): Gen =>
    fc.constantFrom(...values).map((value) => ({ kind: 'literal', of: kindOf, value }))
  switch (kind) {
    case 'int':
      return from('number', whole)
    case 'decimal':
    case 'money':
      return from('number', numbers)
    case 'text':
      return from('text', texts)
    case 'boolean':
      return fc.boolean().map((value) => ({ kind: 'literal', of: 'boolean', value }))
    case 'date':
      return from('date', days)
    case 'datetime':
      return from('datetime', instants)
  }
}

/** A field of one of the rows at hand, or of what to-one relations lead to. */
function read(kind: Kind, rows: Rows): Gen {
  const reads = rows.flatMap((entity, index): readonly Expression[] => {
    const up = rows.length - 1 - index
    const own = (fields[entity]?.[kind] ?? []).map((name): Expression => ({ kind: 'field', up, path: [name] }))
    const far = (ones[entity] ?? []).flatMap(([way, to]) =>
      (fields[to]?.[kind] ?? []).map((name): Expression => ({ kind: 'field', up, path: [way, name] })),
    )
    return [...own, ...own, ...far]
  })
  if (reads.length > 0) return fc.constantFrom(...reads)
  // No field of that kind is at hand.
  return kind === 'decimal'
    ? read('int', rows).map((value) => call('decimalOf', [value]))
    : kind === 'boolean'
      ? fc.constant<Expression>({ kind: 'condition', up: 0, where: m.compare('id', 'isNot', null) })
      : fc.constant<Expression>({
          kind: 'startOf',
          value: { kind: kind === 'date' ? 'today' : 'now' },
          of: 'year',
          zone: null,
        })
}

function of(kind: Kind, rows: Rows, depth: number): Gen {
  if (depth <= 0) return read(kind, rows)
  const inner = (each: Kind): Gen => of(each, rows, depth - 1)
  const arg = (each: Kind): Gen =>
    fc.oneof({ weight: 4, arbitrary: inner(each) }, { weight: 1, arbitrary: literal(each) })
  const two = (name: CallName, each: Kind): Gen =>
    fc
      .tuple(arg(each), arg(each))
      .filter(some)
      .map((args) => call(name, args))
  const more = (name: CallName, each: Kind): Gen =>
    fc
      .array(arg(each), { minLength: 2, maxLength: 3 })
      .filter(some)
      .map((args) => call(name, args))
  const common = [read(kind, rows), ...choices(kind, rows, depth, arg), ...listReads(kind, rows, depth)]
  const ordered = kind === 'boolean' ? [] : [more('greatest', kind), more('least', kind)]
  return fc.oneof(...common, two('coalesce', kind), ...ordered, ...special(kind, inner, more))
}

function special(kind: Kind, inner: (kind: Kind) => Gen, more: (name: CallName, kind: Kind) => Gen): readonly Gen[] {
  const one = (name: CallName, each: Kind): Gen => inner(each).map((value) => call(name, [value]))
  const round = (each: Kind): Gen =>
    fc.tuple(inner(each), fc.constantFrom(0, 1, 3)).map(([value, places]) => ({ kind: 'round', value, places }))
  // Factors stay small, so that whole numbers fit their field.
  const scaled = (name: 'times' | 'dividedBy', each: Kind, by: Kind): Gen =>
    fc.tuple(inner(each), fc.oneof(literal(by), inner(by))).map((args) => call(name, args))
  const zone = fc.oneof(fc.constantFrom(...zones).map((value): Expression => ({ kind: 'literal', of: 'text', value })))
  const shift = (each: 'date' | 'datetime', units: readonly ('minutes' | 'hours' | 'days' | 'months')[]): Gen =>
    fc
      .tuple(inner(each), fc.constantFrom('1', '-1', '13', '-40', '2147483647', '-99000'), fc.constantFrom(...units))
      .map(([value, by, unit]) => ({ kind: 'shift', value, by: { kind: 'literal', of: 'number', value: by }, unit }))
  const spans = ['year', 'quarter', 'month', 'week', 'day'] as const
  const startOf = (each: 'date' | 'datetime', at: fc.Arbitrary<Expression | null>): Gen =>
    fc
      .tuple(inner(each), fc.constantFrom(...spans), at)
      .map(([value, ofSpan, zoned]) => ({ kind: 'startOf', value, of: ofSpan, zone: zoned }))
  switch (kind) {
    case 'int':
      return [
        more('plus', 'int'),
        more('minus', 'int'),
        scaled('times', 'int', 'int'),
        scaled('dividedBy', 'int', 'int'),
        round('int'),
        one('abs', 'int'),
        one('length', 'text'),
        fc.tuple(inner('date'), inner('datetime')).map((args) => call('days', args)),
        fc.tuple(inner('datetime'), inner('datetime')).map((args) => call('minutes', args)),
        fc
          .tuple(inner('datetime'), fc.constantFrom(...spans, 'weekday' as const, 'hour' as const))
          .map(([value, each]) => ({ kind: 'part', value, of: each })),
        fc
          .tuple(inner('date'), fc.constantFrom(...spans, 'weekday' as const))
          .map(([value, each]) => ({ kind: 'part', value, of: each })),
      ]
    case 'decimal':
      return [
        more('plus', 'decimal'),
        more('minus', 'decimal'),
        scaled('times', 'decimal', 'decimal'),
        scaled('dividedBy', 'decimal', 'int'),
        fc.tuple(inner('money'), inner('money')).map((args) => call('share', args)),
        one('decimalOf', 'int'),
        round('decimal'),
        one('abs', 'decimal'),
      ]
    case 'money':
      return [
        more('plus', 'money'),
        more('minus', 'money'),
        scaled('times', 'money', 'decimal'),
        scaled('dividedBy', 'money', 'int'),
        round('money'),
        one('abs', 'money'),
      ]
    case 'text':
      return [
        fc
          .array(fc.oneof(inner('text'), literal('text'), inner('int'), inner('decimal')), {
            minLength: 1,
            maxLength: 3,
          })
          .map((args) => call('concat', args)),
        one('lower', 'text'),
        one('upper', 'text'),
        fc
          .tuple(inner('text'), fc.constantFrom(0, 1, 2))
          .map(([value, characters]) => ({ kind: 'left', value, characters })),
      ]
    case 'boolean':
      return []
    case 'date':
      return [
        shift('date', ['days', 'months']),
        startOf('date', fc.constant(null)),
        fc.tuple(inner('datetime'), zone).map(([value, at]) => ({ kind: 'dayOf', value, zone: at })),
      ]
    case 'datetime':
      return [
        shift('datetime', ['minutes', 'hours', 'days', 'months']),
        startOf('datetime', fc.oneof(fc.constant(null), zone)),
      ]
  }
}

function choices(kind: Kind, rows: Rows, depth: number, arg: (kind: Kind) => Gen): readonly Gen[] {
  return rows.flatMap((entity, index): readonly Gen[] => {
    const up = rows.length - 1 - index
    const cases = fc
      .tuple(
        fc.array(fc.record({ where: conditions(entity, 1), then: arg(kind) }), { minLength: 1, maxLength: 2 }),
        arg(kind),
      )
      .filter(([each, otherwise]) => some([...each.map(({ then }) => then), otherwise]))
      .map(([each, otherwise]): Expression => ({ kind: 'cases', up, cases: each, otherwise }))
    if (kind !== 'boolean') return [cases]
    return [
      cases,
      conditions(entity, Math.min(depth, 2)).map((where): Expression => ({ kind: 'condition', up, where })),
    ]
  })
}

function listReads(kind: Kind, rows: Rows, depth: number): readonly Gen[] {
  return rows.flatMap((entity, index) =>
    (lists[entity] ?? []).flatMap(([path, to]) => {
      const up = rows.length - 1 - index
      const where = fc.option(conditions(to, 1), { nil: null })
      const inside = (each: Kind): Gen => of(each, [...rows, to], depth - 2)
      const make = (name: ListRead['name'], value: fc.Arbitrary<Expression | null>): Gen =>
        fc.tuple(value, where).map(([given, filter]) => ({
          kind: 'list',
          up,
          path,
          name,
          value: given,
          where: filter,
          sort: name === 'first' ? firstSort(to) : [],
          separator: name === 'join' ? ", '" : null,
        }))
      const none = fc.constant(null)
      const numeric = kind === 'int' || kind === 'decimal' || kind === 'money'
      return [
        ...(numeric ? [make('sum', inside(kind))] : []),
        ...(kind === 'decimal' ? [make('average', inside('decimal')), make('average', inside('int'))] : []),
        ...(kind === 'money' ? [make('average', inside('money'))] : []),
        ...(kind === 'boolean' ? [make('exists', none)] : [make('min', inside(kind)), make('max', inside(kind))]),
        ...(kind === 'int'
          ? [make('count', none), make('countDistinct', inside('text')), make('countDistinct', inside('money'))]
          : []),
        ...(kind === 'text' ? [make('join', inside('text'))] : []),
        make('first', inside(kind)),
      ]
    }),
  )
}

function firstSort(entity: string): ListRead['sort'] {
  if (entity === 'Entry')
    return [
      { name: 'label', descending: true },
      { name: 'amount', descending: false },
    ]
  return [{ name: entity === 'Basket' ? 'title' : 'weight', descending: false }]
}
