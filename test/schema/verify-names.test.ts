import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly } from './written-app.ts'

const long = 'a'.repeat(64)

const names: readonly Mistake[] = [
  [
    'an entity with a small letter',
    [['NAME_INVALID', "'order'"]],
    `export const order = entity('order', { fields: {} })`,
  ],
  [
    'an entity called like a statement',
    [['NAME_INVALID', `'"; drop table x; --'`]],
    `export const A = entity('"; drop table x; --', { fields: {} })`,
  ],
  [
    'fields with other characters',
    [
      ['NAME_INVALID', 'unit_price'],
      ['NAME_INVALID', '__typename'],
      ['NAME_INVALID', "'größe'"],
      ['NAME_INVALID', "''"],
    ],
    `export const A = entity('A', { fields: {
  unit_price: int(),
  __typename: int(),
  'größe': int(),
  '': int(),
} })`,
  ],
  [
    'types that exist',
    [
      ['NAME_RESERVED', "'Query'"],
      ['NAME_RESERVED', "'PageInfo'"],
      ['NAME_RESERVED', "'Date'"],
    ],
    `export const Q = entity('Query', { fields: {} })
export const P = entity('PageInfo', { fields: {} })
export const D = entity('Date', { fields: {} })`,
  ],
  [
    'fields that exist',
    [
      ['NAME_RESERVED', 'id'],
      ['NAME_RESERVED', 'createdAt'],
      ['NAME_RESERVED', 'deletedAt'],
      ['NAME_RESERVED', 'tenantId'],
      ['NAME_RESERVED', 'nodeId'],
      ['NAME_RESERVED', 'clientMutationId'],
      ['NAME_RESERVED', 'anyOf'],
      ['NAME_RESERVED', 'constructor'],
      ['NAME_RESERVED', 'query'],
    ],
    `export const A = entity('A', {
  fields: {
    id: uuid(), createdAt: datetime(), deletedAt: datetime(), tenantId: uuid(),
    nodeId: int(), clientMutationId: int(), anyOf: int(), constructor: int(),
  },
  relations: { query: one('A', { optional: true }) },
})`,
  ],
  [
    'a status beside a lifecycle',
    [['NAME_RESERVED', 'status']],
    `export const A = entity('A', {
  fields: { status: string() },
  lifecycle: { initial: 'a', states: ['a'], transitions: {} },
})`,
  ],
  [
    'names that Postgres would cut',
    [
      ['NAME_TOO_LONG', `'${long.toUpperCase()}'`],
      ['NAME_TOO_LONG', long],
      ['NAME_TOO_LONG', 'b'.repeat(61)],
    ],
    `export const Long = entity('${long.toUpperCase()}', { fields: {} })
export const A = entity('A', {
  fields: { ${long}: int(), ${'c'.repeat(63)}: int() },
  relations: { ${'b'.repeat(61)}: one('A', { optional: true }), ${'b'.repeat(60)}: one('A', { optional: true }) },
})`,
  ],
  [
    'a choice type with a small letter',
    [['NAME_INVALID', 'region']],
    `const region = choiceType('region', ['eu'])
export const A = entity('A', { fields: { region: choice(region) } })`,
  ],
]

const clashes: readonly Mistake[] = [
  [
    'fields of one column',
    [['NAME_CLASH', 'aBC']],
    `export const A = entity('A', { fields: { aBc: int(), aBC: int() } })`,
  ],
  [
    'a field and a column that exists',
    [
      ['NAME_CLASH', 'tenantID'],
      ['NAME_CLASH', 'createdAT'],
    ],
    `export const A = entity('A', { fields: { tenantID: uuid(), createdAT: datetime() } })`,
  ],
  [
    'a field and a relation of one column',
    [['NAME_CLASH', 'parent']],
    `export const A = entity('A', { fields: { parentId: uuid() }, relations: { parent: one('A', { optional: true }) } })`,
  ],
  [
    'a field and a relation of one name',
    [['NAME_CLASH', 'parent']],
    `export const A = entity('A', { fields: { parent: uuid() }, relations: { parent: one('A', { optional: true }) } })`,
  ],
  [
    'entities of one table',
    [['NAME_CLASH', "'ApiKey'"]],
    `export const First = entity('APIKey', { fields: {} })
export const Second = entity('ApiKey', { fields: {} })`,
  ],
  [
    'an entity called like the plural of another',
    [['NAME_CLASH', "'Orders'"]],
    `export const Order = entity('Order', { fields: {} })
export const Orders = entity('Orders', { fields: {}, plural: 'OrderBooks' })`,
  ],
  ['a word without a plural', [['NAME_CLASH', "'News'"]], `export const News = entity('News', { fields: {} })`],
  [
    'an entity called like an enum',
    [['NAME_CLASH', 'region']],
    `export const Customer = entity('Customer', { fields: { region: choice(['eu']) } })
export const CustomerRegion = entity('CustomerRegion', { fields: {} })`,
  ],
  [
    'two choice types of one name',
    [['NAME_CLASH', 'second']],
    `const a = choiceType('Region', ['eu'])
const b = choiceType('Region', ['us'])
export const A = entity('A', { fields: { first: choice(a), second: choice(b), third: choice(a) } })`,
  ],
  [
    'an entity called like a type that GraphQL makes of another',
    [
      ['NAME_CLASH', "'OrderFilter'"],
      ['NAME_CLASH', "'CreateOrderInput'"],
      ['NAME_CLASH', "'OrderHavingMaxInput'"],
      ['NAME_CLASH', "'OrderRegionFilter'"],
      ['NAME_RESERVED', "'IntFilter'"],
    ],
    `export const Order = entity('Order', { fields: { region: choice(['eu']) } })
export const OrderFilter = entity('OrderFilter', { fields: {} })
export const CreateOrderInput = entity('CreateOrderInput', { fields: {} })
export const OrderHavingMaxInput = entity('OrderHavingMaxInput', { fields: {} })
export const OrderRegionFilter = entity('OrderRegionFilter', { fields: {} })
export const IntFilter = entity('IntFilter', { fields: {} })`,
  ],
  [
    'entities of which GraphQL makes types of one name',
    [
      ['NAME_CLASH', "'SiteSum'"],
      ['NAME_CLASH', "'CreateSite'"],
      ['NAME_CLASH', "'SiteHavingMax'"],
      ['NAME_CLASH', "'SiteStaffManyToMany'"],
    ],
    `export const Site = entity('Site', { fields: { area: int() }, relations: { staff: many('Person', { by: 'site' }) } })
export const SiteSum = entity('SiteSum', { fields: { area: int() } })
export const CreateSite = entity('CreateSite', { fields: {} })
export const SiteHavingMax = entity('SiteHavingMax', { fields: {} })
export const SiteStaffManyToMany = entity('SiteStaffManyToMany', { fields: {} })
export const Person = entity('Person', { fields: {}, relations: { site: one('Site') } })
export const SiteBase = entity('SiteBase', { fields: {} })
export const SiteReport = entity('SiteReport', { fields: {} })`,
  ],
]

testMistakes('names', entitiesOnly, names)
testMistakes('clashes', entitiesOnly, clashes)
