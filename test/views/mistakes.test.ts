import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import type { AppFiles } from '../schema/written-app.ts'

const store = `export const Store = entity('Store', { fields: { name: string() } })`

/** An app with a store and a view that was there before. */
function withView(view: string): AppFiles {
  const schema = `${store}\n${view}`
  const names = [...schema.matchAll(/export const (\w+) = entity\(/g)].map(([, name]) => name)
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': `import { ${names.join(', ')} } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
${names.map((name) => `export const ${name}Policy = policy(${name}, { 'all': { allow: 'admin', to: ${name === 'Figure' ? "'read'" : 'anything'} } })`).join('\n')}
`,
  }
}

const figure = (more: string, rest = '') =>
  `export const Figure = entity('Figure', { adopt: { view: 'books.figures' }, key: 'store', fields: { total: int() }, relations: { store: one('Store') }${more} })${rest}`
const own = ", tenant: { column: 'company' }"

const mistakes: readonly Mistake[] = [
  ['nothing', [], figure(own)],
  ['a table of its own name', [], figure(`${own}, table: 'numbers'`)],
  [
    'rows of all tenants',
    [],
    figure(', tenant: false')
      .replace("relations: { store: one('Store') }", '')
      .replace("key: 'store'", "key: 'total'")
      .replace(', ,', ','),
  ],
  ['no tenant', [['ADOPTED_TENANT_MISSING', "'Figure'"]], figure('')],
  ['a tenant in the key', [['OPTION_UNKNOWN', 'inKey']], figure(", tenant: { column: 'company', inKey: true }")],
  ['keys of all tenants', [['OPTION_UNKNOWN', 'keys']], figure(", tenant: { column: 'company', keys: 'global' }")],
  ['no key', [['REPORT_KEY_MISSING', "'Figure'"]], figure(own).replace("key: 'store', ", '')],
  ['a view without its schema', [['OPTION_INVALID', "'figures'"]], figure(own).replace('books.figures', 'figures')],
  [
    'a view of Rowhouse',
    [['NAME_RESERVED', "'rowhouse.tenant'"]],
    figure(own).replace('books.figures', 'rowhouse.tenant'),
  ],
  [
    'a view of Postgres',
    [['NAME_RESERVED', "'pg_catalog.pg_roles'"]],
    figure(own).replace('books.figures', 'pg_catalog.pg_roles'),
  ],
  [
    'a view and a table',
    [['OPTION_UNKNOWN', 'view']],
    figure(own).replace("'books.figures'", "'books.figures', table: 'books.x'"),
  ],
  [
    'triggers',
    [['OPTION_UNKNOWN', 'triggers']],
    figure(own).replace("'books.figures'", "'books.figures', triggers: []"),
  ],
  ['an index', [['REPORT_OPTION_UNSUPPORTED', 'indexes']], figure(`${own}, indexes: [{ on: ['total'] }]`)],
  [
    'a history',
    [
      ['HISTORY_UNSUPPORTED', 'history'],
      ['REPORT_OPTION_UNSUPPORTED', 'history'],
    ],
    figure(`${own}, history: true`),
  ],
  ['moments', [['REPORT_OPTION_UNSUPPORTED', 'builtIns']], figure(`${own}, builtIns: { createdAt: 'made' }`)],
  [
    'a relation to it',
    [['RELATION_TARGET_READ_ONLY', "'Figure'"]],
    figure(own, `\nexport const Note = entity('Note', { fields: {}, relations: { figure: one('Figure') } })`),
  ],
  [
    'the same view twice',
    [['NAME_CLASH', 'adopt']],
    figure(
      own,
      `\nexport const Other = entity('Other', { adopt: { view: 'books.figures' }, tenant: false, key: 'total', fields: { total: int() } })`,
    ),
  ],
]

testMistakes('adopted views', withView, mistakes)
