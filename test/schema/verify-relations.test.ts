import { describe, expect, test } from 'vitest'
import { testMistakes } from './mistakes.ts'
import { entitiesOnly, modelOf, problemsOf, reportOf } from './written-app.ts'

const tag = "export const Tag = entity('Tag', { fields: { name: string() } })\n"

testMistakes('links', entitiesOnly, [
  [
    'a second one of the pair',
    [['RELATION_LINK_DUPLICATE', 'labels']],
    `${tag}export const Order = entity('Order', { fields: {}, relations: {
  tags: many('Tag', { link: true }), labels: many('Tag', { link: true }),
} })`,
  ],
  [
    'said on both sides',
    [['RELATION_LINK_DUPLICATE', 'orders']],
    `export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { link: true }) } })
export const Tag = entity('Tag', { fields: {}, relations: { orders: many('Order', { link: true }) } })`,
  ],
  [
    'the other side twice',
    [['RELATION_INVERSE_DUPLICATE', "'tags'"]],
    `export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { link: true }) } })
export const Tag = entity('Tag', { fields: {}, relations: {
  orders: many('Order', { by: 'tags' }), again: many('Order', { by: 'tags' }),
} })`,
  ],
  [
    'tables that cannot be',
    [
      ['RELATION_LINK_TABLE_INVALID', "'Bad Name'"],
      ['RELATION_LINK_TABLE_INVALID', "'tag'"],
      ['RELATION_LINK_TABLE_INVALID', `'${'x'.repeat(64)}'`],
      ['OPTION_INVALID', '5'],
    ],
    `${tag}export const Order = entity('Order', { fields: {}, relations: {
  a: many('Tag', { link: true, linkTable: 'Bad Name' }),
  b: many('Tag', { link: true, linkTable: 'tag' }),
  c: many('Tag', { link: true, linkTable: '${'x'.repeat(64)}' }),
  d: many('Tag', { link: true, linkTable: 5 }),
} })`,
  ],
  [
    'an entity of the name that the link takes',
    [['RELATION_LINK_TABLE_INVALID', 'tags']],
    `${tag}export const Link = entity('OrderTagLink', { fields: {} })
export const LinkPolicy = null
export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { link: true }) } })`.replace(
      'export const LinkPolicy = null\n',
      '',
    ),
  ],
  [
    'several ways at once',
    [['RELATION_WAY_UNCLEAR', 'link']],
    `${tag}export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { through: 'Tag', link: true }) } })`,
  ],
  [
    'to nowhere, and through an entity in between that Rowhouse made',
    [
      ['RELATION_TARGET_UNKNOWN', "'Tga'"],
      ['RELATION_TARGET_UNKNOWN', "'OrderTagLink'"],
    ],
    `${tag}export const Order = entity('Order', { fields: {}, relations: {
  tgas: many('Tga', { link: true }), tags: many('Tag', { link: true }),
  links: many('OrderTagLink', { by: 'order' }),
} })`,
  ],
])

testMistakes('one of several', entitiesOnly, [
  [
    'too few, twice, no list',
    [
      ['RELATION_ONE_OF_INVALID', "oneOf(['Tag'])"],
      ['RELATION_ONE_OF_INVALID', "oneOf(['Tag', 'Tag'])"],
      ['RELATION_ONE_OF_INVALID', "oneOf('Tag')"],
      ['RELATION_ONE_OF_INVALID', 'default'],
    ].map(([code, text]) => [code!, text!] as const),
    `${tag}export const Note = entity('Note', { fields: {}, relations: {
  a: oneOf(['Tag']),
  b: oneOf(['Tag', 'Tag']),
  c: oneOf('Tag'),
  d: oneOf(['Tag', 'Note'], { default: 'actor' }),
} })`,
  ],
  [
    'unknown targets, a required one that is emptied, a wall, a clash',
    [
      ['RELATION_TARGET_UNKNOWN', "'Tga'"],
      ['RELATION_SET_NULL_REQUIRED', "'setNull'"],
      ['RELATION_TENANT_CROSSED', "'Tag'"],
    ],
    `${tag}export const Person = entity('Person', { tenant: false, fields: {}, relations: { x: oneOf(['Person', 'Tag'], { optional: true }) } })
export const Note = entity('Note', { fields: {}, relations: {
  a: oneOf(['Tga', 'Tag']),
  b: oneOf(['Tag', 'Note'], { onDelete: 'setNull' }),
} })`.replace(/(export const Person.*\n)([\s\S]*)/, '$2\n$1'),
  ],
  [
    'a name that its keys take',
    [['NAME_CLASH', 'subject']],
    `${tag}export const Note = entity('Note', { fields: { subjectTagId: string() }, relations: { subject: oneOf(['Tag', 'Note']) } })`,
  ],
  [
    'the way back of another target',
    [['RELATION_INVERSE_MISSING', "'subject'"]],
    `export const Tag = entity('Tag', { fields: {}, relations: { notes: many('Note', { by: 'subject' }) } })
export const Note = entity('Note', { fields: {}, relations: { subject: oneOf(['Note', 'Page']) } })
export const Page = entity('Page', { fields: {} })`,
  ],
])

testMistakes('ways back', entitiesOnly, [
  [
    'of nothing',
    [['RELATION_INVERSE_MISSING', "'customer'"]],
    `export const Customer = entity('Customer', { fields: {}, relations: { orders: many('Order', { by: 'customer' }) } })
export const Order = entity('Order', { fields: {} })`,
  ],
])

describe('hints show the line to write', () => {
  const hintOf = async (source: string) => (await reportOf(entitiesOnly(source))).map(({ hint }) => hint)

  test.each([
    [
      "orders: many('Order', {})",
      "Write `customer: one('Customer')` in \"Order\". Then `orders: many('Order', { by: 'customer' })` here.",
    ],
    ["orders: many('Order', { by: 'buyer' })", 'Write `buyer: one(\'Customer\')` in "Order".'],
  ])('%s', async (relation, hint) => {
    const source = `export const Customer = entity('Customer', { fields: {}, relations: { ${relation} } })
export const Order = entity('Order', { fields: {} })`
    expect(await hintOf(source)).toEqual([hint])
  })

  test('of a link said on both sides', async () => {
    const source = `export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { link: true }) } })
export const Tag = entity('Tag', { fields: {}, relations: { orders: many('Order', { link: true }) } })`
    expect(await hintOf(source)).toEqual([
      "If it is the other side of \"tags\", write `orders: many('Order', { by: 'tags' })`; if it is another link, `orders: many('Order', { link: true, linkTable: '…' })`.",
    ])
  })
})

describe('the model', () => {
  test('has the entity in between, and both sides lead through it', async () => {
    const { entities, policies } = await modelOf(
      entitiesOnly(`export const Tag = entity('Tag', { fields: {}, relations: { orders: many('Order', { by: 'tags' }) } })
export const Order = entity('Order', { fields: {}, relations: { tags: many('Tag', { link: true }) } })`),
    )
    expect(entities.map(({ name }) => name)).toEqual(['Order', 'OrderTagLink', 'Tag'])
    const [order, link, tagEntity] = entities
    expect(link).toMatchObject({ table: 'order__tag__link', link: { entity: 'Order', relation: 'tags' } })
    expect(link!.relations).toMatchObject([
      { kind: 'one', name: 'order', to: 'Order', column: 'order_id', onDelete: 'cascade', optional: false },
      { kind: 'one', name: 'tag', to: 'Tag', column: 'tag_id', onDelete: 'cascade', optional: false },
    ])
    expect(order!.relations).toMatchObject([
      { kind: 'through', to: 'Tag', through: 'OrderTagLink', from: 'order', toward: 'tag' },
    ])
    expect(tagEntity!.relations).toMatchObject([{ kind: 'through', to: 'Order', from: 'tag', toward: 'order' }])
    expect(policies[1]).toEqual({ entity: 'OrderTagLink', onHidden: 'null', rules: [] })
  })

  test('has a to-one for each target, and the relation itself', async () => {
    const { entities } = await modelOf(
      entitiesOnly(`export const Tag = entity('Tag', { fields: {}, relations: { notes: many('Note', { by: 'subject' }) } })
export const Note = entity('Note', { fields: {}, relations: {
  subject: oneOf(['Tag', 'Note'], { onDelete: 'cascade' }), replies: many('Note', { by: 'subject' }),
} })`),
    )
    expect(entities[0]!.relations).toMatchObject([
      {
        kind: 'one',
        name: 'subjectTag',
        column: 'subject_tag_id',
        optional: true,
        onDelete: 'cascade',
        onRemove: 'restrict',
        inverse: 'notes',
      },
      { kind: 'one', name: 'subjectNote', column: 'subject_note_id', optional: true, inverse: 'replies' },
      {
        kind: 'oneOf',
        name: 'subject',
        optional: false,
        targets: [
          { to: 'Tag', relation: 'subjectTag' },
          { to: 'Note', relation: 'subjectNote' },
        ],
      },
      { kind: 'many', name: 'replies', by: 'subjectNote' },
    ])
    expect(entities[1]!.relations).toMatchObject([{ kind: 'many', by: 'subjectTag' }])
  })

  test('takes self relations, several between two, and hasOne', async () => {
    const source = `
export const Folder = entity('Folder', { fields: {}, relations: {
  parent: one('Folder', { optional: true }), children: many('Folder', { by: 'parent' }),
  owner: one('Person'), editor: one('Person', { optional: true }), cover: hasOne('Cover', { by: 'folder' }),
} })
export const Cover = entity('Cover', { fields: {}, relations: { folder: one('Folder', { unique: true }) } })
export const Person = entity('Person', { fields: {}, relations: {
  owned: many('Folder', { by: 'owner' }), edited: many('Folder', { by: 'editor' }),
} })`
    expect(await problemsOf(entitiesOnly(source))).toEqual([])
  })
})
