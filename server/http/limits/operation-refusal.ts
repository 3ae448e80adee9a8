import { type DocumentNode, GraphQLError } from 'graphql'
import type { OperationLimits } from '../../config/limits.ts'
import { type TrustedDocuments, untrusted } from '../documents/trusted-documents.ts'
import { countRows, type Operation } from './count-rows.ts'
import { limitError } from './limit-error.ts'
import { type DocumentMeasures, measureDocument } from './measure-document.ts'
import { type InputMeasures, measureInputs } from './measure-inputs.ts'
import { mostNesting, tooNested } from './text-nesting.ts'

/** What a caller may ask for. */
export interface OperationBounds {
  readonly limits: OperationLimits
  /** Whether the caller may ask for the schema. */
  readonly introspection: boolean
  /** Null: the caller may send any document. */
  readonly trusted: TrustedDocuments | null
}

/**
 * Why an operation is not executed, or null: what every path to execution asks, each time. The document may have passed for somebody else.
 */
export function operationRefusal(operation: Operation, bounds: OperationBounds): GraphQLError | null {
  return (
    documentRefusal(operation.document, bounds) ??
    inputRefusal(operation, bounds.limits) ??
    rowsRefusal(countRows(operation, bounds.limits), bounds.limits)
  )
}

/** Why a document is not even validated: that, and planning, takes longer the larger it is. */
export function documentRefusal(
  document: DocumentNode,
  { limits, introspection, trusted }: OperationBounds,
): GraphQLError | null {
  const measures = measureDocument(document)
  if (measures.nesting > mostNesting) return tooNested()
  for (const { of, limit, say } of documentLimits) {
    if (measures[of] <= limits[limit]) continue
    return limitError({ limit, most: limits[limit], message: say(limits[limit]) })
  }
  if (trusted?.trusts(document) === false) return untrusted()
  if (!measures.introspects || introspection) return null
  return new GraphQLError(notTold, { extensions: { code: 'FORBIDDEN' } })
}

/** Why what an operation is told is not looked at any further. Its document must have passed. */
export function inputRefusal(
  operation: Pick<Operation, 'document' | 'variableValues'>,
  limits: OperationLimits,
): GraphQLError | null {
  const measures = measureInputs(operation)
  if (measures.wildcards > maxWildcards)
    return limitError({ limit: 'wildcards', most: maxWildcards, message: tooManyWildcards })
  for (const { of, limit, say } of inputLimits) {
    if (measures[of] <= limits[limit]) continue
    return limitError({ limit, most: limits[limit], message: say(limits[limit]) })
  }
  return null
}

/** Why an operation is not executed that may ask for so many rows. */
export function rowsRefusal(rows: number, { maxRows: most }: OperationLimits): GraphQLError | null {
  if (rows <= most) return null
  const message = `The request may ask for more than ${most} rows: nested lists multiply, "offset", totals and long aliases count. Ask for smaller pages with "first", and read on with "after".`
  return limitError({ limit: 'maxRows', most, message })
}

/** What is told of a document that has more tokens than were read. */
export function tooManyTokens({ maxTokens: most }: OperationLimits): GraphQLError {
  const { say } = documentLimits.find(({ limit }) => limit === 'maxTokens')!
  return limitError({ limit: 'maxTokens', most, message: say(most) })
}

interface Bound<Measures> {
  readonly of: keyof Measures
  readonly limit: keyof OperationLimits
  readonly say: (most: number) => string
}

/** Cheapest first. */
const documentLimits: readonly Bound<
  Pick<DocumentMeasures, 'tokens' | 'definitions' | 'variables' | 'depth' | 'fields' | 'aliases' | 'directives'>
>[] = [
  {
    of: 'tokens',
    limit: 'maxTokens',
    say: (most) =>
      `The document has more than ${most} words and signs. Move values into variables, and ask for less at once.`,
  },
  {
    of: 'definitions',
    limit: 'maxDefinitions',
    say: (most) => `The document has more than ${most} operations and fragments. Send those that the operation needs.`,
  },
  {
    of: 'variables',
    limit: 'maxVariables',
    say: (most) => `The document declares more than ${most} variables. Put values into lists and objects of a few.`,
  },
  {
    of: 'depth',
    limit: 'maxDepth',
    say: (most) =>
      `The request is nested more than ${most} levels deep. Ask for what is deeper in a request of its own, by its id.`,
  },
  {
    of: 'fields',
    limit: 'maxFields',
    say: (most) => `The request selects more than ${most} fields. Ask for less at once.`,
  },
  {
    of: 'aliases',
    limit: 'maxAliases',
    say: (most) =>
      `The request gives more than ${most} fields another name. Ask for lists with a filter instead of many single rows.`,
  },
  {
    of: 'directives',
    limit: 'maxDirectives',
    say: (most) => `The request has more than ${most} directives. Say them once, on a fragment.`,
  },
]

const inputLimits: readonly Bound<Pick<InputMeasures, 'depth' | 'items' | 'conditions' | 'searches'>>[] = [
  {
    of: 'depth',
    limit: 'maxInputDepth',
    say: (most) => `An argument or variable is nested more than ${most} levels deep. Say the same flatter.`,
  },
  {
    of: 'items',
    limit: 'maxListItems',
    say: (most) => `A list of an argument or variable has more than ${most} items. Send it in several requests.`,
  },
  {
    of: 'conditions',
    limit: 'maxConditions',
    say: (most) =>
      `Filters and orders of the request name more than ${most} things. Ask with fewer conditions; "in" takes many values.`,
  },
  {
    of: 'searches',
    limit: 'maxSearches',
    say: (most) => `The request looks for words more than ${most} times. Search in fewer lists at once.`,
  },
]

const maxWildcards = 10
const tooManyWildcards = `A pattern has more than ${maxWildcards} "%". Look for less at once, or use "includes".`
const notTold = 'The schema is not told here. Whoever runs the server may turn "introspection" on.'
