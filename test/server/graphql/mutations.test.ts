import { describe, expect, test } from 'vitest'
import { useShopServer } from '../client.ts'
import { acme, mia, sam, shopId } from '../shop.ts'

const shop = useShopServer()

let numbers = 0
/** Makes an order of Acme's first customer; its id. */
async function makeOrder(values: object = {}): Promise<string> {
  const order = { number: `M-${++numbers}`, customerId: shopId('customer', 'a', 1), ...values }
  const { data } = await shop().ask(create, { order })
  return data.createOrder.id
}

const create = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
const update = `mutation ($id: UUID!, $patch: OrderPatch!) {
  updateOrder(input: { id: $id, patch: $patch }) { id order { total weight wantedOn fee } }
}`

describe('create', () => {
  test('values arrive exactly, defaults where nothing is said, and the row comes back', async () => {
    const order = {
      ...{ number: 'EXACT-1', customerId: shopId('customer', 'a', 1), total: '12345678901234567.89', fee: '-0.05' },
      ...{ serial: '-9223372036854775808', weight: 0.1, wantedOn: '2026-02-28', deliverAt: '23:59:59.123456', lead: 3 },
    }
    const { data, errors } = await shop().ask(
      `mutation ($order: OrderInput!) {
        createOrder(input: { order: $order, clientMutationId: "c1" }) {
          clientMutationId
          order { number total fee serial weight wantedOn deliverAt lead urgent status placedById customer { id } }
          query { products { totalCount } }
        }
      }`,
      { order },
    )
    expect(errors).toEqual([])
    const { customerId: _, ...given } = order
    expect(data.createOrder).toEqual({
      clientMutationId: 'c1',
      order: {
        ...given,
        urgent: false,
        status: 'draft',
        placedById: sam,
        customer: { id: shopId('customer', 'a', 1) },
      },
      query: { products: { totalCount: 4 } },
    })
  })

  test('null is null, also where there is a default', async () => {
    const id = await makeOrder({ placedById: null })
    const { data } = await shop().ask('query ($id: UUID!) { order(id: $id) { placedById } }', { id })
    expect(data.order).toEqual({ placedById: null })
  })

  test('money in minor units is a decimal everywhere', async () => {
    const id = await makeOrder({ fee: '12.5' })
    const { data, errors } = await shop().ask(
      `query ($id: UUID!) {
        hit: orders(filter: { id: { equalTo: $id }, fee: { greaterThan: "12.49", lessThanOrEqualTo: "12.50", in: ["12.5", "1"] } }) { nodes { fee } }
        miss: orders(filter: { id: { equalTo: $id }, fee: { lessThan: "12.50" } }) { totalCount }
        sorted: orders(filter: { fee: { isNull: false } }, orderBy: [FEE_DESC], first: 1) { nodes { fee } }
      }`,
      { id },
    )
    expect(errors).toEqual([])
    expect(data).toEqual({
      hit: { nodes: [{ fee: '12.50' }] },
      miss: { totalCount: 0 },
      sorted: { nodes: [{ fee: '12.50' }] },
    })
    const finer = await shop().ask(update, { id, patch: { fee: '1.001' } })
    expect(finer.errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test('whoever may write but not read may ask for the id, and for no row', async () => {
    const { data, errors } = await shop().ask(
      'mutation { createRemark(input: { remark: { text: "hello" } }) { id remark { text } } }',
    )
    expect(data).toEqual({ createRemark: null })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    const idOnly = await shop().ask('mutation { createRemark(input: { remark: { text: "hello" } }) { id } }')
    expect(idOnly.errors).toEqual([])
  })

  test('a link to a row out of sight is NOT_FOUND, whether hidden, of another tenant or absent', async () => {
    const targets = [shopId('customer', 'a', 3), shopId('customer', 'b', 1), '00000000-0000-7000-8000-00000000dead']
    const answers = await Promise.all(
      targets.map((customerId) => shop().ask(create, { order: { number: `L-${customerId}`, customerId } })),
    )
    for (const { data, errors } of answers) {
      expect(data).toEqual({ createOrder: null })
      expect(errors).toMatchObject([
        {
          message: 'There is no such row for "customerId".',
          extensions: { code: 'NOT_FOUND', fields: ['customerId'] },
        },
      ])
      expect({ ...errors[0], path: null }).toEqual({ ...answers[0]?.errors[0], path: null })
    }
  })
})

describe('update', () => {
  test('changes what the patch says and nothing else', async () => {
    const id = await makeOrder({ weight: 2, wantedOn: '2026-01-01' })
    const { data, errors } = await shop().ask(update, { id, patch: { total: '5', wantedOn: null } })
    expect(errors).toEqual([])
    expect(data.updateOrder).toEqual({ id, order: { total: '5.00', weight: 2, wantedOn: null, fee: null } })
  })

  test('an empty patch is VALIDATION', async () => {
    const { errors } = await shop().ask(update, { id: shopId('order', 'a', 1), patch: {} })
    expect(errors).toMatchObject([{ message: 'The patch changes nothing.', extensions: { code: 'VALIDATION' } }])
  })

  test('readonly and built-in fields are no part of a patch', async () => {
    for (const field of ['number', 'status', 'id', 'tenantId', 'createdAt', 'deletedAt']) {
      const { data, errors } = await shop().ask(update, { id: shopId('order', 'a', 1), patch: { [field]: null } })
      expect(data).toBeNull()
      expect(errors[0]?.extensions.code).toBe('VALIDATION')
    }
  })

  test('a hand-over succeeds and answers without the row', async () => {
    const made = await shop().ask(
      'mutation { createCustomer(input: { customer: { name: "Handed", region: eu } }) { id } }',
    )
    const { id } = made.data.createCustomer
    const { data, errors } = await shop().ask(
      `mutation ($id: UUID!) { updateCustomer(input: { id: $id, patch: { region: us_east } }) { id customer { name } } }`,
      { id },
    )
    expect(errors).toEqual([])
    expect(data.updateCustomer).toEqual({ id, customer: null })
    const again = await shop().ask(
      `mutation ($id: UUID!) { updateCustomer(input: { id: $id, patch: { name: "x" } }) { id } }`,
      { id },
    )
    expect(again.errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  test('rows of another tenant, removed ones and absent ones are NOT_FOUND alike', async () => {
    const removed = await makeOrder()
    await shop().ask('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id: removed })
    for (const id of [shopId('order', 'b', 1), removed, '00000000-0000-7000-8000-00000000dead']) {
      for (const query of [
        'mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { total: "1" } }) { id } }',
        'mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }',
        'mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }',
      ]) {
        const { errors } = await shop().ask(query, { id })
        expect(errors).toMatchObject([{ message: 'There is no such row.', extensions: { code: 'NOT_FOUND' } }])
      }
    }
  })

  test('a change that no rule allows is FORBIDDEN', async () => {
    const id = shopId('product', 'a', 1)
    const rename =
      'mutation ($id: UUID!) { updateProduct(input: { id: $id, patch: { name: "New" } }) { product { name } } }'
    const sams = await shop().ask(rename, { id })
    expect(sams.errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } })
    const mias = await shop().token({ sub: mia, tenant: acme, roles: ['accountManager'] })
    expect((await shop().ask(rename, { id }, mias)).data.updateProduct).toEqual({ product: { name: 'New' } })
  })
})

describe('remove, restore, delete', () => {
  test('a removed row is out of sight until it is restored', async () => {
    const id = await makeOrder()
    const read = 'query ($id: UUID!) { order(id: $id) { id } orders(filter: { id: { equalTo: $id } }) { totalCount } }'
    const run = (verb: string, fields: string) =>
      shop().ask(`mutation ($id: UUID!) { ${verb}Order(input: { id: $id }) { ${fields} } }`, { id })
    expect((await run('remove', 'id')).data.removeOrder).toEqual({ id })
    expect((await shop().ask(read, { id })).data).toEqual({ order: null, orders: { totalCount: 0 } })
    expect((await run('remove', 'id')).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await run('restore', 'id order { id }')).data.restoreOrder).toEqual({ id, order: { id } })
    expect((await run('delete', 'id')).data.deleteOrder).toEqual({ id })
    expect((await run('restore', 'id')).errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  test('a row that others hang on stays, and the answer says in the words of the API why', async () => {
    const id = shopId('customer', 'a', 1)
    for (const verb of ['delete', 'remove']) {
      const { errors, text } = await shop().ask(
        `mutation ($id: UUID!) { ${verb}Customer(input: { id: $id }) { id } }`,
        { id },
      )
      expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', list: 'orders' })
      expect(text).not.toMatch(/fkey|app\.|customer_id/)
    }
  })
})

describe('conflicts and values', () => {
  test('a unique value that is taken is CONFLICT, naming the fields of the API', async () => {
    const mias = await shop().token({ sub: mia, tenant: acme, roles: ['accountManager'] })
    const { errors } = await shop().ask(
      'mutation { createProduct(input: { product: { sku: "P1", name: "x" } }) { id } }',
      null,
      mias,
    )
    expect(errors).toMatchObject([
      { message: 'Another row has the same "sku".', extensions: { code: 'CONFLICT', fields: ['sku'] } },
    ])
    const named = await shop().ask(
      'mutation { createCustomer(input: { customer: { name: "Acme customer 1" } }) { id } }',
    )
    expect(named.errors[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['name', 'region'] })
  })

  test('the same value in another tenant is no conflict', async () => {
    const gils = await shop().token({ sub: mia, tenant: '00000000-0000-7000-8000-00000000000b' })
    const { errors } = await shop().ask(
      create,
      { order: { number: 'SO-1', customerId: shopId('customer', 'b', 1) } },
      gils,
    )
    expect(errors[0]?.extensions.code).toBe('CONFLICT')
    const other = { number: 'ONLY-HERE', customerId: shopId('customer', 'a', 1) }
    expect((await shop().ask(create, { order: other })).errors).toEqual([])
    expect(
      (await shop().ask(create, { order: { ...other, customerId: shopId('customer', 'b', 1) } }, gils)).errors,
    ).toEqual([])
  })

  test.each([
    ['createCustomer(input: { customer: { name: null } }) { id }', 'VALIDATION'],
    ['createCustomer(input: { customer: {} }) { id }', 'VALIDATION'],
    [`createCustomer(input: { customer: { name: "${'x'.repeat(201)}" } }) { id }`, 'VALIDATION'],
    ['createCustomer(input: { customer: { name: "\\u0000" } }) { id }', 'VALIDATION'],
    ['createCustomer(input: { customer: { name: "c", creditLimit: "1e400" } }) { id }', 'VALIDATION'],
    ['createCustomer(input: { customer: { name: "c", creditLimit: "one" } }) { id }', 'VALIDATION'],
    ['createCustomer(input: { customer: { name: "c", region: mars } }) { id }', 'VALIDATION'],
    ['createCustomer(input: { customer: { name: "c", accountManagerId: "7" } }) { id }', 'VALIDATION'],
  ])('%s is %s', async (mutation, code) => {
    const { errors, text } = await shop().ask(`mutation { ${mutation} }`)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code])
    expect(text).not.toMatch(/jsonb|pg_|app\./)
  })

  test('a check names the field that broke it', async () => {
    const line = { quantity: 0, unitPrice: '1', orderId: shopId('order', 'a', 1), productId: shopId('product', 'a', 1) }
    const { errors } = await shop().ask(
      'mutation ($l: OrderLineInput!) { createOrderLine(input: { orderLine: $l }) { id } }',
      { l: line },
    )
    expect(errors[0]).toMatchObject({
      message: 'The value of "quantity" is not allowed.',
      extensions: { code: 'VALIDATION', fields: ['quantity'] },
    })
  })
})

describe('several changes in one request', () => {
  const two = `mutation ($a: OrderInput!, $b: OrderInput!) {
    a: createOrder(input: { order: $a }) { order { number } }
    b: createOrder(input: { order: $b }) { order { number } query { orders(filter: { number: { startsWith: "TWO" } }) { totalCount } } }
  }`
  const customerId = shopId('customer', 'a', 1)
  const count = async (start: string) => {
    const query = 'query ($start: String!) { orders(filter: { number: { startsWith: $start } }) { totalCount } }'
    return (await shop().ask(query, { start })).data.orders.totalCount
  }

  test('are all kept', async () => {
    const { data, errors } = await shop().ask(two, {
      a: { number: 'TWO-1', customerId },
      b: { number: 'TWO-2', customerId },
    })
    expect(errors).toEqual([])
    expect(data).toEqual({
      a: { order: { number: 'TWO-1' } },
      b: { order: { number: 'TWO-2' }, query: { orders: { totalCount: 2 } } },
    })
    expect(await count('TWO')).toBe(2)
  })

  test('or none of them, whichever fails, and the answer says so', async () => {
    for (const [a, b] of [
      ['NONE-1', 'SO-1'],
      ['SO-1', 'NONE-2'],
    ]) {
      const { data, errors } = await shop().ask(two, { a: { number: a, customerId }, b: { number: b, customerId } })
      expect(data).toBeNull()
      const failed = a === 'SO-1' ? 'a' : 'b'
      expect(errors).toMatchObject([
        { path: [failed], extensions: { code: 'CONFLICT', fields: ['number'] } },
        {
          path: [failed === 'a' ? 'b' : 'a'],
          message: expect.stringContaining(failed === 'a' ? 'Not done' : 'Not kept'),
          extensions: { code: 'ROLLED_BACK' },
        },
      ])
    }
    expect(await count('NONE')).toBe(0)
  })

  test('fragments hide nothing', async () => {
    const { data } = await shop().ask(
      `mutation ($a: OrderInput!, $b: OrderInput!) { ...both }
       fragment both on Mutation { a: createOrder(input: { order: $a }) { id } b: createOrder(input: { order: $b }) { id } }`,
      { a: { number: 'FRAG-1', customerId }, b: { number: 'SO-1', customerId } },
    )
    expect(data).toBeNull()
    expect(await count('FRAG')).toBe(0)
  })

  test('whose rows may not be read afterwards are not kept where they are asked for', async () => {
    const write = (text: string) => `createRemark(input: { remark: { text: "${text}" } })`
    const { data, errors } = await shop().ask(
      `mutation { a: ${write('unread')} { id remark { text } } b: ${write('unread')} { id } }`,
    )
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN', 'ROLLED_BACK'])
    const unread = await shop().database.asOwner((client) =>
      client.query("select from app.remark where text = 'unread'"),
    )
    expect(unread.rowCount).toBe(0)
    const ids = await shop().ask(`mutation { a: ${write('x')} { id } b: ${write('x')} { id } }`)
    expect(ids.errors).toEqual([])
  })
})
