import type { DocumentNode, GraphQLError } from 'graphql'
import type { LimitSettings } from '../../config/limits.ts'
import type { DocumentSettings } from '../../config/read-documents.ts'
import type { TrustedDocumentsPlan } from './load-trusted-documents.ts'

/**
 * Reads the trusted documents of an app. Loads what reads them only then.
 *
 * @throws OperatorError DOCUMENTS_UNREADABLE, DOCUMENTS_INVALID
 */
export async function loadTrustedDocuments(settings: DocumentSettings): Promise<TrustedDocumentsPlan> {
  const { loadTrustedDocuments: load } = await import('./load-trusted-documents.ts')
  return load(settings)
}

/** Says why a document is executed for nobody, whatever roles there are; null: it is for somebody. */
export async function limitRefusalOf(limits: LimitSettings): Promise<(document: DocumentNode) => GraphQLError | null> {
  const { limitRefusal } = await import('../limits/limit-refusal.ts')
  return (document) => limitRefusal(document, limits)
}
