import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly } from './written-app.ts'

const parts: readonly Mistake[] = [
  [
    'a part of itself',
    [['PART_CYCLE', "'A'"]],
    `export const A = entity('A', { fields: {}, relations: { whole: partOf('A') } })`,
  ],
  [
    'parts of each other, by a third',
    [
      ['PART_CYCLE', "'B'"],
      ['PART_CYCLE', "'C'"],
      ['PART_CYCLE', "'A'"],
    ],
    `export const A = entity('A', { fields: {}, relations: { whole: partOf('B') } })
export const B = entity('B', { fields: {}, relations: { whole: partOf('C') } })
export const C = entity('C', { fields: {}, relations: { whole: partOf('A') } })
export const D = entity('D', { fields: {}, relations: { whole: partOf('A') } })`,
  ],
  [
    'options that parts do not have',
    [
      ['OPTION_UNKNOWN', 'optional'],
      ['OPTION_UNKNOWN', 'onDelete'],
      ['OPTION_INVALID', "'yes'"],
    ],
    `export const A = entity('A', { fields: {} })
export const B = entity('B', { fields: {}, relations: {
  one: partOf('A', { optional: true, onDelete: 'restrict' }),
} })
export const C = entity('C', { fields: {}, relations: {
  two: partOf('A', { ordered: 'yes' }),
} })`,
  ],
  [
    'a field where the places are',
    [['NAME_CLASH', 'whole']],
    `export const A = entity('A', { fields: {} })
export const B = entity('B', { fields: { wholePosition: int() }, relations: { whole: partOf('A', { ordered: true }) } })`,
  ],
]

const trees: readonly Mistake[] = [
  [
    'by a relation that is not there, leads elsewhere, or is required',
    [
      ['TREE_RELATION_INVALID', "'parnt'"],
      ['TREE_RELATION_INVALID', "'a'"],
      ['TREE_RELATION_INVALID', "'up'"],
      ['TREE_RELATION_INVALID', "'downs'"],
    ],
    `export const A = entity('A', { tree: 'parnt', fields: {}, relations: { parent: one('A', { optional: true }) } })
export const B = entity('B', { tree: 'a', fields: {}, relations: { a: one('A', { optional: true }) } })
export const C = entity('C', { tree: 'up', fields: {}, relations: { up: one('C') } })
export const D = entity('D', { tree: 'downs', fields: {}, relations: {
  up: one('D', { optional: true }), downs: many('D', { by: 'up' }),
} })`,
  ],
  [
    'up or down what is no tree, another tree, or the tree of somebody else',
    [
      ['TREE_LINEAGE_INVALID', "'parent'"],
      ['TREE_LINEAGE_INVALID', "'oops'"],
      ['TREE_LINEAGE_INVALID', "'parnt'"],
      ['TREE_LINEAGE_INVALID', "'other'"],
      ['TREE_LINEAGE_INVALID', "'B'"],
      ['RELATION_WAY_UNCLEAR', 'down'],
    ],
    `export const A = entity('A', { fields: {}, relations: {
  parent: one('A', { optional: true }), above: many('A', { up: 'parent' }), below: many('A', { down: 'oops' }),
} })
export const B = entity('B', { tree: 'parent', fields: {}, relations: {
  parent: one('B', { optional: true }), other: one('B', { optional: true }),
  above: many('B', { up: 'parnt' }), below: many('B', { down: 'other' }),
} })
export const C = entity('C', { fields: {}, relations: { b: one('B'), above: many('B', { up: 'parent' }) } })
export const D = entity('D', { tree: 'parent', fields: {}, relations: {
  parent: one('D', { optional: true }), both: many('D', { up: 'parent', down: 'parent' }),
} })`,
  ],
]

const base = `export const Company = entity('Company', { fields: {} })
export const Country = entity('Country', { tenant: false, fields: {} })
export const Order = entity('Order', { fields: {}, relations: {
  company: one('Company'), maybe: one('Company', { optional: true }), country: one('Country'), self: one('Company'),
} })
export const Product = entity('Product', { fields: {}, relations: {
  company: one('Company', { optional: true }), maybe: one('Company'), country: one('Company'), self: one('Company'),
} })
`

const agreeing: readonly Mistake[] = [
  [
    'along a path that does not lead to both',
    [
      ['SAME_PATH_INVALID', "'ordr.self'"],
      ['SAME_PATH_INVALID', "'order.slef'"],
      ['SAME_PATH_INVALID', "'order.country'"],
      ['SAME_PATH_INVALID', "'order'"],
    ],
    `${base}export const OrderLine = entity('OrderLine', { fields: {}, relations: {
  order: one('Order'),
  a: one('Product', { same: 'ordr.self' }),
  b: one('Product', { same: 'order.slef' }),
  c: one('Product', { same: 'order.country' }),
  d: one('Product', { same: 'order' }),
} })`,
  ],
  [
    'along a path that may end on the way',
    [
      ['SAME_PATH_INVALID', "'order.maybe'"],
      ['SAME_PATH_INVALID', "'order.company'"],
      ['SAME_PATH_INVALID', "'other.self'"],
      ['SAME_PATH_INVALID', "'order.self.more'"],
      ['SAME_PATH_INVALID', "'e.self'"],
    ],
    `${base}export const OrderLine = entity('OrderLine', { fields: {}, relations: {
  order: one('Order'),
  other: one('Order', { optional: true }),
  a: one('Product', { same: 'order.maybe' }),
  b: one('Product', { same: 'order.company' }),
  c: one('Product', { same: 'other.self' }),
  d: one('Product', { same: 'order.self.more' }),
  e: one('Product', { same: 'e.self' }),
} })`,
  ],
  [
    'without a tenant',
    [
      ['RELATION_TENANT_CROSSED', "'A'"],
      ['SAME_PATH_INVALID', "'a'"],
    ],
    `export const A = entity('A', { fields: {} })
export const B = entity('B', { fields: {}, relations: { a: one('A') } })
export const C = entity('C', { tenant: false, fields: {}, relations: { a: one('A') } })
export const D = entity('D', { fields: {}, relations: { a: one('A'), c: one('C', { same: 'a' }) } })`,
  ],
]

const numberings: readonly Mistake[] = [
  [
    'a pattern that does not count once',
    [
      ['NUMBERING_PATTERN_INVALID', "'SO'"],
      ['NUMBERING_PATTERN_INVALID', "'{00}-{00}'"],
      ['NUMBERING_PATTERN_INVALID', "'{0000000000000000}'"],
      ['NUMBERING_PATTERN_INVALID', "'{0}}'"],
    ],
    `export const A = entity('A', { fields: {
  a: numbering('SO'), b: numbering('{00}-{00}'), c: numbering('{0000000000000000}'), d: numbering('{0}}'),
} })`,
  ],
  [
    'a piece that the row does not have, or may not have',
    [
      ['NUMBERING_PATTERN_INVALID', "'{YYY}-{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{maybe}-{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{price}-{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{d}-{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{a}-{0}'"],
    ],
    `export const A = entity('A', { fields: {
  maybe: string({ optional: true }), price: float(),
  a: numbering('{YYY}-{0}'), b: numbering('{maybe}-{0}'), c: numbering('{price}-{0}'), d: numbering('{d}-{0}'),
  e: numbering('{a}-{0}'),
} })`,
  ],
  [
    'numbers that come again',
    [
      ['NUMBERING_PATTERN_INVALID', "'{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{MM}-{0}'"],
      ['NUMBERING_PATTERN_INVALID', "'{YYYY}{DD}-{0}'"],
    ],
    `export const A = entity('A', { fields: {
  a: numbering('{0}', { per: ['year'] }), b: numbering('{MM}-{0}', { per: ['month'] }),
  c: numbering('{YYYY}{DD}-{0}', { per: ['day'] }), d: numbering('{YY}-{0}', { per: ['year'] }),
} })`,
  ],
  [
    'a series per something that is not there',
    [
      ['NUMBERING_PER_INVALID', "'knd'"],
      ['NUMBERING_PER_INVALID', "'maybe'"],
      ['NUMBERING_PER_INVALID', "'kind'"],
      ['OPTION_INVALID', "'year'"],
    ],
    `export const A = entity('A', { fields: {
  kind: string(), maybe: string({ optional: true }),
  a: numbering('{0}', { per: ['knd'] }), b: numbering('{0}', { per: ['maybe'] }),
  c: numbering('{0}', { per: ['kind', 'kind'] }), d: numbering('{YYYY}{0}', { per: 'year' }),
} })`,
  ],
  [
    'a transition that is not there',
    [
      ['NUMBERING_ON_UNKNOWN', "'palce'"],
      ['NUMBERING_ON_UNKNOWN', "'place'"],
    ],
    `export const A = entity('A', { fields: { number: numbering('{0}', { on: 'palce' }) },
  lifecycle: { initial: 'draft', states: ['draft', 'placed'], transitions: { place: { from: 'draft', to: 'placed' } } },
})
export const B = entity('B', { fields: { number: numbering('{0}', { on: 'place' }) } })`,
  ],
  [
    'options that follow from it, and numbers where no rows are',
    [
      ['OPTION_UNKNOWN', 'unique'],
      ['OPTION_UNKNOWN', 'optional'],
      ['NUMBERING_PATTERN_INVALID', 'numbering({})'],
      ['OPTION_INVALID', "numbering('{0}')"],
    ],
    `export const A = entity('A', {
  fields: { a: numbering('{0}', { unique: true, optional: true }), b: numbering({}) },
  actions: { ask: { input: { number: numbering('{0}') }, runs: 'scripts/ask' } },
})`,
  ],
]

testMistakes('parts', entitiesOnly, parts)
testMistakes('trees', entitiesOnly, trees)
testMistakes('relations that agree', entitiesOnly, agreeing)
testMistakes('numberings', entitiesOnly, numberings)
