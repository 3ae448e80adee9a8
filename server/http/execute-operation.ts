import { execute } from 'grafast'
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import { Bug, RequestError } from '#base'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { DirectContext, DirectCreate } from '../graphql/direct/direct-create.ts'
import { DirectRead } from '../graphql/direct/direct-read.ts'
import { directCreateOf } from '../graphql/direct/find-direct-create.ts'
import { directReadOf } from '../graphql/direct/find-direct-read.ts'
import { ReplayedAnswers } from '../graphql/direct/replayed-answers.ts'
import { isCollision, isLost, isStalePlan, maxConnections } from '../postgres/connection-errors.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { GivenUp, RequestTransaction } from '../postgres/request-transaction.ts'
import type { RequestSettings } from '../postgres/with-pg-client.ts'
import { withLightAbort } from './light-abort.ts'

/** What an operation is executed with. */
export interface OperationContext {
  readonly pgSettings: RequestSettings
  readonly pool: RequestPool
  /** Whose signal says when nobody waits for the answer any more. */
  readonly request?: { readonly signal?: GivenUp | null }
}

/** An operation; `outputDataAsString`: its data, where nothing fails, is written as JSON while it is gathered. */
export interface OperationArgs extends ExecutionArgs {
  readonly outputDataAsString?: boolean
}

/** How often a change that collided with others is tried in all. */
const maxTries = 5

/**
 * Executes an operation in one transaction. A query sees one moment of the database. All changes of a mutation are kept, or
 * none: none, where anything of its answer failed. What a broken connection, a changed database or a deadlock undid is done again.
 */
export async function executeOperation(api: GraphqlApi, args: OperationArgs): Promise<ExecutionResult> {
  const { pool, pgSettings, request } = args.contextValue as OperationContext
  const operation = getOperationAST(args.document, args.operationName)
  const isMutation = operation?.operation === 'mutation'
  const direct = operation != null && args.outputDataAsString === true ? directOf(operation, api) : null
  let isWaiting = false
  for (let tries = 1; ; tries++) {
    const access = isMutation ? 'write' : 'read'
    const { generation } = pool
    const transaction = pool.begin(pgSettings, { access, isWaiting, signal: request?.signal ?? null })
    const result = await run(api, args, { transaction, direct: isWaiting ? null : direct }).catch(
      async (error: unknown) => {
        // Whatever went wrong: a connection that is not given back is lost to all.
        await transaction.end({ isKept: false })
        throw error
      },
    )
    const hasFailedAhead = isMutation && (await transaction.hasFailedAhead())
    const kept = await (isMutation ? keepAll(result, transaction, hasFailedAhead) : told(result, transaction))
    // What one connection has planned, others have too.
    if (isStalePlan(transaction.failure) && pool.generation === generation) pool.recycle()
    if (isUnknown(kept) || isDone(transaction, hasFailedAhead)) return kept
    if (kept.errors !== undefined && isWorthAnother(transaction.failure, tries)) continue
    if (!hasFailedAhead || isWaiting) return kept
    if (request?.signal?.aborted === true || isTimeout(transaction.failure)) return kept
    // Once more, to see what is wrong and where.
    isWaiting = true
  }
}

/** What does an operation without Grafast; null: Grafast does it. */
type Direct = DirectCreate | DirectRead | null

function directOf(operation: OperationDefinitionNode, { schema }: GraphqlApi): Direct {
  if (operation.operation === 'mutation') return directCreateOf(operation, schema)
  return operation.operation === 'query' ? directReadOf(operation, schema) : null
}

interface Run {
  readonly transaction: RequestTransaction
  readonly direct: Direct
}

async function run(api: GraphqlApi, args: OperationArgs, { transaction, direct }: Run): Promise<ExecutionResult> {
  const contextValue = { ...(args.contextValue as object), transaction, withPgClient: transaction.withPgClient }
  if (direct instanceof DirectRead) return await readDirectly(api, { ...args, contextValue }, direct)
  const done = await direct?.run(args.variableValues ?? {}, contextValue as DirectContext & typeof contextValue)
  return done ?? (await runGrafast(api, { ...args, contextValue }))
}

/** What cannot be answered so is answered by Grafast, of the same rows. */
async function readDirectly(api: GraphqlApi, args: OperationArgs, direct: DirectRead): Promise<ExecutionResult> {
  const context = args.contextValue as RunContext
  const answers = new ReplayedAnswers()
  const keeping = { ...context, withPgClient: answers.keeping(context.withPgClient) }
  const data = await direct.run(args.variableValues ?? {}, keeping)
  if (data !== null) return { data: data as never }
  if (answers.isEmpty) return await runGrafast(api, args)
  const transaction = { expect: () => undefined, expectChange: () => undefined }
  const replaying = { ...context, transaction, withPgClient: answers.replaying(context.withPgClient) }
  return await runGrafast(api, { ...args, contextValue: replaying })
}

interface RunContext {
  readonly transaction: RequestTransaction
  readonly withPgClient: RequestTransaction['withPgClient']
}

async function runGrafast({ resolvedPreset }: GraphqlApi, args: OperationArgs): Promise<ExecutionResult> {
  const result = await withLightAbort(() => execute({ ...args, resolvedPreset } as never))
  return read(result as ExecutionResult)
}

/** Whoever tells of errors, or more, looks at the data beside it. */
function read(result: ExecutionResult): ExecutionResult {
  const data: unknown = result.data
  const isAlone = result.errors === undefined && result.extensions === undefined
  return isAlone || typeof data !== 'string' ? result : { ...result, data: JSON.parse(data) }
}

async function told(result: ExecutionResult, transaction: RequestTransaction): Promise<ExecutionResult> {
  await transaction.end({ isKept: true })
  return result
}

async function keepAll(
  result: ExecutionResult,
  transaction: RequestTransaction,
  hasFailedAhead: boolean,
): Promise<ExecutionResult> {
  const isWhole = result.errors === undefined && !hasFailedAhead
  try {
    await transaction.end({ isKept: isWhole })
  } catch (error) {
    return { data: null, errors: [new GraphQLError('The change is not kept.', { originalError: error as Error })] }
  }
  if (isWhole) return result
  if (isDone(transaction, hasFailedAhead)) return unread(result, transaction.failure)
  if (!hasFailedAhead) return withoutChanges(result)
  return withoutChanges({ ...result, errors: [failureAhead(result, transaction.failure)] })
}

/** A change that Postgres refused has changed nothing, and its end may have been sent along all the same. */
function isDone({ isKept, failure }: RequestTransaction, hasFailedAhead: boolean): boolean {
  return isKept && (!hasFailedAhead || isLost(failure))
}

/** Of the one change of the request, which nobody waited for. */
function failureAhead({ data }: ExecutionResult, failure: unknown): GraphQLError {
  const originalError =
    failure instanceof Error ? failure : new Bug('A change did not come to pass, and nothing said why.')
  return new GraphQLError(originalError.message, { path: Object.keys(data ?? {}).slice(0, 1), originalError })
}

/** Its end was sent along because nothing of the answer could fail, as far as anybody knew. */
function unread({ errors = [] }: ExecutionResult, failure: unknown): ExecutionResult {
  const message = 'The change is kept, but it could not be answered. Read it again.'
  const originalError = new RequestError(isLost(failure) ? 'UNAVAILABLE' : 'INTERNAL', message, { outcome: 'kept' })
  return { data: null, errors: [new GraphQLError(message, { originalError }), ...errors] }
}

function isTimeout(failure: unknown): boolean {
  return (failure as { readonly code?: unknown } | undefined)?.code === '57014'
}

/** True where nobody could say what became of the order to keep the change, although a statement before it failed with the connection. */
function isUnknown({ errors = [] }: ExecutionResult): boolean {
  return errors.some(
    ({ originalError }) => originalError instanceof RequestError && originalError.extensions.outcome === 'unknown',
  )
}

/** Nothing was kept, so that doing it again does it once. */
function isWorthAnother(failure: unknown, tries: number): boolean {
  if (isCollision(failure)) return tries < maxTries
  return tries < maxConnections && (isLost(failure) || isStalePlan(failure))
}

/** A single change is null, as a field that fails is; of several there is no data at all. */
function withoutChanges({ data, errors = [] }: ExecutionResult): ExecutionResult {
  const names = Object.keys(data ?? {})
  const undone = names.filter((name) => !errors.some(({ path }) => path?.[0] === name)).map(undoneError)
  const nothing = names.length === 1 ? { [names[0]!]: null } : null
  return { data: nothing, errors: [...errors, ...undone] }
}

function undoneError(name: string): GraphQLError {
  const message = 'Not kept, because another part of the same request failed.'
  return new GraphQLError(message, { path: [name], extensions: { code: 'ROLLED_BACK' } })
}
