import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import { executeOperation } from './execute-operation.ts'

/**
 * Runs operations with Grafast under our settings. Not `useGrafast`: it forgets the settings of every request, time
 * limits included, and lets any client read plans and SQL by a header.
 */
export function useGrafastHooks(api: GraphqlApi): Plugin {
  return {
    onEnveloped: ({ setSchema }) => setSchema(api.schema),
    onExecute: ({ setExecuteFn }) => setExecuteFn((args) => executedOf(args) ?? executeOperation(api, args as never)),
    // Validation passes over them where the schema has none.
    onSubscribe: ({ setResultAndStopExecution }) => setResultAndStopExecution({ errors: [noSubscriptions()] }),
  }
}

/** What came of it already, on the fast path. */
function executedOf({ contextValue }: { readonly contextValue?: unknown }): Promise<ExecutionResult> | null {
  return (contextValue as { readonly executed: Promise<ExecutionResult> | null }).executed
}

function noSubscriptions(): GraphQLError {
  return new GraphQLError('This API has no subscriptions.', { extensions: { code: 'VALIDATION' } })
}
