import { describe, expect, test } from 'vitest'
import { entitiesOnly, reportOf } from './written-app.ts'

/** Entities with a mistake, and what they become when the hint is followed word for word. */
type Followed = readonly [title: string, code: string, hint: string, wrong: string, mended: string]

const thing = (options: string, fields: string, more = '') =>
  `export const T = entity('T', { ${options} fields: { a: string(), ${fields} } ${more} })`
const whole = (options = '') =>
  `export const W = entity('W', { ${options} fields: { a: string() }, relations: { ts: many('T', { by: 'w' }) } })\n`
const part = (options: string, relation: string) => whole() + thing(options, '', `, relations: { w: ${relation} }`)

const followed: readonly Followed[] = [
  [
    'a number per value object',
    'NUMBERING_PER_INVALID',
    'Count by a field of its own, such as homeSeries: string().',
    thing('', "no: numbering('{0000}', { per: ['home'] }), home: embed({ city: string() })"),
    thing(
      '',
      "no: numbering('{0000}', { per: ['homeSeries'] }), home: embed({ city: string() }), homeSeries: string()",
    ),
  ],
  [
    'a number per part of one',
    'NUMBERING_PER_INVALID',
    'Count by a field of its own, such as homeSeries: string().',
    thing('', "no: numbering('{0000}', { per: ['home.city'] }), home: embed({ city: string() })"),
    thing(
      '',
      "no: numbering('{0000}', { per: ['homeSeries'] }), home: embed({ city: string() }), homeSeries: string()",
    ),
  ],
  [
    'a number per list',
    'NUMBERING_PER_INVALID',
    'Count by a field of its own, such as tagsSeries: string().',
    thing('', "no: numbering('{0000}', { per: ['tags'] }), tags: list(string())"),
    thing('', "no: numbering('{0000}', { per: ['tagsSeries'] }), tags: list(string()), tagsSeries: string()"),
  ],
  [
    'a number per itself',
    'NUMBERING_PER_INVALID',
    'Leave it out.',
    thing('', "no: numbering('{0000}', { per: ['no'] })"),
    thing('', "no: numbering('{0000}')"),
  ],
  [
    'a number per something unknown',
    'NUMBERING_PER_INVALID',
    'Did you mean "place"?',
    thing('', "no: numbering('{0000}', { per: ['plaec'] }), place: string()"),
    thing('', "no: numbering('{0000}', { per: ['place'] }), place: string()"),
  ],
  [
    'a part that is never changed',
    'IMMUTABLE_CHANGED',
    "Say one('W', { onDelete: 'cascade' }) instead of partOf, or leave `immutable` out.",
    part('immutable: true,', "partOf('W')"),
    part('immutable: true,', "one('W', { onDelete: 'cascade' })"),
  ],
  [
    'an ordered one',
    'IMMUTABLE_CHANGED',
    "Say one('W', { onDelete: 'cascade' }) instead of partOf, or leave `immutable` out.",
    part('immutable: true,', "partOf('W', { ordered: true })"),
    part('', "partOf('W', { ordered: true })"),
  ],
  [
    'a part that is never removed',
    'RELATION_REMOVE_IMPOSSIBLE',
    `Say one('W', { onDelete: 'cascade' }) instead of partOf, or let "T" have "deletedAt".`,
    part('builtIns: { deletedAt: false },', "partOf('W')"),
    part('builtIns: { deletedAt: false },', "one('W', { onDelete: 'cascade' })"),
  ],
  [
    'a row that is never removed',
    'RELATION_REMOVE_IMPOSSIBLE',
    'Say `restrict` or `keep`, or let "T" have "deletedAt".',
    part('builtIns: { deletedAt: false },', "one('W', { onRemove: 'cascade' })"),
    part('builtIns: { deletedAt: false },', "one('W', { onRemove: 'restrict' })"),
  ],
  [
    'one that is never changed either, which is told once',
    'IMMUTABLE_CHANGED',
    "Say `onRemove: 'keep'` or `'restrict'`.",
    part('immutable: true, builtIns: { deletedAt: false },', "one('W', { onRemove: 'cascade' })"),
    part('immutable: true, builtIns: { deletedAt: false },', "one('W', { onRemove: 'restrict' })"),
  ],
  ...(
    [
      ['display', "display: 'p.from',", "display: 'p',"],
      ['unique', "unique: [['p.from']],", "unique: [['p']],"],
      ['indexes', "indexes: [{ on: ['p.from'] }],", "indexes: [{ on: ['p'] }],"],
      ['sort', "sort: ['-p.to'],", "sort: ['-p'],"],
    ] as const
  ).map(
    ([key, wrong, mended]): Followed => [
      `the end of a period in ${key}`,
      'NAME_UNKNOWN',
      '"p" is one value with two ends: name "p", or keep the ends as two fields.',
      thing(wrong, "p: period({ of: 'date' })"),
      thing(mended, "p: period({ of: 'date' })"),
    ],
  ),
  ...(
    [
      ['display', "display: 's.x',"],
      ['unique', "unique: [['s.x']],"],
      ['indexes', "indexes: [{ on: ['s.x'] }],"],
      ['sort', "sort: ['s.x'],"],
    ] as const
  ).map(
    ([key, options]): Followed => [
      `a part of a shape in ${key}`,
      'NAME_UNKNOWN',
      '"s" is one value: write embed({ … }) instead of shape({ … }), whose parts have columns.',
      thing(options, 's: shape({ x: string() })'),
      thing(options, 's: embed({ x: string() })'),
    ],
  ),
  [
    'a part of a shape that an index carries along',
    'INDEX_INCLUDE_INVALID',
    '"s" is one value: write embed({ … }) instead of shape({ … }), whose parts have columns.',
    thing("indexes: [{ on: ['a'], include: ['s.x'] }],", 's: shape({ x: string() })'),
    thing("indexes: [{ on: ['a'], include: ['s.x'] }],", 's: embed({ x: string() })'),
  ],
  [
    'an element of a list',
    'NAME_UNKNOWN',
    '"l" holds many values: make rows of another entity of them, or a field of what is looked up.',
    thing("unique: [['l.0']],", 'l: list(string())'),
    thing("unique: [['first']],", 'l: list(string()), first: string()'),
  ],
  [
    'an end that is the beginning',
    'EXPIRES_FIELD_INVALID',
    'Give the rows an end of their own: validUntil: datetime({ default: ahead({ days: 30 }) }).',
    thing("expires: 'createdAt',", ''),
    thing("expires: 'validUntil',", 'validUntil: datetime({ default: ahead({ days: 30 }) })'),
  ],
  [
    'an end where there is none',
    'NAME_UNKNOWN',
    'Give the rows an end: validUntil: datetime().',
    thing("expires: 'validUntil',", ''),
    thing("expires: 'validUntil',", 'validUntil: datetime()'),
  ],
  [
    'a name that is its own plural',
    'NAME_CLASH',
    "Say how a list of them is called: plural: 'SList'.",
    `export const S = entity('S', { fields: { a: string() } })`,
    `export const S = entity('S', { plural: 'SList', fields: { a: string() } })`,
  ],
  [
    'one that was said',
    'NAME_CLASH',
    "Say how a list of them is called: plural: 'SheepList'.",
    `export const Sheep = entity('Sheep', { plural: 'Sheep', fields: { a: string() } })`,
    `export const Sheep = entity('Sheep', { plural: 'SheepList', fields: { a: string() } })`,
  ],
  [
    'an order by a list, which is told once',
    'FIELD_NOT_INDEXABLE',
    'Give what is looked up a field of its own, or make rows of another entity.',
    thing("sort: ['l'],", 'l: list(string())'),
    thing("sort: ['first'],", 'l: list(string()), first: string()'),
  ],
  [
    'a part of two',
    'PART_OF_TWO',
    "Say one('V', { onDelete: 'cascade' }) here, and keep partOf for the one that it lives in.",
    `${whole()}export const V = entity('V', { fields: { a: string() }, relations: { ts: many('T', { by: 'v' }) } })
     ${thing('', '', ", relations: { w: partOf('W'), v: partOf('V') }")}`,
    `${whole()}export const V = entity('V', { fields: { a: string() }, relations: { ts: many('T', { by: 'v' }) } })
     ${thing('', '', ", relations: { w: partOf('W'), v: one('V', { onDelete: 'cascade' }) }")}`,
  ],
  [
    'a part of one in two ways',
    'PART_OF_TWO',
    "Say one('W', { onDelete: 'cascade' }) here, and keep partOf for the one that it lives in.",
    whole() + thing('', '', ", relations: { w: partOf('W'), v: partOf('W') }"),
    whole() + thing('', '', ", relations: { w: partOf('W'), v: one('W', { onDelete: 'cascade' }) }"),
  ],
]

const withMoments = (schema: string) =>
  schema.includes('ahead(') ? `import { ahead, datetime, entity, string } from 'rowhouse/schema'\n${schema}` : schema

describe('a hint that is followed leads on, and what is wrong is told once', () => {
  test.each(followed)('%s', async (_title, code, hint, wrong, mended) => {
    const problems = await reportOf(entitiesOnly(wrong))
    expect(problems.map((each) => [each.code, each.hint])).toEqual([[code, hint]])
    expect(await reportOf(entitiesOnly(withMoments(mended)))).toEqual([])
  })
})

test('a series that is unknown and listed twice is told as each of the two', async () => {
  const problems = await reportOf(entitiesOnly(thing('', "no: numbering('{0000}', { per: ['nope', 'nope'] })")))
  expect(problems.map(({ message }) => message)).toEqual(['"T" has no "nope" to count by.', '"nope" is listed twice.'])
})
