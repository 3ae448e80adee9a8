import { execute } from 'grafast'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, type SelectionSetNode } from 'graphql'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import { inOneTransaction } from '../postgres/in-one-transaction.ts'
import type { RequestSettings, WithPgClient } from '../postgres/with-pg-client.ts'

/** What the plans of an operation find in their context. */
export interface OperationContext {
  readonly pgSettings: RequestSettings
  readonly withPgClient: WithPgClient
}

/**
 * Executes an operation. Several changes in one request are one transaction: all of them are kept, or none. A single
 * change is one by itself.
 */
export async function executeOperation(api: GraphqlApi, args: ExecutionArgs): Promise<ExecutionResult> {
  const run = (contextValue: object) =>
    execute({ ...args, contextValue, resolvedPreset: api.resolvedPreset } as never) as Promise<ExecutionResult>
  const context = args.contextValue as OperationContext
  if (!hasSeveralChanges(args)) return await run(context)
  const result = await inOneTransaction(context.withPgClient, context.pgSettings, {
    work: (withPgClient) => run({ ...context, withPgClient }),
    isKept: (done) => !hasFailedChange(done),
  })
  return hasFailedChange(result) ? withoutChanges(result) : result
}

function hasSeveralChanges({ document, operationName }: ExecutionArgs): boolean {
  const operation = getOperationAST(document, operationName)
  return operation?.operation === 'mutation' && mayHaveSeveralFields(operation.selectionSet)
}

/** Fragments count as several; who writes them pays one round trip more. */
function mayHaveSeveralFields({ selections }: SelectionSetNode): boolean {
  return selections.length > 1 || selections.some((selection) => selection.kind !== 'Field')
}

/** An error at a change itself; one further down is about the answer, not about the change. */
function hasFailedChange({ data, errors = [] }: ExecutionResult): boolean {
  return data == null || errors.some(({ path }) => path === undefined || path.length === 1)
}

function withoutChanges({ data, errors = [] }: ExecutionResult): ExecutionResult {
  const failed = errors.filter(({ path }) => path === undefined || path.length === 1)
  const names = Object.keys(data ?? {})
  const undone = names.filter((name) => !failed.some(({ path }) => path?.[0] === name)).map(undoneError)
  return {
    data: data == null ? null : Object.fromEntries(names.map((name) => [name, null])),
    errors: [...failed, ...undone],
  }
}

function undoneError(name: string): GraphQLError {
  const message = 'Not kept, because another change of the same request failed.'
  return new GraphQLError(message, { path: [name], extensions: { code: 'CONFLICT' } })
}
