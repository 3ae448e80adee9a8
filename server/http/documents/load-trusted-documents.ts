import type { DocumentSettings } from '../../config/read-documents.ts'
import { readManifest } from './read-manifest.ts'
import { TrustedDocuments } from './trusted-documents.ts'

/** Trusted documents, and who is bound to them. */
export interface TrustedDocumentsPlan {
  readonly documents: TrustedDocuments
  /** Whether other documents are executed: for everybody, or for nobody but the roles of `openTo`. */
  readonly accept: DocumentSettings['accept']
  readonly openTo: readonly string[]
}

/**
 * Reads the trusted documents of an app.
 *
 * @throws OperatorError DOCUMENTS_UNREADABLE, DOCUMENTS_INVALID
 */
export async function loadTrustedDocuments({ files, accept, openTo }: DocumentSettings): Promise<TrustedDocumentsPlan> {
  const manifests = await Promise.all(files.map(readManifest))
  const documents = new TrustedDocuments(new Map(manifests.flatMap((manifest) => [...manifest])))
  return { documents, accept, openTo }
}
