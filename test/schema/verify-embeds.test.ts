import { describe, expect, test } from 'vitest'
import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly, modelOf, problemsOf } from './written-app.ts'

/** An entity of these fields. */
function fields(source: string) {
  return entitiesOnly(`export const A = entity('A', { fields: {\n${source}\n} })`)
}

const embeds: readonly Mistake[] = [
  ['no parts', [['EMBED_EMPTY', 'embed({})']], `a: embed({})`],
  ['three deep', [['EMBED_TOO_DEEP', 'embed({ d: int() })']], `a: embed({ b: embed({ c: embed({ d: int() }) }) })`],
  [
    'nothing that tells whether it is there',
    [['EMBED_PRESENCE_UNKNOWN', 'a']],
    `a: embed({ b: string({ optional: true }) }, { optional: true })`,
  ],
  [
    'nothing that tells, but an inner one that may be missing',
    [['EMBED_PRESENCE_UNKNOWN', 'a']],
    `a: embed({ b: embed({ c: string() }, { optional: true }) }, { optional: true })`,
  ],
  ['a unique part', [['EMBED_OPTION_MISPLACED', 'unique']], `a: embed({ b: string({ unique: true }) })`],
  ['an index on a part', [['EMBED_OPTION_MISPLACED', 'index']], `a: embed({ b: string({ index: true }) })`],
  ['a unique object', [['EMBED_OPTION_MISPLACED', 'unique']], `a: embed({ b: string() }, { unique: true })`],
  ['a default of the object', [['EMBED_OPTION_MISPLACED', 'default']], `a: embed({ b: string() }, { default: 'x' })`],
  [
    'a default in what may be missing',
    [['EMBED_OPTION_MISPLACED', 'default']],
    `a: embed({ b: string(), c: string({ default: 'x' }) }, { optional: true })`,
  ],
  [
    'a readonly part in what may be emptied',
    [['EMBED_OPTION_MISPLACED', 'readonly']],
    `a: embed({ b: string({ readonly: true }) }, { optional: true })`,
  ],
  ['an unknown option', [['OPTION_UNKNOWN', 'shared']], `a: embed({ b: string() }, { shared: true })`],
  ['a part that is no field', [['OPTION_INVALID', "'text'"]], `a: embed({ b: 'text' })`],
  ['a taken name', [['NAME_RESERVED', 'isNot']], `a: embed({ isNot: string() })`],
  ['a name with a dash', [['NAME_INVALID', "'b-c'"]], `a: embed({ 'b-c': string() })`],
  ['a part that becomes another column', [['NAME_CLASH', 'aB']], `a: embed({ b: string() }), aB: string()`],
  ['limits of a part', [['FIELD_LIMIT_INVALID', '5']], `a: embed({ b: int({ min: 5, max: 3 }) })`],
  ['a default of a part', [['FIELD_DEFAULT_INVALID', '0']], `a: embed({ b: int({ min: 1, default: 0 }) })`],
  ['values of a part', [['CHOICE_VALUES_INVALID', 'choice([])']], `a: embed({ b: choice([]) })`],
  ['a pattern of a part', [['FIELD_PATTERN_INVALID', "'('"]], `a: embed({ b: string({ matches: '(' }) })`],
  [
    'a currency that is nowhere',
    [['FIELD_MONEY_INVALID', "'d'"]],
    `a: embed({ b: money({ in: 'd' }) }), c: choice(['EUR'])`,
  ],
  ['a period of nothing', [['OPTION_INVALID', 'period({})']], `a: period({})`],
  ['a period of minutes', [['OPTION_INVALID', "'minutes'"]], `a: period({ of: 'minutes' })`],
  ['a default period', [['FIELD_DEFAULT_INVALID', "'today'"]], `a: period({ of: 'date', default: 'today' })`],
]

testMistakes('value objects and periods', fields, embeds)

/** An entity with a value object, a period and the given rest. */
function entityWith(rest: string) {
  return entitiesOnly(
    `export const A = entity('A', { fields: { n: int(), on: date(), until: date(), at: datetime(), stay: period({ of: 'date' }), home: embed({ city: string(), zip: string({ optional: true }), geo: embed({ lat: float() }, { optional: true }) }, { optional: true }), always: embed({ x: int({ optional: true }) }) },\n${rest} })`,
  )
}

const lists: readonly Mistake[] = [
  ['unique over a whole object', [['NAME_UNKNOWN', "'home'"]], `unique: [['home']]`],
  ['an unknown part', [['NAME_UNKNOWN', "'home.town'"]], `unique: [['home.town']]`],
  ['an index over an inner object', [['NAME_UNKNOWN', "'home.geo'"]], `indexes: [{ on: ['home.geo'] }]`],
  ['a display that is an object', [['NAME_UNKNOWN', "'home'"]], `display: 'home'`],
  ['a part twice', [['UNIQUE_DUPLICATE', "'home.city'"]], `unique: [['home.city', 'home.city']]`],
  [
    'an unknown part in a condition',
    [['POLICY_PATH_UNKNOWN', 'town']],
    `indexes: [{ on: ['n'], where: { home: { town: 'x' } } }]`,
  ],
  [
    'an object compared with a text',
    [['CONDITION_VALUE_INVALID', "'x'"]],
    `indexes: [{ on: ['n'], where: { home: 'x' } }]`,
  ],
  ['an object compared with nothing', [['CONDITION_EMPTY', '{}']], `indexes: [{ on: ['n'], where: { home: {} } }]`],
  [
    'an object that is a value',
    [['CONDITION_VALUE_INVALID', "'x'"]],
    `indexes: [{ on: ['n'], where: { home: { is: 'x' } } }]`,
  ],
  [
    'an object that is always there',
    [['CONDITION_VALUE_INVALID', 'null']],
    `indexes: [{ on: ['n'], where: { always: null } }]`,
  ],
  [
    'a part of another kind',
    [['CONDITION_VALUE_INVALID', '3']],
    `indexes: [{ on: ['n'], where: { home: { city: 3 } } }]`,
  ],
  [
    'a period compared with a day',
    [['CONDITION_VALUE_INVALID', "'2026-01-01'"]],
    `indexes: [{ on: ['n'], where: { stay: '2026-01-01' } }]`,
  ],
  [
    'a period under a day',
    [['CONDITION_OPERATOR_INVALID', 'before']],
    `indexes: [{ on: ['n'], where: { stay: { before: '2026-01-01' } } }]`,
  ],
  [
    'a period that covers an instant',
    [['CONDITION_VALUE_INVALID', "'2026-01-01T00:00:00Z'"]],
    `indexes: [{ on: ['n'], where: { stay: { covers: '2026-01-01T00:00:00Z' } } }]`,
  ],
  [
    'a period that covers null',
    [['CONDITION_OPERATOR_INVALID', 'null']],
    `indexes: [{ on: ['n'], where: { stay: { covers: null } } }]`,
  ],
  [
    'a period that overlaps a day',
    [['CONDITION_VALUE_INVALID', "'2026-01-01'"]],
    `indexes: [{ on: ['n'], where: { stay: { overlaps: '2026-01-01' } } }]`,
  ],
  [
    'a period that overlaps one the wrong way round',
    [['CONDITION_VALUE_INVALID', "{ from: '2026-02-01', to: '2026-01-01' }"]],
    `indexes: [{ on: ['n'], where: { stay: { overlaps: { from: '2026-02-01', to: '2026-01-01' } } } }]`,
  ],
  [
    'a day that covers',
    [['CONDITION_OPERATOR_INVALID', 'covers']],
    `indexes: [{ on: ['n'], where: { on: { covers: '2026-01-01' } } }]`,
  ],
  ['no period', [['NO_OVERLAP_DURING_INVALID', "'on'"]], `noOverlap: { 't': { during: 'on' } }`],
  ['no during', [['NO_OVERLAP_DURING_INVALID', "'t'"]], `noOverlap: { 't': { on: ['n'] } }`],
  [
    'a pair of two kinds',
    [['NO_OVERLAP_DURING_INVALID', "['on', 'at']"]],
    `noOverlap: { 't': { during: ['on', 'at'] } }`,
  ],
  ['a pair of one', [['NO_OVERLAP_DURING_INVALID', "['on', 'on']"]], `noOverlap: { 't': { during: ['on', 'on'] } }`],
  ['an unknown period', [['NAME_UNKNOWN', "'stya'"]], `noOverlap: { 't': { during: 'stya' } }`],
  ['an unknown end', [['NAME_UNKNOWN', "'untl'"]], `noOverlap: { 't': { during: ['on', 'untl'] } }`],
  [
    'told apart by a period',
    [['NO_OVERLAP_ON_INVALID', "'stay'"]],
    `noOverlap: { 't': { on: ['stay'], during: 'stay' } }`,
  ],
  ['told apart by nothing known', [['NAME_UNKNOWN', "'room'"]], `noOverlap: { 't': { on: ['room'], during: 'stay' } }`],
  ['told apart twice', [['UNIQUE_DUPLICATE', "'n'"]], `noOverlap: { 't': { on: ['n', 'n'], during: 'stay' } }`],
  ['an empty title', [['TEXT_INVALID', "' '"]], `noOverlap: { ' ': { during: 'stay' } }`],
  ['an unknown option of it', [['OPTION_UNKNOWN', 'when']], `noOverlap: { 't': { during: 'stay', when: {} } }`],
  ['a condition that is none', [['CONDITION_EMPTY', '{}']], `noOverlap: { 't': { during: 'stay', where: {} } }`],
  [
    'a condition with an expression',
    [['RULE_EXPRESSION_REFUSED', '1 > 0 ? 1 : 2']],
    `noOverlap: { 't': { during: 'stay', where: { n: 1 > 0 ? 1 : 2 } } }`,
  ],
]

testMistakes('lists, conditions and noOverlap', entityWith, lists)

describe('types of value objects', () => {
  const two = (a: string, b: string) =>
    entitiesOnly(`export const A = entity('A', { fields: { x: embed(${a}) } })
export const B = entity('B', { fields: { x: embed(${b}) } })`)

  test('the same name with the same parts is one type, with others a clash', async () => {
    const same = "embedType('Place', { city: string() })"
    expect(await problemsOf(two(same, same))).toEqual([])
    expect(await problemsOf(two(same, "embedType('Place', { town: string() })"))).toEqual([['NAME_CLASH', 'x']])
  })

  test.each([
    ['an entity', 'B', 'NAME_CLASH'],
    ['a type that exists anyhow', 'Date', 'NAME_RESERVED'],
    ['no name of a type', 'place', 'NAME_INVALID'],
    ['what GraphQL makes of an entity', 'BFilter', 'NAME_CLASH'],
    ['the type of periods', 'DatePeriod', 'NAME_RESERVED'],
  ])('called like %s', async (_, name, code) => {
    const problems = await problemsOf(two(`embedType('${name}', { city: string() })`, '{ y: int() }'))
    expect(problems.map(([found]) => found)).toContain(code)
  })

  test('a part whose column is too long for Postgres', async () => {
    const long = 'p'.repeat(40)
    expect(await problemsOf(fields(`${long}: embed({ ${long}: int() })`))).toEqual([['NAME_TOO_LONG', long]])
  })
})

test('a rule names whole objects or their parts, and the model has the parts', async () => {
  const app = entityWith('')
  const rules = (key: string) => ({
    ...app,
    'policies/all.ts': `import { A } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const APolicy = policy(A, { 'some': { allow: 'admin', to: 'update', ${key} } })\n`,
  })
  const model = await modelOf(rules(`only: ['home', 'always.x']`))
  expect(model.policies[0]!.rules[0]!.fields).toEqual(['home.city', 'home.zip', 'home.geo.lat', 'always.x'])
  const except = await modelOf(rules(`except: ['home.geo', 'n', 'stay', 'at']`))
  expect(except.policies[0]!.rules[0]!.fields).toEqual(['on', 'until', 'home.city', 'home.zip', 'always.x'])
  expect(await problemsOf(rules(`only: ['home.town']`))).toEqual([['RULE_FIELDS_UNKNOWN', "'home.town'"]])
})

test('a claim is a single value', async () => {
  const app = entitiesOnly(`export const A = entity('A', { tenant: false, fields: { n: int() } })`)
  const people = `import { period } from 'rowhouse/schema'
import { defineActor, words } from 'rowhouse/policies'
import { A } from '../schema/all.entity.ts'
export const actor = defineActor(A, { shift: words(A).claim(period({ of: 'date' })) })\n`
  expect(await problemsOf({ ...app, 'policies/actor.ts': people })).toEqual([
    ['ACTOR_CLAIM_INVALID', "words(A).claim(period({ of: 'date' }))"],
  ])
})

test('conditions on value objects are comparisons of parts', async () => {
  const model = await modelOf(
    entityWith(
      `indexes: [{ on: ['home.city', '-home.geo.lat'], where: { home: { city: { startsWith: 'P' }, geo: null }, stay: { overlaps: { from: '2026-01-01' }, endsBefore: '2026-12-31' } } }]`,
    ),
  )
  expect(model.entities[0]!.indexes[0]).toMatchObject({
    on: [
      { name: 'home.city', descending: false },
      { name: 'home.geo.lat', descending: true },
    ],
    where: {
      kind: 'and',
      all: [
        {
          kind: 'and',
          all: [
            { kind: 'compare', on: 'home.city', op: 'startsWith', to: { kind: 'value', value: 'P' } },
            { kind: 'compare', on: 'home.geo.lat', op: 'is', to: { kind: 'value', value: null } },
          ],
        },
        {
          kind: 'and',
          all: [
            { kind: 'compare', on: 'stay', op: 'overlaps', to: { kind: 'value', value: '["2026-01-01",)' } },
            { kind: 'compare', on: 'stay', op: 'endsBefore', to: { kind: 'value', value: '2026-12-31' } },
          ],
        },
      ],
    },
  })
})
