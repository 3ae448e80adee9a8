/** What the shapes are filled with: rows of the database that the caller sees. */
export interface Subjects {
  readonly tenant: string
  readonly orders: readonly string[]
  readonly customers: readonly string[]
}

/** Each server answers its own dialect with the same data. */
export type Dialect = 'ours' | 'stock' | 'floor'

type Variables = Readonly<Record<string, string>>

/** One kind of request, in all dialects. */
export interface Shape {
  /** Of stock PostGraphile with aliases, so that answers can be held against each other letter by letter. */
  readonly documents: { readonly ours: string; readonly stock: string }
  /** One for each of many requests, taken in turn. */
  readonly variables: (subjects: Subjects) => readonly Variables[]
  readonly isChange?: boolean
}

/** In `variables` of a change: replaced by a text that no other request has. */
export const unique = '%unique%'

const order = 'number status currency wantedOn notes customerId'

/** By name; changes last, because they make more rows. */
export const shapes = {
  'by-id': {
    documents: {
      ours: `query ($id: UUID!) { order(id: $id) { id ${order} customer { name } } }`,
      stock: `query ($tenant: UUID!, $id: UUID!) { order(tenantId: $tenant, rowId: $id) { id: rowId ${order} customer: tenantCustomer { name } } }`,
    },
    variables: ({ tenant, orders }) => orders.map((id) => ({ tenant, id })),
  },
  'list-20': {
    documents: {
      ours: `{ orders(first: 20, orderBy: ID_DESC) { nodes { id ${order} } } }`,
      stock: `{ orders(first: 20, orderBy: ROW_ID_DESC) { nodes { id: rowId ${order} } } }`,
    },
    variables: () => [{}],
  },
  nested: {
    documents: {
      ours: `{ customers(first: 5, orderBy: ID_ASC) { nodes { id name
        orders(first: 4, orderBy: ID_ASC) { nodes { id number
          lines(first: 5, orderBy: ORDER_POSITION_ASC) { nodes { quantity unitPrice product { id name } } } } } } } }`,
      stock: `{ customers(first: 5, orderBy: ROW_ID_ASC) { nodes { id: rowId name
        orders: ordersByTenantIdAndCustomerId(first: 4, orderBy: ROW_ID_ASC) { nodes { id: rowId number
          lines: orderLinesByTenantIdAndOrderId(first: 5, orderBy: ORDER_POSITION_ASC) { nodes { quantity unitPrice product: tenantProduct { id: rowId name } } } } } } } }`,
    },
    variables: () => [{}],
  },
  aggregate: {
    documents: {
      ours: `query ($customer: UUID!) { orders(filter: { customerId: { equalTo: $customer } }) { totalCount aggregates { sum { margin } max { margin } } } }`,
      stock: `query ($customer: UUID!) { orders(condition: { customerId: $customer }) { totalCount aggregates { sum { margin } max { margin } } } }`,
    },
    variables: ({ customers }) => customers.map((customer) => ({ customer })),
  },
  create: {
    documents: {
      ours: `mutation ($number: String!, $customer: UUID!) { createOrder(input: { order: { number: $number, customerId: $customer, currency: USD } }) { order { id ${order} } } }`,
      stock: `mutation ($number: String!, $customer: UUID!) { createOrder(input: { order: { number: $number, customerId: $customer, currency: "USD" } }) { order { id: rowId ${order} } } }`,
    },
    variables: ({ customers }) => customers.map((customer) => ({ number: unique, customer })),
    isChange: true,
  },
} satisfies Readonly<Record<string, Shape>>

/** Name of a shape. */
export type ShapeName = keyof typeof shapes

/** Bodies of requests of a shape in a dialect, to be sent in turn. */
export function bodiesOf(name: ShapeName, dialect: Dialect, subjects: Subjects): readonly string[] {
  const { documents, variables }: Shape = shapes[name]
  const given = variables(subjects)
  if (dialect === 'floor') return given.map((values) => JSON.stringify({ shape: name, variables: values }))
  const query = documents[dialect].replaceAll(/\s+/g, ' ')
  return given.map(({ tenant, ...values }) => {
    const all = dialect === 'stock' && tenant !== undefined ? { tenant, ...values } : values
    return JSON.stringify({ query, variables: all })
  })
}
