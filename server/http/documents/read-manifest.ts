import { readFile } from 'node:fs/promises'
import { OperatorError } from '#base'

/**
 * Reads a file of documents by id: a JSON object of texts by id, as Relay's compiler and graphql-codegen write it too, or the manifest of Apollo.
 *
 * @param path absolute
 * @throws OperatorError DOCUMENTS_UNREADABLE, DOCUMENTS_INVALID
 */
export async function readManifest(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const message = `The trusted documents in ${path} cannot be read: ${(cause as Error).message}`
    throw new OperatorError('DOCUMENTS_UNREADABLE', message, hint, { cause })
  })
  const entries = entriesOf(parsed(text))
  if (entries === null) {
    const message = `${path} holds no documents by id.`
    throw new OperatorError('DOCUMENTS_INVALID', message, hint)
  }
  return new Map(entries)
}

const hint = 'Make the file with `rowhouse documents extract`, or mend "documents" in "rowhouse.config.ts".'

type Entry = readonly [id: string, text: string]

function entriesOf(given: unknown): readonly Entry[] | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const { format, operations } = given as Readonly<Record<string, unknown>>
  if (format === 'apollo-persisted-query-manifest') return Array.isArray(operations) ? apolloEntries(operations) : null
  const entries = Object.entries(given)
  return entries.every(([, text]) => typeof text === 'string') ? entries : null
}

function apolloEntries(operations: readonly unknown[]): readonly Entry[] | null {
  const entries = operations.map((operation): readonly [unknown, unknown] => {
    const { id, body } = (operation ?? {}) as Readonly<Record<string, unknown>>
    return [id, body]
  })
  return entries.every((entry): entry is Entry => entry.every((part) => typeof part === 'string')) ? entries : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
