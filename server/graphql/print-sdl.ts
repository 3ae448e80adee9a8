import { lexicographicSortSchema, printSchema } from 'graphql'
import type { Model } from '#schema'
import { createGraphqlSchema } from './create-graphql-schema.ts'

/** The API of a model in GraphQL's own language, sorted by name: the same model gives the same bytes. */
export function printSdl(model: Model): string {
  return `${printSchema(lexicographicSortSchema(createGraphqlSchema(model).schema))}\n`
}
