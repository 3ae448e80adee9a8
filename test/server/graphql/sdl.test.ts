import { buildSchema, type GraphQLEnumType, type GraphQLInputObjectType, type GraphQLSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import type { Model } from '#schema'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { printSdl } from '../../../server/graphql/print-sdl.ts'
import { fixtureModel } from '../fixture-model.ts'

const model = fixtureModel()
const { schema } = createGraphqlSchema(model)

describe('the API of a model', () => {
  test('is the golden one, byte for byte, each time', async () => {
    const sdl = printSdl(model)
    expect(printSdl(fixtureModel())).toBe(sdl)
    await expect(sdl).toMatchFileSnapshot('../../golden/graphql/fixture.graphql')
  })

  test('is valid GraphQL', () => {
    expect(() => buildSchema(printSdl(model))).not.toThrow()
  })

  test('has a list and a row for each entity, and nothing by global id but node', () => {
    const fields = Object.keys(schema.getQueryType()?.getFields() ?? {})
    expect(fields.sort()).toEqual(
      [
        ...[
          'customer',
          'customers',
          'invoice',
          'invoices',
          'node',
          'nodeId',
          'order',
          'orderLine',
          'orderLines',
          'orders',
        ],
        ...['product', 'products', 'query', 'remark', 'remarks', 'user', 'users'],
        // About whoever asks.
        ...['viewer', 'can'],
      ].sort(),
    )
  })

  test('never shows tenant columns, deletedAt or names of tables', () => {
    const sdl = printSdl(model)
    for (const hidden of [
      'tenantId',
      'tenant_id',
      'TENANT_ID',
      'deletedAt',
      'DELETED_AT',
      'order_line',
      'condition:',
    ]) {
      expect(sdl).not.toContain(hidden)
    }
  })

  test('every to-one is nullable, its id is as the model says', () => {
    expect(typesOf(schema, 'Order')).toMatchObject({
      customer: 'Customer',
      customerId: 'UUID!',
      placedBy: 'User',
      placedById: 'UUID',
      invoice: 'Invoice',
      lines: 'OrderLineConnection!',
      products: 'OrderProductsManyToManyConnection!',
    })
  })

  test('fields have the scalars of their kinds', () => {
    expect(typesOf(schema, 'Order')).toMatchObject({
      ...{ id: 'UUID!', number: 'String!', wantedOn: 'Date', total: 'BigFloat!', fee: 'BigFloat', weight: 'Float' },
      ...{
        serial: 'BigInt',
        urgent: 'Boolean!',
        deliverAt: 'Time',
        lead: 'Int',
        status: 'OrderStatus!',
        createdAt: 'Datetime!',
      },
    })
    expect(typesOf(schema, 'OrderLine')).toMatchObject({ quantity: 'Int!', unitPrice: 'BigFloat!' })
  })

  test('enums keep their case, send what is stored and say their notes', () => {
    const region = schema.getType('CustomerRegion') as GraphQLEnumType
    expect(region.getValues().map(({ name, value }) => [name, value])).toEqual([
      ['eu', 'eu'],
      ['us_east', 'us-east'],
    ])
    expect(region.getValue('us_east')?.description).toBe('United States (East)\n\nNew York and around.')
    expect(schema.getType('Customer')?.description).toBe('Who buys.')
  })

  test('every shown field can be filtered and ordered by', () => {
    const filters = Object.keys((schema.getType('OrderFilter') as GraphQLInputObjectType).getFields())
    const orders = (schema.getType('OrderOrderBy') as GraphQLEnumType).getValues().map(({ name }) => name)
    const order = model.entities.find(({ name }) => name === 'Order')
    for (const { name } of order?.fields.filter((field) => field.name !== 'deletedAt') ?? []) {
      expect(filters).toContain(name)
      expect(orders).toContain(`${name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}_ASC`)
    }
    expect(filters).toEqual(expect.arrayContaining(['customer', 'customerId', 'lines', 'invoice', 'and', 'or', 'not']))
    expect(orders).toContain('CUSTOMER__REGION_DESC')
  })

  test('a mutation is there when some allow rule grants its verb', () => {
    const mutations = (of: Model) =>
      Object.keys(createGraphqlSchema(of).schema.getMutationType()?.getFields() ?? {}).sort()
    expect(mutations(model)).toEqual(
      [
        ...['createCustomer', 'updateCustomer', 'deleteCustomer', 'removeCustomer', 'restoreCustomer'],
        ...['createOrder', 'updateOrder', 'deleteOrder', 'removeOrder', 'restoreOrder'],
        ...['createOrderLine', 'updateOrderLine', 'deleteOrderLine'],
        ...['createProduct', 'updateProduct', 'deleteProduct', 'removeProduct', 'restoreProduct'],
        ...['createRemark', 'createRemarks', 'createOrderLines', 'updateOrderLines', 'deleteOrderLines'],
        ...['Customers', 'Orders', 'Products'].flatMap((rows) =>
          ['create', 'update', 'upsert', 'delete', 'remove', 'restore'].map((verb) => verb + rows),
        ),
        ...['upsertCustomer', 'upsertOrder', 'upsertProduct'],
      ].sort(),
    )
    const readOnly = {
      ...model,
      policies: model.policies.map(({ entity }) => ({ entity, rules: [], onHidden: 'null' as const })),
    }
    expect(mutations(readOnly)).toEqual([])
  })

  test('inputs leave out what nobody writes, and require what a row needs', () => {
    expect(typesOf(schema, 'OrderInput')).toEqual({
      ...{
        number: 'String!',
        wantedOn: 'Date',
        total: 'BigFloat',
        weight: 'Float',
        serial: 'BigInt',
        urgent: 'Boolean',
      },
      ...{ deliverAt: 'Time', fee: 'BigFloat', lead: 'Int', customerId: 'UUID', placedById: 'UUID' },
      ...{ customer: 'CustomerToOneInput', lines: 'OrderLineToManyInput' },
    })
    const patch = typesOf(schema, 'OrderPatch')
    expect(Object.keys(patch)).not.toContain('number')
    expect(patch.customerId).toBe('UUID')
    expect(typesOf(schema, 'CustomerInput').region).toBe('CustomerRegion')
  })
})

function typesOf(of: GraphQLSchema, name: string): Record<string, string> {
  const type = of.getType(name)
  if (type === undefined || !('getFields' in type)) throw new Error(`There is no type "${name}" with fields.`)
  return Object.fromEntries(Object.entries(type.getFields()).map(([field, { type: of }]) => [field, String(of)]))
}
