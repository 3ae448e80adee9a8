import { expect, test } from 'vitest'
import { exactScalars } from '../../../server/graphql/exact-scalar.ts'

const accepted: Readonly<Record<string, readonly unknown[]>> = {
  BigFloat: [0, -1.5, 0.1, 1e21, '0', '12.50', '-.5', '+1.', '1e3', '123456789012345678901234567890.123456789'],
  BigInt: [0, -7, 9007199254740991, '9223372036854775807', '-1'],
  Date: ['2026-01-01', '2024-02-29', '0001-01-01', '9999-12-31'],
  Datetime: [
    ...[
      '2026-01-01',
      '2026-01-01T12:00',
      '2026-01-01T12:00:00Z',
      '2026-01-01 12:00:00.123456+02:00',
      '2026-01-01t23:59:59z',
    ],
    ...['2026-11-20T11:50:22.820098+00:00', '2026-01-01T12:00:00-0330', '2026-01-01T12:00:00+05'],
  ],
  Time: ['00:00', '23:59:59', '08:30:00.123456'],
}
const refused: Readonly<Record<string, readonly unknown[]>> = {
  BigFloat: [
    'NaN',
    'Infinity',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    0.1 + 0.2,
    2 / 3,
    '1_000',
    '0x10',
    ' 1',
    '',
    '.',
    '1e1000',
    '١',
    [1],
    [[1]],
    {},
    true,
  ],
  BigInt: [1.5, 2 ** 53, '1.0', '1_000', '0x10', '1e3', ' 1', '', [1], true, 'NaN'],
  Date: [
    'now',
    'today',
    'epoch',
    'infinity',
    '-infinity',
    '20260101',
    'J2451187',
    '0000-01-01',
    '10000-01-01',
    '0044-03-15 BC',
    '2026-02-30',
    '2026-1-1',
    '2026-01-01T00:00:00Z',
    20260101,
  ],
  Datetime: [
    'now',
    'infinity',
    '99999-12-31',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-01T12:00:00+16',
    '2026-01-01T12:00:00 PST',
    '2026-01-01T12:00:00.1234567Z',
    ...['9999-12-31T23:59:59-00:01', '0001-01-01T00:00:00+00:01', '0001-01-01+14'],
    '0044-03-15 BC',
    0,
  ],
  Time: ['now', 'allballs', '24:00', '24:00:00', '25:00', '12:00+14', '12:00:60', '12', '1:00', 12],
}
const cases = (of: typeof accepted) =>
  Object.entries(of).flatMap(([name, values]) => values.map((value) => [name, value] as const))

test.each(cases(accepted))('%s takes %j as it is', (name, value) => {
  expect(exactScalars[name]!(value)).toBe(String(value))
})

test.each(cases(refused))('%s refuses %j', (name, value) => {
  expect(exactScalars[name]!(value)).toBeNull()
})
