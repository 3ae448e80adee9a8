/** Text that means something to one of the languages on the way: SQL, GraphQL, JSON, HTML, JavaScript, graphile-migrate, terminals. */
export const hostileTexts: readonly string[] = [
  `'; drop schema app cascade; --`,
  `"; drop schema app cascade; --`,
  `\\'; drop table app.customer; --`,
  `$$; drop schema app cascade; $$`,
  `$body$ select 1 $body$`,
  ':OWNER ":PRIVATE" \':ROLE_ADMIN\'',
  `one\n--!include /etc/passwd\n--! no-transaction`,
  '"""\n# not a comment',
  '</script><script>alert(1)</script>',
  '<!-- --> $ {process.exit(1)} {{7*7}} %s %I $1 ?',
  '__proto__',
  'constructor',
  '{"$ne": null}',
  'null',
  '%',
  '_',
  '\\',
  ' leading and trailing ',
  '\t\r\n',
  '\u202eright to left',
  'zero\u200bwidth\ufeff\u2028\u2029',
  'e\u0301 and \u00e9 differ',
  '👩‍👩‍👧‍👦',
  '\u0001\u001b[2J\u007f',
]

/** Text that Postgres cannot store as it is: it has to be refused. */
export const unstorableTexts: readonly string[] = ['nul\u0000nul', 'lone \ud800 surrogate', '\udc00']

/** Numbers, dates, ids and shapes at and past every edge, as they stand in a JSON document. */
export const hostileJson: readonly string[] = [
  ...['1e400', '-1e400', '1e308', '9007199254740993', '2147483648', '-2147483649', '9223372036854775808', '-0', '0.1'],
  ...['0.00000000000000000001', '123456789012345678901234567890.123456789'],
  ...['"NaN"', '"Infinity"', '"-Infinity"', '"1e999999"', '"1e400"', '"0x10"', '"1_000"', '" 1 "', '"١"', '""', '"-1"'],
  ...['"99999-12-31"', '"infinity"', '"-infinity"', '"now"', '"today"', '"epoch"', '"allballs"', '"2026-02-30"'],
  ...[
    '"0000-01-01"',
    '"0044-03-15 BC"',
    '"294277-01-01T00:00:00Z"',
    '"2026-01-01T25:00:00Z"',
    '"2026-12-31T23:59:60Z"',
  ],
  ...['"24:00:00"', '"25:00"', '"12:00+14"', '"2026-01-01"', '"20260101"', '"J2451187"'],
  ...[
    '"00000000-0000-0000-0000-000000000000"',
    '"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"',
    '"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"',
  ],
  ...[
    'true',
    'null',
    '[]',
    '{}',
    '[[1]]',
    '{"__proto__": {"polluted": true}}',
    '{"constructor": {"prototype": {"polluted": true}}}',
  ],
  ...['["a", "b"]', '{"equalTo": "x"}', '"admin"', '"EUR\'; --"'],
]
