import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { GivenUp } from '../postgres/request-transaction.ts'
import { answerType } from './answer-type.ts'
import type { TrustedDocuments } from './documents/trusted-documents.ts'
import { executeOperation, type OperationContext } from './execute-operation.ts'
import type { KnownDocuments } from './known-documents.ts'
import { type OperationBounds, operationRefusal } from './limits/operation-refusal.ts'
import { readPlainBody } from './plain-body.ts'

/** What the fast path works with. */
export interface FastPathOptions {
  readonly api: GraphqlApi
  readonly documents: KnownDocuments
  readonly maxBodyBytes: number
  /** Those that requests may name; null: none. */
  readonly trustedDocuments: TrustedDocuments | null
  /** Of who asks. */
  readonly bounds: OperationBounds
}

/** What the general path is left to do: nothing, or all of it but what was executed already. */
export type Left = 'nothing' | { readonly executed: Promise<ExecutionResult> | null }

/**
 * Answers a plain JSON POST of a document that is known, when nothing fails. All else is left to the general path, which gets the body once more
 * and, where the operation ran already, what came of it: so there is one place that refuses, and one that says what went wrong.
 */
export async function answerFast(
  request: IncomingMessage,
  response: ServerResponse,
  { context, ...options }: FastPathOptions & { readonly context: Omit<OperationContext, 'request'> },
): Promise<Left> {
  const type = isPlain(request, options.maxBodyBytes) ? answerType(request.headers.accept) : null
  if (type === null) return { executed: null }
  const text = await readAll(request)
  if (text === null) return 'nothing'
  const args = argsOf(text, options)
  if (args === null) return again(request, text, null)
  const signal = new HangUp(response)
  const executed = executeOperation(options.api, {
    ...args,
    contextValue: { ...context, request: { signal } },
    outputDataAsString: true,
  })
  const result = await executed.catch(() => null)
  // What failed because nobody waits is no fault to be told of.
  if (signal.aborted) return 'nothing'
  const data = result === null ? null : cleanData(result)
  if (data === null) return again(request, text, executed)
  send(response, type, `{"data":${data}}`)
  return 'nothing'
}

function isPlain({ method, url, headers }: IncomingMessage, maxBodyBytes: number): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    (headers['content-type'] === 'application/json' || headers['content-type'] === 'application/json; charset=utf-8') &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length']) <= maxBodyBytes
  )
}

/** Null: the client hung up before it was done. */
function readAll(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => resolve(null))
    request.on('close', () => resolve(null))
  })
}

/** The general path reads the body as if nobody had. */
function again(request: IncomingMessage, body: Buffer, executed: Promise<ExecutionResult> | null): Left {
  Object.assign(request, { body: Readable.from(body.length === 0 ? [] : [body]) })
  return { executed }
}

function argsOf(body: Buffer, options: FastPathOptions): ExecutionArgs | null {
  const { api, documents, trustedDocuments, bounds } = options
  const { schema } = api
  const plain = readPlainBody(body)
  const text = plain?.documentId == null ? plain?.query : trustedDocuments?.textOf(plain.documentId)
  const document = text == null ? undefined : documents.passed(text)
  if (plain === null || document === undefined) return null
  const { operationName, variables: variableValues } = plain
  const operation = getOperationAST(document, operationName)
  if (operation == null || operation.operation === 'subscription') return null
  const args = { schema, document, operationName, variableValues }
  return operationRefusal(args, bounds) === null ? args : null
}

/** Aborted when nobody waits for the answer any more. */
class HangUp implements GivenUp {
  readonly #listeners: (() => void)[] = []
  aborted = false

  constructor(response: ServerResponse) {
    response.on('close', () => response.writableFinished || this.#abort())
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  #abort(): void {
    this.aborted = true
    for (const listener of this.#listeners.splice(0)) listener()
  }
}

/** Data that was written as it has to be sent; null where there is anything else. */
function cleanData(result: ExecutionResult): string | null {
  const data: unknown = result.data
  return typeof data === 'string' && result.errors === undefined && result.extensions === undefined ? data : null
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
