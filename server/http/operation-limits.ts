import { type DocumentNode, GraphQLError, type ParseOptions, parse, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { OperationLimits } from '../config/limits.ts'
import type { TrustedDocuments } from './documents/trusted-documents.ts'
import type { KnownDocuments } from './known-documents.ts'
import { countRows, type Operation } from './limits/count-rows.ts'
import { limitError } from './limits/limit-error.ts'
import { documentRefusal, inputRefusal, rowsRefusal, tooManyTokens } from './limits/operation-refusal.ts'
import { isTooNested, tooNested } from './limits/text-nesting.ts'

/** Faults of a document that are told; each takes time to word. */
const maxFaults = 10

/** What bounds the general path. */
export interface OperationLimitsOptions {
  /** Whether the schema is told, and names are suggested. */
  readonly introspection: boolean
  /** Those that need no validation. */
  readonly documents: KnownDocuments
}

interface LimitedContext {
  readonly limits: OperationLimits
  readonly trusted: TrustedDocuments | null
  readonly request?: object
}

/**
 * Refuses with LIMIT what would keep the server or the database busy for long: documents that are too large, before they are validated or planned, because each
 * level of fragments can double them; and too many rows, before any is read.
 */
export function useOperationLimits({ introspection, documents }: OperationLimitsOptions): Plugin {
  const rows = new WeakMap<object, number>()
  return {
    onParse({ context, setParseFn }) {
      const { limits } = context as unknown as LimitedContext
      setParseFn((source, options) => parseBounded(source as string, options, limits))
    },
    onValidate({ context, params, setResult, setValidationFn }) {
      const { limits, trusted } = context as unknown as LimitedContext
      const bounds = { limits, introspection, trusted }
      const document = params.documentAST as DocumentNode
      const refusal = documentRefusal(document, bounds) ?? inputRefusal({ document }, limits)
      if (refusal !== null) return setResult([refusal])
      if (documents.hasPassed(document)) return setResult([])
      setValidationFn((schema, document, rules) =>
        validate(schema, document, rules, { maxErrors: maxFaults, hideSuggestions: !introspection }),
      )
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { limits, request } = args.contextValue as unknown as LimitedContext
      const operation = args as Operation
      const key = request ?? args
      // Operations of one batch ask for no more than one operation may.
      const all = (rows.get(key) ?? 0) + countRows(operation, limits)
      rows.set(key, all)
      const refusal = inputRefusal(operation, limits) ?? rowsRefusal(all, limits)
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] })
    },
  }
}

function parseBounded(source: string, options: ParseOptions | undefined, limits: OperationLimits): DocumentNode {
  const most = Math.max(leastLines, limits.maxTokens / tokensOfLine)
  if (hasMoreLines(source, most)) throw limitError({ limit: 'lines', most, message: tooManyLines(most) })
  if (isTooNested(source)) throw tooNested()
  try {
    return parse(source, { ...options, maxTokens: limits.maxTokens })
  } catch (error) {
    if (error instanceof GraphQLError && saysTooManyTokens.test(error.message)) throw tooManyTokens(limits)
    throw error
  }
}

/** The parser counts neither comments nor lines; it keeps all of the former, and goes over the latter for each place that it tells. */
function hasMoreLines(source: string, most: number): boolean {
  if (source.length <= most) return false
  let count = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if ((code === hash || code === lineFeed || code === carriageReturn) && ++count > most) return true
  }
  return false
}

/** Whoever may send more words may send more lines. */
const tokensOfLine = 5

const leastLines = 2_000

const tooManyLines = (most: number) =>
  `The document has more than ${most} lines, or comments. Move texts into variables, and leave comments out.`

const [hash, lineFeed, carriageReturn] = [0x23, 0x0a, 0x0d] as const

const saysTooManyTokens = /^Syntax Error: Document contains more that \d+ tokens\. Parsing aborted\.$/
