import { heldRoles } from '#policies'
import type { Model } from '#schema'
import type { TrustedDocumentsPlan } from './load-trusted-documents.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

/** The documents that a caller with these roles of the model is bound to; null for a visitor's roles. Gives null where it may send any. */
export type TrustedFor = (roles: readonly string[] | null) => TrustedDocuments | null

/** Who is bound to the trusted documents: everybody but the roles that they are open to, and those that include one of them. */
export function trustedFor(model: Pick<Model, 'roles'>, plan: TrustedDocumentsPlan | null): TrustedFor {
  if (plan === null || plan.accept === 'all') return () => null
  const { documents, openTo } = plan
  return (roles) => {
    if (roles === null || openTo.length === 0) return documents
    const held = heldRoles(model, roles)
    return openTo.some((role) => held.has(role)) ? null : documents
  }
}
