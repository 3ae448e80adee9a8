import { GraphQLInputObjectType, GraphQLObjectType } from 'graphql'
import { expect, test, vi } from 'vitest'
import type { Model } from '#schema'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { allow, makeModel, one, text } from '../../support/model.ts'

/** Each entity belongs to the next one. */
function chain(length: number): Model {
  const entities = Object.fromEntries(
    Array.from({ length }, (_, at) => [
      `Link${at}`,
      { fields: { name: text() }, ...(at + 1 < length ? { relations: { next: one(`Link${at + 1}`) } } : {}) },
    ]),
  )
  const all = [allow('all', 'signedIn', ['read', 'create', 'update'])]
  return makeModel({ entities, policies: Object.fromEntries(Object.keys(entities).map((name) => [name, all])) })
}

/** How many types ask another for its fields while they say their own, at most. */
function deepest(length: number): number {
  let depth = 0
  let most = 0
  const spies = [GraphQLObjectType, GraphQLInputObjectType].map(({ prototype }) => {
    const getFields = prototype.getFields as (this: unknown) => never
    return vi.spyOn(prototype, 'getFields').mockImplementation(function (this: unknown) {
      most = Math.max(most, ++depth)
      try {
        return getFields.call(this)
      } finally {
        depth--
      }
    })
  })
  try {
    createGraphqlSchema(chain(length))
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return most
}

test('types do not wait for one another along chains of relations, or the stack would end before the model does', () => {
  const short = deepest(4)
  expect([short > 1, deepest(24)]).toEqual([true, short])
})
