import { type AnyVariables, Client, fetchExchange, type OperationResult } from '@urql/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type PersonName, useExampleServer } from '../support/example-server.ts'

const example = useExampleServer()

/** A front-end in which somebody is signed in. */
class FrontEnd {
  readonly #client: Client

  constructor(url: string, token: string | null) {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    const fetchOptions = { headers }
    this.#client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false, fetchOptions })
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that was asked for
  query(text: string, variables: AnyVariables = {}): Promise<OperationResult<any>> {
    return this.#client.query(text, variables).toPromise()
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that was asked for
  mutate(text: string, variables: AnyVariables = {}): Promise<OperationResult<any>> {
    return this.#client.mutation(text, variables).toPromise()
  }

  /** Data of an answer without errors. */
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that was asked for
  async data(text: string, variables: AnyVariables = {}): Promise<any> {
    const isMutation = text.trimStart().startsWith('mutation')
    const { data, error } = await (isMutation ? this.mutate(text, variables) : this.query(text, variables))
    expect(error, text).toBeUndefined()
    return data
  }

  /** Codes of the errors of an answer. */
  async codes(text: string, variables: AnyVariables = {}): Promise<readonly unknown[]> {
    const isMutation = text.trimStart().startsWith('mutation')
    const { error } = await (isMutation ? this.mutate(text, variables) : this.query(text, variables))
    return (error?.graphQLErrors ?? []).map(({ extensions }) => extensions.code)
  }
}

let ada: FrontEnd
let sam: FrontEnd
let mia: FrontEnd
let gil: FrontEnd

beforeAll(() => {
  const as = (name: PersonName) => new FrontEnd(`${example().server.url}/graphql`, example().tokens[name])
  ada = as('ada')
  sam = as('sam')
  mia = as('mia')
  gil = as('gil')
})

describe('reading', () => {
  test('everybody sees as much as the rules say', async () => {
    const all = '{ customers { totalCount nodes { name } } organizations(orderBy: NAME_ASC) { nodes { name } } }'
    const [adas, sams, mias, gils] = await Promise.all([ada, sam, mia, gil].map((who) => who.data(all)))
    const counts = [adas, sams, mias, gils].map((data) => data.customers.totalCount)
    expect(counts).toEqual([40, 20, 30, 12])
    const names = (data: typeof adas, list: string) => data[list].nodes.map(({ name }: { name: string }) => name)
    expect(names(sams, 'organizations')).toEqual(['Acme North', 'Acme West'])
    expect(names(gils, 'organizations')).toEqual(['Globex Trade'])
    for (const some of [sams, mias]) {
      expect(names(adas, 'customers')).toEqual(expect.arrayContaining(names(some, 'customers')))
    }
    expect(new Set([...names(adas, 'customers'), ...names(gils, 'customers')]).size).toBe(52)
  })

  test('filters of every kind narrow the list', async () => {
    const data = await sam.data(`{
      all: orders { totalCount }
      placed: orders(filter: { status: { equalTo: placed } }) { totalCount nodes { status } }
      notPlaced: orders(filter: { not: { status: { equalTo: placed } } }) { totalCount }
      european: orders(filter: { customer: { region: { equalTo: eu } } }) { totalCount nodes { customer { region } } }
      elsewhere: orders(filter: { customer: { region: { in: [us, apac] } } }) { totalCount }
      billed: orders(filter: { invoiceExists: true }) { totalCount }
      unbilled: orders(filter: { invoiceExists: false }) { totalCount }
      paid: orders(filter: { invoice: { payments: { some: { amount: { greaterThan: "0" } } } } }) { totalCount }
      many: orders(filter: { lines: { some: { quantity: { greaterThan: 5 } } } }) { totalCount }
      few: orders(filter: { lines: { none: { quantity: { greaterThan: 5 } } } }) { totalCount }
      either: orders(filter: { or: [{ status: { equalTo: placed } }, { customer: { region: { equalTo: eu } } }] }) { totalCount }
      both: orders(filter: { status: { equalTo: placed }, customer: { region: { equalTo: eu } } }) { totalCount }
      undated: orders(filter: { wantedOn: { isNull: true } }) { totalCount }
      dated: orders(filter: { wantedOn: { isNull: false } }) { totalCount }
      named: customers(filter: { name: { includesInsensitive: "A" } }) { nodes { name } }
    }`)
    const n = (name: string): number => data[name].totalCount
    expect(n('placed') + n('notPlaced')).toBe(n('all'))
    expect(n('european') + n('elsewhere')).toBe(n('all'))
    expect(n('billed') + n('unbilled')).toBe(n('all'))
    expect(n('many') + n('few')).toBe(n('all'))
    expect(n('dated') + n('undated')).toBe(n('all'))
    expect(n('either')).toBe(n('placed') + n('european') - n('both'))
    for (const name of ['placed', 'european', 'billed', 'paid', 'many', 'both', 'undated'])
      expect(n(name), name).toBeGreaterThan(0)
    expect(n('paid')).toBeLessThan(n('billed'))
    expect(new Set(data.placed.nodes.map(({ status }: { status: string }) => status))).toEqual(new Set(['placed']))
    for (const { name } of data.named.nodes) expect(name.toLowerCase()).toContain('a')
  })

  test('a list is sorted by fields of the row and of what it belongs to', async () => {
    const data = await sam.data(`{
      newest: orders(first: 30, orderBy: [CREATED_AT_DESC, NUMBER_ASC]) { nodes { createdAt number } }
      byCustomer: orders(first: 60, orderBy: [CUSTOMER__NAME_ASC, NUMBER_DESC]) { nodes { number customer { name } } }
    }`)
    const dates: string[] = data.newest.nodes.map(({ createdAt }: { createdAt: string }) => createdAt)
    expect(dates).toEqual([...dates].sort().reverse())
    const rows: { number: string; customer: { name: string } }[] = data.byCustomer.nodes
    const names = rows.map(({ customer }) => customer.name)
    expect(names.length).toBe(60)
    // Groups follow each other in the collation of the database; within a group the numbers fall.
    for (const name of new Set(names)) {
      const numbers = rows.filter(({ customer }) => customer.name === name).map(({ number }) => number)
      expect(names.slice(names.indexOf(name), names.indexOf(name) + numbers.length)).toEqual(numbers.map(() => name))
      expect(numbers).toEqual([...numbers].sort().reverse())
    }
  })

  test('pages by cursor meet every row once, forward and backward, and those by offset are the same', async () => {
    const page = `query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $offset: Int) {
      orders(first: $first, after: $after, last: $last, before: $before, offset: $offset, orderBy: [WANTED_ON_DESC]) {
        nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`
    type Page = {
      nodes: { id: string }[]
      totalCount: number
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }
    }
    const walk = async (next: (page: Page | null) => AnyVariables | null): Promise<readonly string[][]> => {
      const pages: string[][] = []
      for (let variables = next(null); variables !== null; ) {
        const { orders } = (await sam.data(page, variables)) as { orders: Page }
        pages.push(orders.nodes.map(({ id }) => id))
        variables = next(orders)
      }
      return pages
    }
    const forward = await walk((at) =>
      at === null ? { first: 100 } : at.pageInfo.hasNextPage ? { first: 100, after: at.pageInfo.endCursor } : null,
    )
    const backward = await walk((at) =>
      at === null ? { last: 100 } : at.pageInfo.hasPreviousPage ? { last: 100, before: at.pageInfo.startCursor } : null,
    )
    let offset = -100
    const byOffset = await walk((at) => {
      offset += 100
      return at !== null && offset >= at.totalCount ? null : { first: 100, offset }
    })
    const ids = forward.flat()
    expect(ids.length).toBe(728)
    expect(new Set(ids).size).toBe(ids.length)
    expect(backward.toReversed().flat()).toEqual(ids)
    expect(byOffset.flat()).toEqual(ids)
  })

  test('a nested read stays within the rules on the way down and back up', async () => {
    const data = await sam.data(`{
      customers(first: 5, orderBy: NAME_ASC) { nodes {
        name organization { name memberships { nodes { level user { name } } } } contacts { nodes { name } }
        orders(first: 3, orderBy: NUMBER_ASC) { totalCount nodes {
          number placedBy { name } customer { name }
          lines { nodes { orderPosition product { name } order { customer { name } } } }
          products { nodes { name } } invoice { number status payments { nodes { amount } } }
        } }
      } }
    }`)
    for (const customer of data.customers.nodes) {
      expect(['Acme North', 'Acme West']).toContain(customer.organization.name)
      // Of the members sam sees himself alone, and of the people too: nobody else's name is his to know.
      expect(customer.organization.memberships.nodes).toEqual([{ level: 'member', user: { name: 'Sam Okafor' } }])
      for (const order of customer.orders.nodes) {
        expect(order.customer.name).toBe(customer.name)
        expect([null, 'Sam Okafor']).toContain(order.placedBy?.name ?? null)
        const products = order.lines.nodes.map(({ product }: { product: { name: string } }) => product.name)
        expect(order.products.nodes.map(({ name }: { name: string }) => name).sort()).toEqual(products.sort())
        for (const line of order.lines.nodes) expect(line.order.customer.name).toBe(customer.name)
      }
    }
  })

  test('aggregates and groups count what the caller sees', async () => {
    const query = `{
      orders { totalCount
        aggregates { distinctCount { id } sum { margin } min { wantedOn } max { wantedOn } }
        groupedAggregates(groupBy: [STATUS]) { keys distinctCount { id } }
      }
      customers(orderBy: NAME_ASC) { nodes { orders { totalCount aggregates { sum { margin } } } } }
    }`
    const [adas, sams] = await Promise.all([ada.data(query), sam.data(query)])
    for (const data of [adas, sams]) {
      const { totalCount, aggregates, groupedAggregates } = data.orders
      expect(Number(aggregates.distinctCount.id)).toBe(totalCount)
      const inGroups = groupedAggregates.map((group: { distinctCount: { id: string } }) =>
        Number(group.distinctCount.id),
      )
      expect(inGroups.reduce((sum: number, n: number) => sum + n, 0)).toBe(totalCount)
      expect(aggregates.min.wantedOn <= aggregates.max.wantedOn).toBe(true)
      const cents = (text: string | null) => Math.round(Number(text ?? 0) * 100)
      const perCustomer = data.customers.nodes.map((one: { orders: { aggregates: { sum: { margin: string } } } }) =>
        cents(one.orders.aggregates.sum.margin),
      )
      expect(perCustomer.reduce((sum: number, n: number) => sum + n, 0)).toBe(cents(aggregates.sum.margin))
    }
    expect(Number(sams.orders.aggregates.sum.margin)).toBeLessThan(Number(adas.orders.aggregates.sum.margin))
  })
})

describe('writing', () => {
  const customerOf = async (who: FrontEnd, organization: string): Promise<string> => {
    const filter = { organization: { name: { equalTo: organization } } }
    const data = await who.data(
      'query ($filter: CustomerFilter) { customers(first: 1, filter: $filter) { nodes { id } } }',
      { filter },
    )
    return data.customers.nodes[0].id
  }
  const create = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id order {
    number status currency notes createdAt updatedAt placedBy { name } customer { id }
  } } }`
  const read = 'query ($id: UUID!) { order(id: $id) { number notes wantedOn status } }'

  test('an order from its first draft to the end', async () => {
    const customerId = await customerOf(sam, 'Acme North')
    const order = { number: 'FE-1', customerId, wantedOn: '2026-12-01', notes: 'first' }
    const { createOrder } = await sam.data(create, { order })
    const { id } = createOrder
    expect(createOrder.order).toMatchObject({
      number: 'FE-1',
      status: 'draft',
      currency: 'EUR',
      notes: 'first',
      customer: { id: customerId },
      placedBy: { name: 'Sam Okafor' },
    })

    const update = `mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch, clientMutationId: "7" }) {
      clientMutationId order { number notes wantedOn createdAt updatedAt } query { orders(filter: { number: { equalTo: "FE-1" } }) { nodes { notes } } }
    } }`
    const { updateOrder } = await sam.data(update, { id, patch: { notes: null, wantedOn: '2026-12-24' } })
    expect(updateOrder).toMatchObject({
      clientMutationId: '7',
      order: { number: 'FE-1', notes: null, wantedOn: '2026-12-24' },
      query: { orders: { nodes: [{ notes: null }] } },
    })
    expect(updateOrder.order.updatedAt > createOrder.order.updatedAt).toBe(true)
    expect(updateOrder.order.createdAt).toBe(createOrder.order.createdAt)

    const productId = (await sam.data('{ products(first: 1) { nodes { id } } }')).products.nodes[0].id
    const line = { orderId: id, productId, quantity: 2, unitPrice: '12.50' }
    const { createOrderLine } = await sam.data(
      'mutation ($line: OrderLineInput!) { createOrderLine(input: { orderLine: $line }) { id orderLine { unitPrice discount product { id } } } }',
      { line },
    )
    expect(createOrderLine.orderLine).toEqual({ unitPrice: '12.50', discount: '0.000', product: { id: productId } })

    await sam.data('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id })
    const lineQuery = 'query ($id: UUID!) { orderLine(id: $id) { quantity } }'
    expect(await sam.data(read, { id })).toEqual({ order: null })
    expect(await sam.data(lineQuery, { id: createOrderLine.id })).toEqual({ orderLine: null })
    const { restoreOrder } = await sam.data(
      'mutation ($id: UUID!) { restoreOrder(input: { id: $id }) { order { number } } }',
      { id },
    )
    expect(restoreOrder.order).toEqual({ number: 'FE-1' })
    expect(await sam.data(lineQuery, { id: createOrderLine.id })).toEqual({ orderLine: { quantity: 2 } })

    await sam.data('mutation ($id: UUID!) { deleteOrderLine(input: { id: $id }) { id } }', { id: createOrderLine.id })
    expect(await sam.codes('mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', { id })).toEqual([
      'FORBIDDEN',
    ])
    await ada.data('mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', { id })
    expect(await ada.data(read, { id })).toEqual({ order: null })
    expect(
      await ada.codes('mutation ($id: UUID!) { restoreOrder(input: { id: $id }) { order { number } } }', { id }),
    ).toEqual(['NOT_FOUND'])
  })

  test('one request is one transaction', async () => {
    const customerId = await customerOf(sam, 'Acme North')
    const both = `mutation ($one: OrderInput!, $two: OrderInput!) {
      one: createOrder(input: { order: $one }) { id } two: createOrder(input: { order: $two }) { id }
    }`
    const { error } = await sam.mutate(both, {
      one: { number: 'FE-2', customerId },
      two: { number: 'SO-00001', customerId },
    })
    expect(error?.graphQLErrors.map(({ extensions }) => extensions.code)).toContain('CONFLICT')
    const found = await sam.data('{ orders(filter: { number: { equalTo: "FE-2" } }) { totalCount } }')
    expect(found.orders.totalCount).toBe(0)
  })

  test('customers are handed over by whoever is in charge, to places that she knows', async () => {
    const customerId = await customerOf(mia, 'Acme South')
    const { organizations } = await ada.data('{ organizations { nodes { name id } } }')
    const place = (name: string): string => organizations.nodes.find((one: { name: string }) => one.name === name).id
    const hand = `mutation ($id: UUID!, $to: UUID!) {
      updateCustomer(input: { id: $id, patch: { organizationId: $to } }) { id customer { name organization { name } } }
    }`
    const to = (name: string) => ({ id: customerId, to: place(name) })
    expect(await sam.codes(hand, to('Acme West'))).toEqual(['NOT_FOUND'])
    expect(await mia.codes(hand, to('Acme Key Accounts'))).toEqual(['NOT_FOUND'])
    expect(await gil.codes(hand, to('Acme West'))).toEqual(['NOT_FOUND'])
    const { updateCustomer } = await mia.data(hand, to('Acme West'))
    expect(updateCustomer.customer.organization).toEqual({ name: 'Acme West' })
    // There she is a member like others: she cannot take it back, and sam sees it now.
    expect(await mia.codes(hand, to('Acme South'))).toEqual(['FORBIDDEN'])
    expect(await sam.codes(hand, to('Acme North'))).toEqual(['FORBIDDEN'])
    await ada.data(hand, to('Acme South'))
    expect(await sam.codes(hand, to('Acme West'))).toEqual(['NOT_FOUND'])
  })
})

describe('what goes wrong', () => {
  const order = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }`
  const absent = '01980000-0000-7000-8000-00000000dead'

  test('comes with a code, the fields, and a place in the answer', async () => {
    const customerId = (await sam.data('{ customers(first: 1) { nodes { id } } }')).customers.nodes[0].id
    const errorOf = async (who: FrontEnd, text: string, variables: AnyVariables) => {
      const { error } = await who.mutate(text, variables)
      return error?.graphQLErrors.map(({ message, path, extensions }) => ({ message, path, ...extensions }))
    }
    expect(await errorOf(sam, order, { order: { number: 'SO-00001', customerId } })).toEqual([
      { code: 'CONFLICT', fields: ['number'], message: 'Another row has the same "number".', path: ['createOrder'] },
    ])
    expect(await errorOf(sam, order, { order: { number: 'x'.repeat(21), customerId } })).toEqual([
      {
        code: 'VALIDATION',
        fields: ['number'],
        message: 'The value of "number" is not allowed.',
        path: ['createOrder'],
      },
    ])
    expect(await errorOf(sam, order, { order: { number: 'FE-3', customerId: absent } })).toEqual([
      {
        code: 'NOT_FOUND',
        fields: ['customerId'],
        message: 'There is no such row for "customerId".',
        path: ['createOrder'],
      },
    ])
    expect(await errorOf(sam, order, { order: { number: 'FE-3', customerId, margin: '1' } })).toEqual([
      {
        code: 'FORBIDDEN',
        fields: ['margin'],
        message: 'No rule allows "margin" here.',
        path: ['createOrder'],
        rule: null,
        rules: ['sales takes orders in its own name'],
      },
    ])
  })

  test('without a token nothing is answered; with a bad one neither, and the status says so', async () => {
    const visitor = new FrontEnd(`${example().server.url}/graphql`, null)
    expect(await visitor.codes('{ customers { totalCount } }')).toEqual(['FORBIDDEN'])
    const forged = new FrontEnd(`${example().server.url}/graphql`, `${example().tokens.ada}x`)
    const { error, data } = await forged.query('{ customers { totalCount } }')
    expect(data).toBeUndefined()
    expect(error?.response.status).toBe(401)
  })

  test('a query that is wrong is refused before anything runs', async () => {
    expect(await sam.codes('{ customers { nodes { tenantId } } }')).toEqual(['VALIDATION'])
    expect(await sam.codes('{ customers(orderBy: TENANT_ID_ASC) { totalCount } }')).toEqual(['VALIDATION'])
    expect(await sam.codes('{ customers(first: "x") { totalCount } }')).toEqual(['VALIDATION'])
  })
})
