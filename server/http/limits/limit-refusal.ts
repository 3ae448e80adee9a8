import type { DocumentNode, GraphQLError } from 'graphql'
import type { LimitSettings } from '../../config/limits.ts'
import { widest } from './caller-limits.ts'
import { documentRefusal } from './operation-refusal.ts'

/** Why a document is executed for nobody, whatever roles there are; null: it is for somebody. */
export function limitRefusal(
  document: DocumentNode,
  { operation, roles, visitors }: LimitSettings,
): GraphQLError | null {
  const limits = [operation, ...[...Object.values(roles), visitors].map((own) => ({ ...operation, ...own }))].reduce(
    widest,
  )
  return documentRefusal(document, { limits, introspection: false, trusted: null })
}
