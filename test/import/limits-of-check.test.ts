import { describe, expect, test } from 'vitest'
import { fieldOfColumn } from '../../migrations/import/field-of-column.ts'
import type { FoundColumn } from '../../migrations/import/found-database.ts'
import { type FieldedColumn, limitsOfCheck } from '../../migrations/import/limits-of-check.ts'
import { readLiteral } from '../../migrations/import/read-literal.ts'
import { linkName, memberName, typeName } from '../../migrations/import/words.ts'

const types = {
  a: 'integer',
  s: 'smallint',
  t: 'text',
  v: 'character varying(9)',
  c: 'character(3)',
  n: 'numeric(9,2)',
  f: 'real',
}
const columns = new Map<string, FieldedColumn>(
  Object.entries({ ...types, 'odd "name"': 'text' }).map(([name, type]) => {
    const column: FoundColumn = {
      ...{ name, type, ownType: null, labels: [], notNull: false, default: null, isSerial: false },
      ...{ identity: null, isGenerated: false, comment: null, settings: [] },
    }
    return [name, { column, field: fieldOfColumn(column)! }]
  }),
)

describe('as Postgres prints checks', () => {
  test.each([
    ['(a > 0)', [{ kind: 'min', column: 'a', value: '1' }]],
    ['(0 < a)', [{ kind: 'min', column: 'a', value: '1' }]],
    ["(a >= '-5'::integer)", [{ kind: 'min', column: 'a', value: '-5' }]],
    [
      '((a >= 1) AND (a <= 9))',
      [
        { kind: 'min', column: 'a', value: '1' },
        { kind: 'max', column: 'a', value: '9' },
      ],
    ],
    ['(n >= (0)::numeric)', [{ kind: 'min', column: 'n', value: '0' }]],
    ['(f >= (0.5)::double precision)', [{ kind: 'min', column: 'f', value: '0.5' }]],
    ['((s)::integer < 3)', [{ kind: 'max', column: 's', value: '2' }]],
    ["(t <> ''::text)", [{ kind: 'min', column: 't', value: '1' }]],
    ["((v)::text <> ''::text)", [{ kind: 'min', column: 'v', value: '1' }]],
    ['(char_length((v)::text) >= 2)', [{ kind: 'min', column: 'v', value: '2' }]],
    [
      "((v)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[]))",
      [{ kind: 'values', column: 'v', values: ['x', "it's"] }],
    ],
    ["((t = 'x'::text) OR (t = 'y'::text))", [{ kind: 'values', column: 't', values: ['x', 'y'] }]],
    [`("odd ""name""" = 'x'::text)`, [{ kind: 'values', column: 'odd "name"', values: ['x'] }]],
  ])('%s is said', (expression, limits) => expect(limitsOfCheck(expression, columns)).toEqual(limits))

  test.each([
    // Of fractions, "more than" is no limit of ours.
    '(n > (0)::numeric)',
    '(a > 0.5)',
    '((a >= 1) OR (a IS NULL))',
    '((a >= 1) OR (a <= 0))',
    '(NOT (a > 1))',
    '(a <> 5)',
    '(a = 5)',
    '(a < b)',
    '(a < s)',
    '(lower(t) = t)',
    "((t = 'x'::text) OR (v = 'y'::text))",
    // Blanks at the end count for nothing.
    "(c <> ''::bpchar)",
    "(c = ANY (ARRAY['a'::bpchar, 'b'::bpchar]))",
    // A size cuts.
    "((v)::character varying(2) = 'ab'::text)",
    "(t = ('abc'::character varying(2))::text)",
    '((n)::numeric(3,0) >= (2)::numeric)',
    // A cast rounds.
    '((n)::integer >= 2)',
    "((t)::date > '2020-01-01'::date)",
    "(t ~ '^x'::text)",
    "(t = E'a\\\\b'::text)",
    '(a >= 1) AND',
    `${'('.repeat(200)}a > 1${')'.repeat(200)}`,
    "(t = 'never closed)",
    '',
  ])('%s is not', (expression) => expect(limitsOfCheck(expression, columns)).toBeNull())
})

test.each([
  ["'draft'::text", 'draft'],
  ["'it''s'::character varying", "it's"],
  ["'a'::character varying(3)", 'a'],
  ["E'a\\\\b'::text", 'a\\b'],
  ["''::text", ''],
  ["'(x)::y'::text", '(x)::y'],
  ['(0)::numeric', '0'],
  ["'-1'::integer", '-1'],
  ['1.50', '1.50'],
  ['true', true],
  ["'{}'::text[]", '{}'],
  ["'10:00:00'::time without time zone", '10:00:00'],
  ["lower('x'::text)", null],
  ["('x'::text || 'y'::text)", null],
  ["nextval('s'::regclass)", null],
  ['CURRENT_USER', null],
  ['(1 + 2)', null],
])('the default %s', (printed, value) => expect(readLiteral(printed)).toBe(value))

test('names of tables and columns as people would write them', () => {
  expect(
    [
      'order_details',
      'ORDERS',
      'Order Details',
      'us_states',
      'people',
      'address',
      'media_types',
      '2fast',
      'заказы',
    ].map(typeName),
  ).toEqual(['OrderDetail', 'Order', 'OrderDetail', 'UsState', 'Person', 'Address', 'MediaType', 'T2fast', 'Table'])
  const members = ['unit_price', 'UnitPrice', 'UNIT_PRICE', 'Größe', 'ÆRØ', '3d', '—'].map(memberName)
  expect(members).toEqual(['unitPrice', 'unitPrice', 'unitPrice', 'grosse', 'aero', 'c3d', 'column'])
  expect(linkName('customer_id', 'Customer')).toBe('customer')
  expect(linkName('reports_to', 'Employee')).toBe('reportsTo')
  expect(linkName('country_code', 'Country')).toBe('country')
  expect(linkName('country_code', 'Region')).toBe('countryCode')
})
