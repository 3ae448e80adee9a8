import { type GraphQLInputObjectType, isInputObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { entitiesOnly, withApp } from '../../schema/written-app.ts'

test('lists and binary data in a value object are filtered inside of it alone, as its other parts are', async () => {
  const files = entitiesOnly(`
    export const Item = entity('Item', { fields: {
      name: string(), seal: base64({ maxBytes: 4, optional: true }), tags: list(string()),
      inner: embed({ seal: base64({ maxBytes: 4, optional: true }), tags: list(string()), count: int() }),
    } })`)
  const model = await withApp(files, async (app) => (await loadModel(app)).model)
  const { schema } = createGraphqlSchema(model)
  const fieldsOf = (name: string) => {
    const type = schema.getType(name)
    expect(isInputObjectType(type)).toBe(true)
    return Object.keys((type as GraphQLInputObjectType).getFields())
  }
  const ofRow = ['name', 'seal', 'tags', 'id', 'createdAt', 'updatedAt', 'and', 'or', 'not', 'inner']
  expect(fieldsOf('ItemFilter')).toEqual(ofRow)
  expect(fieldsOf('ItemInnerFilter')).toEqual(['isNull', 'seal', 'tags', 'count'])
})
