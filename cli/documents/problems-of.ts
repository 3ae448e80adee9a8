import { buildSchema, type DocumentNode, type GraphQLSchema, validate } from 'graphql'
import type { Model } from '#schema'
import { type LimitSettings, limitRefusalOf, printModelSdl } from '#server'

/** Says what is wrong with documents, as the server of an app would. */
export type FaultsOf = (document: DocumentNode) => ReturnType<typeof validate>

/** Holds documents against the API of a model, and against the widest limits that any caller has. */
export async function documentChecker(model: Model, limits: LimitSettings): Promise<FaultsOf> {
  const schema: GraphQLSchema = buildSchema(await printModelSdl(model))
  const refusalOf = await limitRefusalOf(limits)
  return (document) => {
    const faults = validate(schema, document)
    const refusal = faults.length > 0 ? null : refusalOf(document)
    return refusal === null ? faults : [refusal]
  }
}
