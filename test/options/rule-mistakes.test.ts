import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const words =
  "import { choice, date, datetime, duration, entity, eur, int, money, one, row, string } from 'rowhouse/schema'\n"
const of = (fields: string, rules: string): string =>
  `${words}export const A = entity('A', { fields: { ${fields} }, rules: { ${rules} } })`

const mistakes: readonly Mistake[] = [
  [
    'a default that breaks a rule',
    [['ENTITY_RULE_DEFAULT_BROKEN', "'some'"]],
    of('n: int({ default: 0 })', "'some': { n: { over: 0 } }"),
  ],
  [
    'defaults of two fields that break a rule',
    [['ENTITY_RULE_DEFAULT_BROKEN', "'order'"]],
    of('a: int({ default: 5 }), b: int({ default: 3 })', "'order': { a: { atMost: row('b') } }"),
  ],
  [
    'a rule against the limits',
    [['ENTITY_RULE_IMPOSSIBLE', '{ atLeast: 10 }']],
    of('n: int({ max: 9 })', "'much': { n: { atLeast: 10 } }"),
  ],
  [
    'rules against each other',
    [['ENTITY_RULE_IMPOSSIBLE', "{ under: '2026-01-01' }"]],
    of('on: date()', "'late': { on: { over: '2026-02-01' } }, 'early': { on: { under: '2026-01-01' } }"),
  ],
  [
    'no value of a choice left',
    [['ENTITY_RULE_IMPOSSIBLE', "{ notIn: ['a', 'b'] }"]],
    of("c: choice(['a', 'b'])", "'none': { c: { notIn: ['a', 'b'] } }"),
  ],
  ['required and missing', [['ENTITY_RULE_IMPOSSIBLE', 'null']], of('n: int()', "'none': { n: null }")],
  [
    'amounts out of reach',
    [['ENTITY_RULE_IMPOSSIBLE', "{ over: eur('9.99') }"]],
    of("m: money({ currency: 'EUR', max: '9.99' })", "'dear': { m: { over: eur('9.99') } }"),
  ],
  [
    'rules about nothing of ours',
    [
      ['ENTITY_RULE_FIELDLESS', "'old'"],
      ['ENTITY_RULE_FIELDLESS', "'kept'"],
    ],
    of(
      'n: int()',
      "'old': { createdAt: { over: '2020-01-01T00:00:00Z' } }, 'kept': { n: { over: 1 }, deletedAt: null }",
    ),
  ],
  [
    'the same twice',
    [['ENTITY_RULE_DUPLICATE', "'two'"]],
    of('n: int()', "'one': { n: { over: 1 } }, 'two': { n: { over: 1 } }"),
  ],
  [
    'a formula that is not stored, on either side',
    [
      ['CONDITION_VALUE_INVALID', 'm'],
      ['CONDITION_VALUE_INVALID', "row('m')"],
    ],
    `${words.replace('int,', 'formulas, int,')}
export const A = entity('A', { fields: { n: int() }, computed: { m: int() }, rules: { one: { m: { over: 1 } }, two: { n: { under: row('m') } } } })
export const AFormulas = formulas(A, { m: (a) => a.n })`,
  ],
  ['nothing said', [['CONDITION_EMPTY', '{}']], of('n: int()', "'empty': {}")],
  ['no title', [['TEXT_INVALID', "''"]], of('n: int()', "'': { n: { over: 1 } }")],
  [
    'another field that is none',
    [['POLICY_PATH_UNKNOWN', "row('nn')"]],
    of('n: int(), m: int()', "'x': { n: { over: row('nn') } }"),
  ],
  [
    'another field of another kind',
    [['CONDITION_VALUE_INVALID', "row('s')"]],
    of('n: int(), s: string()', "'x': { n: { over: row('s') } }"),
  ],
  ['itself', [['CONDITION_VALUE_INVALID', "row('n')"]], of('n: int(), m: int()', "'x': { n: { over: row('n') } }")],
  [
    'another unit',
    [['CONDITION_VALUE_INVALID', "row('b')"]],
    of("a: duration({ in: 'hours' }), b: duration({ in: 'days' })", "'x': { a: { over: row('b') } }"),
  ],
  [
    'another currency',
    [['CONDITION_VALUE_INVALID', "row('b')"]],
    of("a: money({ currency: 'EUR' }), b: money({ currency: 'USD' })", "'x': { a: { over: row('b') } }"),
  ],
  [
    'lists of fields',
    [
      ['POLICY_PATH_UNKNOWN', "'c'"],
      ['CONDITION_VALUE_INVALID', "'b'"],
      ['CONDITION_VALUE_INVALID', "['a']"],
    ],
    of(
      'a: int({ optional: true }), b: int()',
      "'x': { atLeastOne: ['a', 'c'] }, 'y': { together: ['a', 'b'] }, 'z': { exactlyOne: ['a'] }",
    ),
  ],
  [
    'a choice by an operator',
    [['RULE_EXPRESSION_REFUSED', 'true ? 1 : 2']],
    of('n: int()', "'x': { n: { over: true ? 1 : 2 } }"),
  ],
]

testMistakes('rules of entities', entitiesOnly, mistakes)

testMistakes(
  'policies',
  (rule) => ({
    'schema/a.entity.ts': "export const A = entity('A', { fields: { n: int(), m: int() } })",
    'policies/a.ts': `import { policy, defineRoles } from 'rowhouse/policies'
import { row } from 'rowhouse/schema'
import { A } from '../schema/a.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const P = policy(A, { 'all': { allow: 'admin', to: 'read', where: ${rule} } })`,
  }),
  [['another field', [['POLICY_PATH_UNKNOWN', "row('mm')"]], "{ n: { over: row('mm') } }"]],
)
