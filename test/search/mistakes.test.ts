import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const mistakes: readonly Mistake[] = [
  ['no field', [['OPTION_INVALID', '{}']], `export const A = entity('A', { search: {}, fields: { name: string() } })`],
  [
    'a list in place of weights',
    [['OPTION_INVALID', "['name']"]],
    `export const A = entity('A', { search: ['name'], fields: { name: string() } })`,
  ],
  [
    'another weight',
    [['OPTION_INVALID', "'E'"]],
    `export const A = entity('A', { search: { name: 'E' }, fields: { name: string() } })`,
  ],
  [
    'a language that Postgres does not know',
    [['OPTION_INVALID', "'klingon'"]],
    `export const A = entity('A', { search: { name: 'A' }, searchLanguage: 'klingon', fields: { name: string() } })`,
  ],
  [
    'a language of nothing',
    [['OPTION_INVALID', 'searchLanguage']],
    `export const A = entity('A', { searchLanguage: 'english', fields: { name: string() } })`,
  ],
  [
    'a name that is none',
    [['NAME_UNKNOWN', 'nmae']],
    `export const A = entity('A', { search: { nmae: 'A' }, fields: { name: string() } })`,
  ],
  [
    'what is no text of the row',
    [
      ['SEARCH_FIELD_INVALID', 'size'],
      ['SEARCH_FIELD_INVALID', 'createdAt'],
      ['SEARCH_FIELD_INVALID', 'up'],
      ['SEARCH_FIELD_INVALID', 'done'],
    ],
    `export const A = entity('A', {
  search: { size: 'A', createdAt: 'B', up: 'C', done: 'D' },
  fields: { size: int(), done: boolean() },
  relations: { up: one('A', { optional: true }) },
})`,
  ],
  [
    'rows of which a tenant has one',
    [['SEARCH_UNSUPPORTED', 'search']],
    `export const A = entity('A', { tenant: 'self', search: { name: 'A' }, fields: { name: string() } })`,
  ],
  [
    'a table that was there before',
    [['SEARCH_UNSUPPORTED', 'search']],
    `export const A = entity('A', { adopt: 'public.a', id: 'int64', tenant: { column: 'owner' }, builtIns: false, search: { name: 'A' }, fields: { name: string() } })`,
  ],
]

testMistakes('searches', entitiesOnly, mistakes)

const guarded: readonly Mistake[] = [
  [
    'a field that is reserved',
    [['SEARCH_FIELD_GUARDED', 'notes']],
    `'all': { allow: 'admin', to: anything }, 'notes are for admins': { reserve: ['notes'], to: ['read'], for: 'admin' }`,
  ],
  [
    'a field that some readers do not see',
    [['SEARCH_FIELD_GUARDED', 'name']],
    `'all': { allow: 'admin', to: anything }, 'guests see notes': { allow: 'guest', to: 'read', except: ['name'] }`,
  ],
]

testMistakes(
  'searches by what is hidden',
  (rules) => ({
    'schema/all.entity.ts': `export const A = entity('A', { search: { name: 'A', notes: 'B' }, fields: { name: string(), notes: text() } })`,
    'policies/all.ts': `import { A } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', guest: 'Looks.' })
export const P = policy(A, { ${rules} })`,
  }),
  guarded,
)
