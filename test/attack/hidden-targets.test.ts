import { beforeAll, describe, expect, test } from 'vitest'
import { acme, gil, globex, useWrittenServer } from '../options/written-server.ts'

// Clerks read orders and notes; of customers, agents and invoices no rule shows them anything. Bosses include admins.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Customer = entity('Customer', { fields: { name: string() }, relations: { orders: many('Order', { by: 'customer' }) } })
export const Agent = entity('Agent', { fields: { name: string() } })
export const Order = entity('Order', {
  fields: { number: string() },
  relations: { customer: one('Customer'), agent: one('Agent', { optional: true }), invoice: hasOne('Invoice', { by: 'order' }), notes: many('Note', { by: 'subject' }) },
})
export const Invoice = entity('Invoice', { fields: { total: int() }, relations: { order: one('Order', { unique: true }) } })
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Order', 'Invoice']) } })`,
    'policies/all.ts': `import { Agent, Customer, Invoice, Note, Order } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Sees orders.', guide: 'Sees open agents.', boss: { note: 'Is admin too.', includes: ['admin'] } })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Customer, { all })
export const P1 = policy(Agent, { all, some: { allow: 'guide', to: 'read', where: { name: 'Open' } } })
export const P2 = policy(Order, { all, seen: { allow: everyone, to: 'read' }, noted: { allow: ['clerk', 'guide'], to: 'update', only: ['number'] } })
export const P3 = policy(Invoice, { all })
export const P4 = policy(Note, { all, seen: { allow: ['clerk', 'guide'], to: 'read' } })`,
  },
  ['admin', 'clerk', 'guide', 'boss'],
)

const rows = `{
  orders(orderBy: [NUMBER_ASC]) { nodes { number customer { name } agent { name } invoice { total } } }
  notes(orderBy: [TEXT_ASC]) { nodes { text subject { __typename ... on Order { number customer { name } } ... on Invoice { total } } subjectInvoice { total } } }
}`
const as = (role: string) => ({ roles: [role] })

beforeAll(async () => {
  const make = async (entity: string, row: object): Promise<string> => {
    const field = entity.toLowerCase()
    const { data, errors } = await app().ask(
      `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`,
      { row },
    )
    expect(errors).toEqual([])
    return data[`create${entity}`].id
  }
  const customerId = await make('Customer', { name: 'Secret' })
  const [open, shut] = [await make('Agent', { name: 'Open' }), await make('Agent', { name: 'Shut' })]
  const first = await make('Order', { number: '1', customerId, agentId: open })
  await make('Order', { number: '2', customerId, agentId: shut })
  await make('Order', { number: '3', customerId })
  const invoice = await make('Invoice', { total: 5, orderId: first })
  await make('Note', { text: 'a', subject: { orderId: first } })
  await make('Note', { text: 'b', subject: { invoiceId: invoice } })
})

const order = (number: string, rest: object = {}) => ({ number, customer: null, agent: null, invoice: null, ...rest })

describe('a relation to one whose entity no rule shows to the caller', () => {
  test('is null, and the list is answered', async () => {
    const { data, errors, text } = await app().ask(rows, {}, as('clerk'))
    expect(errors).toEqual([])
    expect(data.orders.nodes).toEqual([order('1'), order('2'), order('3')])
    expect(data.notes.nodes).toEqual([
      { text: 'a', subject: { __typename: 'Order', number: '1', customer: null }, subjectInvoice: null },
      { text: 'b', subject: null, subjectInvoice: null },
    ])
    expect(text).not.toMatch(/Secret|Open|Shut/)
  })

  test('is read by whoever has a rule, of one’s own or of a role that is included, whoever asked before', async () => {
    for (const role of ['admin', 'boss', 'clerk', 'admin']) {
      const { data, errors } = await app().ask(rows, {}, as(role))
      expect(errors).toEqual([])
      const names = data.orders.nodes.map(({ customer }: { customer: { name: string } | null }) => customer?.name)
      expect(names).toEqual(Array(3).fill(role === 'clerk' ? undefined : 'Secret'))
      expect(data.notes.nodes[1].subject).toEqual(role === 'clerk' ? null : { __typename: 'Invoice', total: 5 })
    }
  })

  test('shows of a hidden row what it shows of none, with a rule and without', async () => {
    for (const [role, first] of [
      ['guide', { agent: { name: 'Open' } }],
      ['clerk', {}],
    ] as const) {
      const { data } = await app().ask(
        '{ orders(orderBy: [NUMBER_ASC]) { nodes { number agent { name } } } }',
        {},
        as(role),
      )
      expect(data.orders.nodes).toEqual([
        { agent: null, ...first, number: '1' },
        { number: '2', agent: null },
        { number: '3', agent: null },
      ])
    }
  })

  test('is null for a visitor, after a change, and in another tenant', async () => {
    const seen = await app().ask('{ orders { nodes { number customer { name } } } }', {}, null)
    expect(seen).toMatchObject({ errors: [], data: { orders: { nodes: [] } } })
    const { data } = await app().ask('{ orders(orderBy: [NUMBER_ASC]) { nodes { id } } }')
    const changed = await app().ask(
      'mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { number: "1" } }) { order { number customer { name orders { totalCount } } invoice { total } } } }',
      { id: data.orders.nodes[0].id },
      as('clerk'),
    )
    expect(changed.errors).toEqual([])
    expect(changed.data.updateOrder.order).toEqual({ number: '1', customer: null, invoice: null })
    const foreign = await app().ask(rows, {}, { tenant: globex, sub: gil, roles: ['clerk'] })
    expect(foreign.data).toEqual({ orders: { nodes: [] }, notes: { nodes: [] } })
  })

  test.each([
    ['to filter by', '{ orders(filter: { customer: { name: { equalTo: "Secret" } } }) { totalCount } }'],
    ['to filter by being there', '{ orders(filter: { invoiceExists: true }) { totalCount } }'],
    ['to order by', '{ orders(orderBy: [CUSTOMER__NAME_ASC]) { nodes { number } } }'],
    ['as a list', '{ customers { totalCount } }'],
  ])('is no way %s', async (_what, query) => {
    const { errors, text } = await app().ask(query, {}, as('clerk'))
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    expect(text).not.toContain('Secret')
    expect((await app().ask(query, {}, { ...as('admin'), tenant: acme })).errors).toEqual([])
  })
})
