import { createHash } from 'node:crypto'
import { print } from 'graphql'
import type { Operation } from './operations-of.ts'
import { withTypenames } from './without-client-parts.ts'

/** `ids`: texts by id; `apollo`: the manifest of Apollo Client. */
export type ManifestFormat = 'ids' | 'apollo'

/** A document of a manifest. */
export interface ManifestEntry {
  /** SHA-256 of the text, in hexadecimal. */
  readonly id: string
  /** Of its operation. */
  readonly name: string
  readonly type: string
  readonly text: string
}

/** Documents as they are sent, in the order of their names. */
export function entriesOf(operations: readonly Operation[], hasTypenames: boolean): readonly ManifestEntry[] {
  return operations.map(({ name, type, document }) => {
    const text = print(hasTypenames ? withTypenames(document) : document)
    return { id: createHash('sha256').update(text).digest('hex'), name, type, text }
  })
}

/** The text of a file of these documents. */
export function manifestText(entries: readonly ManifestEntry[], format: ManifestFormat): string {
  const content =
    format === 'ids'
      ? Object.fromEntries(entries.map(({ id, text }) => [id, text]))
      : {
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: entries.map(({ id, name, type, text }) => ({ id, name, type, body: text })),
        }
  return `${JSON.stringify(content, null, 2)}\n`
}
