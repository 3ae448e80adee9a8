import type { IncomingMessage, ServerResponse } from 'node:http'
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga'
import { requestErrors } from '#base'
import type { Model } from '#schema'
import type { ScriptPool } from '#scripts'
import type { Bodies } from '../bodies/load-bodies.ts'
import type { LimitSettings, OperationLimits } from '../config/limits.ts'
import type { Messages } from '../config/messages.ts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { HiddenEntities } from '../graphql/hidden-entities.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { RequestSettings } from '../postgres/with-pg-client.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { PublishableScripts } from '../tenant-scripts/publishing.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import { callerContext } from './caller-context.ts'
import type { TrustedDocuments } from './documents/trusted-documents.ts'
import { documentIdParameter, useDocumentIds } from './documents/use-document-ids.ts'
import { type Localise, localiser } from './error-texts.ts'
import { answerFast, type Left } from './fast-path.ts'
import { useGrafastHooks } from './grafast-hooks.ts'
import { KnownDocuments } from './known-documents.ts'
import { useBatchLimit } from './limits/batch-limit.ts'
import { preflightedHeaders } from './limits/request-refusal.ts'
import type { MaskError } from './mask-error.ts'
import { useOperationLimits } from './operation-limits.ts'
import { useHashRefusal } from './refuse-hashes.ts'
import { useRefusedLists } from './refused-lists.ts'

/** What the GraphQL endpoint works with. */
export interface GraphqlHandlerOptions {
  readonly api: GraphqlApi
  /** With all that rules say: the API itself is built without when and why they hold. */
  readonly model: Model
  readonly maskError: MaskError
  readonly pool: RequestPool
  /** That requests run. */
  readonly bodies: Bodies
  /** How long the code of one request may take in all. */
  readonly codeTimeoutMs: number
  /** Threads for scripts; none when left out. */
  readonly scriptPool?: ScriptPool | null
  /** What scripts may reach beside rows; nothing when left out. */
  readonly scriptSettings?: ScriptSettings
  /** What tenants published; none when left out. */
  readonly tenantScripts?: TenantScripts | null
  /** By which secrets are encrypted. */
  readonly secretKeys: SecretKeys | null
  /** Of errors, for callers of other languages; none when left out. */
  readonly messages?: Messages
  readonly limits: LimitSettings
  /** Those that callers may name instead of sending them; null: there are none. */
  readonly trustedDocuments: TrustedDocuments | null
  /** Whether the schema is told, and names are suggested. */
  readonly introspection: boolean
  /** Scripts that tenants publish others for. */
  readonly scripts?: PublishableScripts | null
}

/** Who is asking, as plans and Postgres need to know it. */
export interface Caller {
  readonly pgSettings: RequestSettings
  readonly hidden: HiddenEntities
  /** Known to the model; null: a visitor. */
  readonly roles: readonly string[] | null
  /** What it may ask for at once. */
  readonly limits: OperationLimits
  /** The only documents that it may send; null: any. */
  readonly trusted: TrustedDocuments | null
}

/** Serves the operations of known callers. */
export interface GraphqlHandler {
  /** Answers one request over HTTP. */
  answer(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
  /** Runs one operation that came some other way, as if it had come over HTTP; what goes wrong is told in the result. */
  run(operation: GivenOperation, caller: Caller): Promise<ExecutionResult>
  /** Words what went wrong before an operation was run. */
  tell(error: unknown, language: string | undefined): GraphQLError
}

/** An operation, however it came. */
export interface GivenOperation {
  /** `query`, `variables`, `operationName` and `extensions`, of whatever form: it is looked at. */
  readonly params: object
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** As the header `accept-language`. */
  readonly language: string | undefined
}

/** Path of the GraphQL endpoint. */
export const graphqlPath = '/graphql'

/** The GraphQL endpoint: JSON over HTTP, no uploads. What headers say was looked at before. */
export function createGraphqlHandler(options: GraphqlHandlerOptions): GraphqlHandler {
  const documents = new KnownDocuments()
  const yoga = createYoga<Caller & { readonly executed: Executed }>({
    graphqlEndpoint: graphqlPath,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    extraParamNames: [documentIdParameter],
    maxRequestBodySize: options.limits.maxBodyBytes,
    batching: options.limits.maxBatch > 0 && { limit: options.limits.maxBatch },
    // Its own caches have room for a thousand texts of any length, and would answer one caller with what the limits of another decided. What cannot be parsed is
    // soon found out.
    parserAndValidationCache: {
      documentCache: documents,
      errorCache: { get: () => undefined, set: () => undefined },
      validationCache: false,
    },
    maskedErrors: { maskError: options.maskError },
    // Of operations in a list it inherits from what they have in common.
    context: (caller) => ({ ...callerContext(caller, options), executed: caller.executed }),
    plugins: [
      useGrafastHooks(options.api) as never,
      useRefusedLists(),
      useDocumentIds(options.trustedDocuments),
      useBatchLimit(options.limits.maxBatch),
      useOperationLimits({ introspection: options.introspection, documents }),
      documents.plugin(),
      useCSRFPrevention({ requestHeaders: [...preflightedHeaders] }),
      useHashRefusal(),
      maskRequestFaults(options.maskError),
      localiseErrors(options.messages ?? {}),
    ],
  })
  const answer: GraphqlHandler['answer'] = async (request, response, caller) => {
    // Yoga makes a URL of it, for nothing that we use, and answers with a stack when it cannot.
    request.headers.host = 'localhost'
    const { api, introspection, limits } = options
    const left = await answerFast(request, response, {
      api,
      maxBodyBytes: limits.maxBodyBytes,
      bounds: { limits: caller.limits, introspection, trusted: caller.trusted },
      documents,
      trustedDocuments: options.trustedDocuments,
      context: callerContext(caller, options),
    })
    if (left !== 'nothing') await yoga(request, response, { ...caller, executed: left.executed } as never)
  }
  const run: GraphqlHandler['run'] = async ({ params, signal, language }, caller) => {
    const request = new Request(`http://localhost${graphqlPath}`, { method: 'POST', signal })
    const result = await yoga.getResultForParams(
      { params: params as GraphQLParams, request },
      { ...caller, executed: null },
    )
    return plain(result as ExecutionResult, language)
  }
  const plain = (result: ExecutionResult, language: string | undefined): ExecutionResult => {
    const localise = localiser(options.messages ?? {}, language)
    return toldPlainly(localise === null ? result : localised(result, localise))
  }
  const tell: GraphqlHandler['tell'] = (error, language) =>
    plain({ errors: [options.maskError(error)] }, language).errors![0]!
  return { answer, run, tell }
}

type Executed = Exclude<Left, 'nothing'>['executed']

/** Errors of parsing and validation do not pass yoga's mask; they pass ours here, and get a code of the catalogue. */
function maskRequestFaults(maskError: MaskError): Plugin {
  return {
    onExecutionResult({ result, setResult }) {
      if (result === undefined || Array.isArray(result) || !('errors' in result)) return
      const { errors } = result
      if (errors === undefined || errors.length === 0) return
      setResult({ ...result, errors: errors.map((error) => (isMasked(error) ? error : maskError(error))) })
    },
  }
}

/** Behind every mask: whatever is told, is told in the caller's language. */
function localiseErrors(messages: Messages): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const localise = localiser(messages, request.headers.get('accept-language'))
      if (localise === null) return
      const told = [result]
        .flat()
        .map((each) => ('errors' in each ? localised(each as ExecutionResult, localise) : each))
      setResult((Array.isArray(result) ? told : told[0]) as never)
    },
  }
}

function localised(result: ExecutionResult, localise: Localise): ExecutionResult {
  const errors = result.errors?.map((error) => {
    const { code = '' } = error.extensions as { readonly code?: string }
    const { message, extensions } = localise({ code, message: error.message, extensions: error.extensions })
    const { nodes = null, source = null, positions = null, path = null } = error
    return new GraphQLError(message, { nodes, source, positions, path, extensions })
  })
  return errors === undefined ? result : { ...result, errors }
}

/** Without what is said of HTTP alone. */
function toldPlainly(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map((error) => {
    const { http, ...extensions } = error.extensions
    if (http === undefined) return error
    const { message, nodes = null, source = null, positions = null, path = null } = error
    return new GraphQLError(message, { nodes, source, positions, path, extensions })
  })
  return errors === undefined ? result : { ...result, errors }
}

function isMasked(error: GraphQLError): boolean {
  const { code } = error.extensions
  return error.originalError === undefined && typeof code === 'string' && code in requestErrors
}
