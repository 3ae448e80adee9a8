import { beforeAll, expect, test } from 'vitest'
import { gil, globex, useWrittenServer } from '../options/written-server.ts'

// Clerks see open orders and products of any company, and no company. Does what must agree tell of what they may not see?
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Company = entity('Company', { fields: { name: string() } })
export const Product = entity('Product', { fields: { open: boolean() }, relations: { company: one('Company') } })
export const Order = entity('Order', { fields: { open: boolean() }, relations: { company: one('Company'), lines: many('Item', { by: 'order' }) } })
export const Item = entity('Item', { relations: { order: partOf('Order'), product: one('Product', { same: 'order.company' }) } })`,
    'policies/all.ts': `import { Company, Item, Order, Product } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Works on what is open.' })
const all = { allow: 'admin', to: anything } as const
const seen = { allow: 'clerk', to: 'read', where: { open: true } } as const
export const P0 = policy(Company, { all })
export const P1 = policy(Product, { all, seen })
export const P2 = policy(Order, { all, seen })
export const P3 = policy(Item, { all, work: { allow: 'clerk', to: ['read', 'create', 'update'] } })`,
  },
  ['admin', 'clerk'],
)

const absent = '01980000-0000-7000-8000-00000000dead'
const ids: Record<string, string> = {}

async function make(entity: string, row: object, subject: object = {}): Promise<string> {
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${entity.toLowerCase()}: $row }) { id } }`,
    { row },
    subject,
  )
  expect(errors).toEqual([])
  return data[`create${entity}`].id
}

beforeAll(async () => {
  const [ours, theirs] = [await make('Company', { name: 'ours' }), await make('Company', { name: 'theirs' })]
  const stranger = { tenant: globex, sub: gil }
  const foreign = await make('Company', { name: 'foreign' }, stranger)
  Object.assign(ids, {
    order: await make('Order', { open: true, companyId: ours }),
    hiddenOrder: await make('Order', { open: false, companyId: ours }),
    product: await make('Product', { open: true, companyId: ours }),
    other: await make('Product', { open: true, companyId: theirs }),
    hiddenFit: await make('Product', { open: false, companyId: ours }),
    hiddenMisfit: await make('Product', { open: false, companyId: theirs }),
    foreign: await make('Product', { open: true, companyId: foreign }, stranger),
    absent,
  })
})

const answer = async (query: string, variables: object) => {
  const { text } = await app().ask(query, variables, { roles: ['clerk'] })
  return Object.values(ids).reduce((all, id) => all.replaceAll(id, 'ID'), text)
}

const create = 'mutation ($row: ItemInput!) { createItem(input: { item: $row }) { id } }'
const update = 'mutation ($id: UUID!, $p: UUID!) { updateItem(input: { id: $id, patch: { productId: $p } }) { id } }'
const unseen = ['hiddenFit', 'hiddenMisfit', 'foreign', 'absent'] as const

test('a hidden target answers like an absent one, whether its end agrees or not', async () => {
  const id = await make('Item', { orderId: ids.order, productId: ids.product })
  const made = await Promise.all(
    unseen.map((name) => answer(create, { row: { orderId: ids.order, productId: ids[name] } })),
  )
  const changed = await Promise.all(unseen.map((name) => answer(update, { id, p: ids[name] })))
  for (const texts of [made, changed]) {
    expect(new Set(texts).size, texts.join('\n')).toBe(1)
    expect(texts[0]).toContain('NOT_FOUND')
  }
})

test('so does a hidden whole, whatever the target', async () => {
  const texts = await Promise.all(
    ['hiddenOrder', 'absent'].flatMap((order) =>
      ['product', 'other'].map((product) => answer(create, { row: { orderId: ids[order], productId: ids[product] } })),
    ),
  )
  expect(new Set(texts).size, texts.join('\n')).toBe(1)
})

test('of two that are seen the answer names the relation, and neither company', async () => {
  const text = await answer(create, { row: { orderId: ids.order, productId: ids.other } })
  expect(JSON.parse(text).errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: ['productId'] } }])
  expect(text).not.toMatch(/ours|theirs|fkey|tenant/)
})
