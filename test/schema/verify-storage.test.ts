import { testMistakes } from './mistakes.ts'
import { entitiesOnly } from './written-app.ts'

testMistakes('keys', entitiesOnly, [
  [
    'of what the entity does not have',
    [
      ['ENTITY_KEY_INVALID', "'cod'"],
      ['ENTITY_KEY_INVALID', "'nothing'"],
      ['ENTITY_KEY_INVALID', "'day'"],
    ],
    `export const Country = entity('Country', { key: 'cod', fields: { code: string() } })
export const Rate = entity('Rate', { key: ['day', 'nothing', 'day'], fields: { day: date() } })`,
  ],
  [
    'of what may be missing, or identifies nothing',
    [
      ['ENTITY_KEY_INVALID', "'code'"],
      ['ENTITY_KEY_INVALID', "'share'"],
      ['ENTITY_KEY_INVALID', "'patch'"],
      ['ENTITY_KEY_INVALID', "'zone'"],
    ],
    `export const A = entity('A', { key: 'code', fields: { code: string({ optional: true }) } })
export const B = entity('B', { key: ['share', 'patch'], fields: { share: float(), patch: string() } })
export const Zone = entity('Zone', { key: 'zone', fields: { zone: string() } })`,
  ],
  [
    'that go round in circles',
    [
      ['ENTITY_KEY_INVALID', "'b'"],
      ['ENTITY_KEY_INVALID', "'a'"],
    ],
    `export const A = entity('A', { key: 'b', fields: {}, relations: { b: one('B') } })
export const B = entity('B', { key: 'a', fields: {}, relations: { a: one('A') } })`,
  ],
  [
    'beside an id',
    [['OPTION_INVALID', 'id']],
    `export const A = entity('A', { id: 'int64', key: 'code', fields: { code: string() } })`,
  ],
  [
    'of several columns, that a relation leads to',
    [['RELATION_KEY_COMPOSITE', "'Stock'"]],
    `export const Stock = entity('Stock', { key: ['depot', 'sku'], fields: { depot: string(), sku: string() } })
export const Count = entity('Count', { fields: {}, relations: { stock: one('Stock') } })`,
  ],
  [
    'of several columns, that a link leads to',
    [
      ['RELATION_KEY_COMPOSITE', 'tags'],
      ['RELATION_KEY_COMPOSITE', "'Stock'"],
      ['RELATION_KEY_COMPOSITE', 'others'],
    ],
    `export const Stock = entity('Stock', { key: ['depot', 'sku'], fields: { depot: string(), sku: string() }, relations: { tags: many('Tag', { link: true }) } })
export const Count = entity('Count', { fields: {}, relations: { stocks: many('Stock', { link: true }) } })
export const Pair = entity('Pair', { key: ['a', 'b'], fields: { a: string(), b: string() }, relations: { others: many('Pair', { link: true }) } })
export const Tag = entity('Tag', { fields: {} })`,
  ],
])

testMistakes('what knows rows by the usual id', entitiesOnly, [
  [
    'does not take others',
    [
      ['ENTITY_KEY_UNSUPPORTED', "'parent'"],
      ['ENTITY_KEY_UNSUPPORTED', 'true'],
    ],
    `export const Folder = entity('Folder', { id: 'int64', tree: 'parent', fields: {}, relations: { parent: one('Folder', { optional: true }) } })
export const List = entity('List', { id: 'int64', fields: {} })
export const Entry = entity('Entry', { fields: {}, relations: { list: partOf('List', { ordered: true }) } })`,
  ],
])

testMistakes('columns and tables', entitiesOnly, [
  [
    'an id that is none',
    [
      ['OPTION_INVALID', "'int'"],
      ['OPTION_INVALID', "'text'"],
      ['NAME_INVALID', "'a:B'"],
    ],
    `export const A = entity('A', { id: 'int', fields: {} })
export const B = entity('B', { id: { type: 'text', column: 'a:B' }, fields: {} })`,
  ],
  [
    'a type of another family',
    [
      ['COLUMN_TYPE_INVALID', "'real'"],
      ['COLUMN_TYPE_INVALID', "'json'"],
      ['COLUMN_TYPE_INVALID', "'integer'"],
      ['COLUMN_TYPE_INVALID', "'text; drop table x'"],
    ],
    `export const A = entity('A', { fields: {
  price: money({ currency: 'EUR', column: { type: 'real' } }),
  name: string({ column: { name: 'nm', type: 'json' } }),
  on: boolean({ column: { type: 'integer' } }),
  more: string({ column: { type: 'text; drop table x' } }),
} })`,
  ],
  [
    'names that Postgres would not take here',
    [
      ['NAME_INVALID', `'"'`],
      ['NAME_RESERVED', "'ctid'"],
      ['NAME_INVALID', "':OWNER'"],
      ['NAME_INVALID', "'a.b'"],
    ],
    `export const A = entity('A', { table: '"', fields: { a: string({ column: 'ctid' }) }, relations: { b: one('B', { column: ':OWNER' }) } })
export const B = entity('B', { table: 'a.b', fields: {} })`,
  ],
  [
    'two of one name',
    [
      ['NAME_CLASH', 'b'],
      ['NAME_CLASH', "'B'"],
      ['NAME_CLASH', 'made'],
    ],
    `export const A = entity('A', { table: 'things', fields: { a: string({ column: 'x' }), b: int({ column: 'x' }) } })
export const B = entity('B', { table: 'things', builtIns: { createdAt: 'made' }, fields: { made: date() } })`,
  ],
  [
    'built-in fields that are none',
    [
      ['OPTION_UNKNOWN', 'createdOn'],
      ['COLUMN_TYPE_INVALID', "'date'"],
      ['NAME_UNKNOWN', "'updatedAt'"],
    ],
    `export const A = entity('A', { builtIns: { createdOn: 'x', deletedAt: { type: 'date' }, updatedAt: false }, fields: { n: int() }, indexes: [{ on: ['updatedAt'] }] })`,
  ],
  [
    'rows that are never removed',
    [['RELATION_REMOVE_IMPOSSIBLE', "'cascade'"]],
    `export const A = entity('A', { fields: {} })
export const B = entity('B', { builtIns: false, fields: {}, relations: { a: one('A', { onRemove: 'cascade' }) } })`,
  ],
])

testMistakes('adopted tables', entitiesOnly, [
  [
    'cannot have what needs a column, a check or an index',
    [
      ['ADOPTED_OPTION_UNSUPPORTED', 'rules'],
      ['ADOPTED_OPTION_UNSUPPORTED', 'indexes'],
    ],
    `export const A = entity('A', { adopt: 'public.a', tenant: false, fields: { n: int(), m: int() },
  rules: { 'n is small': { n: { under: 5 } } }, indexes: [{ on: ['n'] }] })`,
  ],
  [
    'without a word about the tenant',
    [['ADOPTED_TENANT_MISSING', "'A'"]],
    `export const A = entity('A', { adopt: 'public.a', fields: {} })`,
  ],
  [
    'in places that are none',
    [
      ['OPTION_INVALID', "'a'"],
      ['NAME_RESERVED', "'app.b'"],
      ['OPTION_INVALID', 'table'],
      ['NAME_RESERVED', "'pg_catalog.pg_class'"],
      ['OPTION_UNKNOWN', 'view'],
    ],
    `export const A = entity('A', { adopt: 'a', tenant: false, fields: {} })
export const B = entity('B', { adopt: 'app.b', tenant: false, fields: {} })
export const C = entity('C', { adopt: 'public.c', table: 'c', tenant: false, fields: {} })
export const D = entity('D', { adopt: 'pg_catalog.pg_class', tenant: false, fields: {} })
export const E = entity('E', { adopt: { table: 'public.e', view: 'public.f' }, tenant: false, fields: {} })`,
  ],
])
