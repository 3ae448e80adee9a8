import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const states = "lifecycle: { initial: 'on', states: ['on', 'off'], transitions: { stop: { from: 'on', to: 'off' } } }"
const of = (definition: string, more = '', name = 'A') =>
  `export const ${name} = entity('${name}', { ${states}, ${definition} })\n${more}`

const mistakes: readonly Mistake[] = [
  [
    'rows that two values identify',
    [['LIFECYCLE_UNSUPPORTED', 'lifecycle']],
    of("key: ['n', 'm'], fields: { n: int(), m: int() }"),
  ],
  [
    'a table that was there',
    [['ADOPTED_OPTION_UNSUPPORTED', 'lifecycle']],
    of("adopt: 'public.a', tenant: false, key: 'n', fields: { n: int() }"),
  ],
  [
    'an entity of the name of its transitions',
    [['LIFECYCLE_NAME_TAKEN', "'ATransition'"]],
    of('fields: {}', "export const B = entity('ATransition', { fields: {} })"),
  ],
  [
    'a table of the name of its transitions',
    [['LIFECYCLE_NAME_TAKEN', "'B'"]],
    of('fields: {}', "export const B = entity('B', { table: 'a_transition', fields: {} })"),
  ],
  ['a row called like a part of a transition', [['LIFECYCLE_NAME_TAKEN', "'Note'"]], of('fields: {}', '', 'Note')],
  [
    'what rows do not hold',
    [
      ['LIFECYCLE_FIELD_UNKNOWN', "'lable'"],
      ['LIFECYCLE_FIELD_UNKNOWN', "'createdAt'"],
    ],
    `export const A = entity('A', { fields: { label: string() }, lifecycle: { initial: 'on', states: { on: {}, off: { requires: ['lable'], freezes: ['createdAt'] } }, transitions: { stop: { from: 'on', to: 'off' } } } })`,
  ],
  [
    'names that the API gives',
    [
      ['NAME_RESERVED', 'transitions'],
      ['NAME_RESERVED', 'statusSince'],
      ['NAME_RESERVED', 'statusHistory'],
    ],
    of('fields: { transitions: int(), statusSince: date(), statusHistory: int() }'),
  ],
  [
    'verbs of other mutations',
    [['VERB_CLASH', 'move']],
    `export const A = entity('A', { fields: {}, lifecycle: { initial: 'on', states: ['on', 'off'], transitions: { move: { from: 'on', to: 'off' } } } })`,
  ],
]

testMistakes('lifecycles', entitiesOnly, mistakes)
