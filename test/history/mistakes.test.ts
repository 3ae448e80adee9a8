import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const more = "export const B = entity('B', { fields: {} })\n"
const of = (rest: string, definition = 'history: true, fields: {}') =>
  `${more}export const A = entity('A', { ${definition}${rest} })`

const taken = (text: string): readonly [string, string] => ['HISTORY_NAME_TAKEN', text]

const mistakes: readonly Mistake[] = [
  ['no flag', [['OPTION_INVALID', "'yes'"]], of('', "history: 'yes', fields: {}")],
  ['rows that never change', [['HISTORY_NEEDLESS', 'history']], of(', immutable: true')],
  [
    'rows that two values identify',
    [['HISTORY_UNSUPPORTED', 'history']],
    of('', "history: true, key: ['n', 'm'], fields: { n: int(), m: int() }"),
  ],
  [
    'a table that was there',
    [['ADOPTED_OPTION_UNSUPPORTED', 'history']],
    of('', "adopt: 'public.a', tenant: false, key: 'n', history: true, fields: { n: int() }"),
  ],
  [
    'fields that a change has itself',
    [taken('revision'), taken('changedAt'), taken('at'), taken('changedBy'), taken('a')],
    of(
      ", relations: { changedBy: one('B'), a: one('B') }",
      "history: true, fields: { revision: int(), changedAt: date(), at: int({ column: 'changed' }) }",
    ),
  ],
  ['a field of the name', [taken('history')], of('', 'history: true, fields: { history: int() }')],
  ['a relation of the name', [taken('history')], of(", relations: { history: many('A', { link: true }) }")],
  [
    'a computed field of the name',
    [taken('history')],
    `import { entity, formulas, int } from 'rowhouse/schema'
export const A = entity('A', { history: true, fields: { n: int() }, computed: { history: int() } })
export const F = formulas(A, { history: (a) => a.n })`,
  ],
  [
    'an entity of the name',
    [taken("'AHistory'")],
    `${of('')}\nexport const AHistory = entity('AHistory', { fields: {} })`,
  ],
  [
    'a plural of the name',
    [taken("'C'")],
    `${of('')}\nexport const C = entity('C', { plural: 'AHistories', fields: {} })`,
  ],
  [
    'a table of the name',
    [taken("'C'")],
    `${of('')}\nexport const C = entity('C', { table: 'a_history', fields: {} })`,
  ],
  [
    'a type of the name',
    [taken('kind')],
    `${of('')}\nexport const C = entity('C', { fields: { kind: choice(choiceType('HistoryChange', ['a'])) } })`,
  ],
  [
    'a relation that leads there',
    [['RELATION_TARGET_UNKNOWN', "'AHistory'"]],
    `${of('')}\nexport const C = entity('C', { fields: {}, relations: { last: one('AHistory') } })`,
  ],
]

testMistakes('history', entitiesOnly, mistakes)

testMistakes(
  'policies of changes',
  (source) => ({
    'schema/a.entity.ts': "export const A = entity('A', { history: true, fields: {} })",
    'policies/a.ts': source,
  }),
  [
    [
      'a policy of its own',
      [['POLICY_ENTITY_UNKNOWN', 'policy']],
      `import { A } from '../schema/a.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const P = policy(A, { 'all': { allow: 'admin', to: anything } })
export const Q = policy({ name: 'AHistory' }, { 'all': { allow: 'admin', to: anything } })`,
    ],
  ],
)
