import { resolve } from 'node:path'
import type { AppConfig } from './app-config.ts'
import type { Complain } from './read-settings.ts'
import type { Purpose } from './settings.ts'

/** Which documents are executed. */
export interface DocumentSettings {
  /** Absolute paths of the trusted ones. */
  readonly files: readonly string[]
  /** `trusted`: no others, except of callers with one of the roles of `openTo`. */
  readonly accept: 'trusted' | 'all'
  readonly openTo: readonly string[]
}

/** Null where the app has no trusted documents. In `dev` every document is executed unless the app says otherwise: front ends are being written. */
export function readDocuments(
  { documents }: AppConfig,
  { folder, purpose }: { readonly folder: string; readonly purpose: Purpose },
  complain: Complain,
): DocumentSettings | null {
  if (documents === undefined) return null
  if (typeof documents !== 'object' || documents === null) {
    complain('documents: say `{ files: ["documents.json"] }`.')
    return null
  }
  const { files, accept = purpose === 'dev' ? 'all' : 'trusted', openTo = [] } = documents
  if (!isTexts(files) || files.length === 0)
    complain('documents.files: say the paths of files, such as ["documents.json"].')
  if (accept !== 'trusted' && accept !== 'all')
    complain(`documents.accept is ${JSON.stringify(accept)}: say "trusted" or "all".`)
  if (!isTexts(openTo)) complain('documents.openTo: say names of roles, such as ["analyst"].')
  return {
    files: isTexts(files) ? files.map((file) => resolve(folder, file)) : [],
    accept,
    openTo: isTexts(openTo) ? openTo : [],
  }
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((each) => typeof each === 'string' && each !== '')
}
