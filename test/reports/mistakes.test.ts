import { describe, expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { type AppFiles, problemsOf } from '../schema/written-app.ts'

const store = `export const Store = entity('Store', { fields: { name: string() }, relations: {} })`
const select = 'select id as store_id, 1 as total from store'

/** An app with a store and a report. */
function withReport(report: string, text = select): AppFiles {
  const schema = report.includes("entity('Store'") ? report : `${store}\n${report}`
  const names = [...schema.matchAll(/export const (\w+) = entity\(/g)].map(([, name]) => name)
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': `import { ${names.join(', ')} } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
${names.map((name) => `export const ${name}Policy = policy(${name}, { 'all': { allow: 'admin', to: ${name === 'Figure' ? "'read'" : 'anything'} } })`).join('\n')}
`,
    'reports/figures.sql': text,
  }
}

const figure = (more: string, rest = '') =>
  `export const Figure = entity('Figure', { sql: 'reports/figures.sql', key: 'store', fields: { total: int() }, relations: { store: one('Store') }${more} })${rest}`

const mistakes: readonly Mistake[] = [
  ['nothing', [], figure('')],
  [
    'no key',
    [['REPORT_KEY_MISSING', "'Figure'"]],
    "export const Figure = entity('Figure', { sql: 'reports/figures.sql', fields: { total: int() } })",
  ],
  [
    'no file',
    [['REPORT_SQL_MISSING', "'reports/other.sql'"]],
    figure('').replace('reports/figures.sql', 'reports/other.sql'),
  ],
  [
    'a file outside of the app',
    [['OPTION_INVALID', "'../../secrets.sql'"]],
    figure('').replace('reports/figures.sql', '../../secrets.sql'),
  ],
  ['what is filled from time to time', [['OPTION_INVALID', "'15 minutes'"]], figure(", refresh: '15 minutes'")],
  ['what is kept', [], figure(", refresh: 'onDemand'")],
  [
    'rows that are kept for nobody in particular',
    [
      ['RELATION_TENANT_CROSSED', "'Store'"],
      ['REPORT_OPTION_UNSUPPORTED', 'refresh'],
    ],
    figure(", refresh: 'onDemand', tenant: false"),
  ],
  [
    'a refresh without a select',
    [['OPTION_INVALID', 'refresh']],
    "export const Figure = entity('Figure', { refresh: 'onDemand', fields: { total: int() } })",
  ],
  [
    'a table that is called like the rows',
    [['NAME_CLASH', "'Rows'"]],
    `${figure(", refresh: 'onDemand'")}
export const Rows = entity('Rows', { table: 'figure__rows', plural: 'RowsList', fields: { total: int() } })`,
  ],
  [
    'a field that is called like the moment',
    [['NAME_RESERVED', 'refreshedAt']],
    figure(", refresh: 'onDemand'").replace('fields: {', 'fields: { refreshedAt: date(),'),
  ],
  ['an index', [['REPORT_OPTION_UNSUPPORTED', 'indexes']], figure(", indexes: [{ on: ['total'] }]")],
  ['a rule of its rows', [['REPORT_OPTION_UNSUPPORTED', 'rules']], figure(", rules: { 'a': { total: { over: 1 } } }")],
  [
    'a lifecycle',
    [['REPORT_OPTION_UNSUPPORTED', 'lifecycle']],
    figure(", lifecycle: { initial: 'a', states: ['a'], transitions: {} }"),
  ],
  [
    'a shared report',
    [
      ['TENANT_SHARED_KEYED', 'key'],
      ['TENANT_SHARED_NEEDS_OWN', "'Store'"],
      ['REPORT_OPTION_UNSUPPORTED', 'tenant'],
    ],
    figure(", tenant: 'shared'"),
  ],
  [
    'a history',
    [
      ['HISTORY_UNSUPPORTED', 'history'],
      ['REPORT_OPTION_UNSUPPORTED', 'history'],
    ],
    figure(', history: true'),
  ],
  ['moments', [['REPORT_OPTION_UNSUPPORTED', 'builtIns']], figure(", builtIns: { createdAt: 'made' }")],
  ['an adopted report', [['REPORT_OPTION_UNSUPPORTED', 'adopt']], figure(", adopt: 'public.x'")],
  [
    'a default',
    [['REPORT_OPTION_UNSUPPORTED', 'default']],
    figure('').replace('total: int()', 'total: int({ default: 1 })'),
  ],
  [
    'what happens to a row',
    [['REPORT_OPTION_UNSUPPORTED', 'onDelete']],
    figure('').replace("one('Store')", "one('Store', { onDelete: 'cascade' })"),
  ],
  [
    'a relation to it',
    [['RELATION_TARGET_READ_ONLY', "'Figure'"]],
    figure('', `\nexport const Note = entity('Note', { fields: {}, relations: { figure: one('Figure') } })`),
  ],
]

testMistakes('reports', withReport, mistakes)

test('rules of writing', async () => {
  const files = withReport(figure(''))
  const policies = files['policies/all.ts']!.replace("to: 'read'", "to: ['read', 'update']")
  expect(await problemsOf({ ...files, 'policies/all.ts': policies })).toEqual([['REPORT_RULE_INVALID', "'update'"]])
})

test('a formula and a reach that look at a report', async () => {
  const report = `${figure('')}
export const User = entity('User', { fields: {} })
export const Mine = entity('Mine', { sql: 'reports/figures.sql', key: 'store', fields: { total: int() }, relations: { store: one('Store'), user: one('User') } })
export const Store = entity('Store', { fields: { name: string() }, computed: { sum: int({ optional: true }) }, relations: { figures: many('Figure', { by: 'store' }) } })
export const StoreFormulas = formulas(Store, { sum: (s) => s.figures.sum((f) => f.total) })`
  const files = withReport(report)
  const policies = `${files['policies/all.ts']!.replace("MinePolicy = policy(Mine, { 'all': { allow: 'admin', to: anything } })", "MinePolicy = policy(Mine, { 'all': { allow: 'admin', to: 'read' } })")}
const { reach } = words(User)
export const actor = defineActor(User, { stores: reach('Store', { via: 'Mine', as: 'user' }) })`
  const schema = `import { entity, formulas, int, many, one, string } from 'rowhouse/schema'\n${files['schema/all.entity.ts']}`
  expect(
    (await problemsOf({ ...files, 'schema/all.entity.ts': schema, 'policies/all.ts': policies })).map(([code]) => code),
  ).toEqual(['REPORT_READ_INSIDE', 'REPORT_READ_INSIDE'])
})

describe('a file that is not one select', () => {
  test.each([
    ['two statements', `${select};\ndrop table store`, ';'],
    ['a semicolon at the end', `${select};`, ';'],
    ['nothing', '-- nothing\n', '-'],
    ['something else', 'delete from store', 'd'],
    ['something else behind a comment', '/* select /* */ */ delete from store', 'd'],
    ['a bracket that ends ours', 'select 1 as a) union (select (2)) union select 3)', ')'],
    ['an open bracket', 'select (1 as total from store', '('],
    ['an open quote', "select 'a from store", "'"],
    ['an open comment', 'select 1 /* /* */', '/'],
    ['an open dollar quote', 'select $a$ x $b$', '$'],
    ['a parameter', 'select $1 as total', '$'],
    ['a text that migrations would change', "select 'x:OWNER' as total", ':'],
    ['a name that migrations would change', 'select 1 as ":OWNER"', ':'],
    // Postgres reads the second half with backslashes too: what looks like a text to others is a statement.
    ['a text with backslashes that goes on', "select E'a'\n'\\'' ; drop table store; select '", 'E'],
  ])('%s', async (_, text, at) => {
    const problems = await problemsOf(withReport(figure(''), text))
    expect(problems[0]?.[0]).toBe('REPORT_SQL_INVALID')
    expect(problems[0]?.[1]).toBe(at)
  })

  test.each([
    ["select ';)' as a, \"a;(\" as b, $$;($$ as c, $x$ $$ ; $x$ as d, E'\\';' as e, U&'\\0041' as f, a$b from store"],
    ['with x as (select 1) select * from x -- ; drop\n/* ; ( */'],
    ["select 'a' 'b' as x, a[1], (array[1])[1:2], total::numeric(5,2) from t"],
  ])('but these are: %s', async (text) => {
    expect(await problemsOf(withReport(figure(''), text))).toEqual([])
  })
})
