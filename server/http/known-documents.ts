import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** So many documents are kept; of more, the one that was asked for longest ago is forgotten. */
const maxDocuments = 500

/** Characters of all that are kept. A parsed document takes up to 120 bytes for each: 36 MB, however callers write them. */
const maxCharacters = 300_000

/** A longer text is not kept: it is nobody's who asks often. */
const maxLength = 20_000

/**
 * Documents by their text, and which of them passed parsing, limits and validation. It is of one API: another one validates for itself. Nothing in here knows
 * who asks; what depends on that is looked at for each request.
 */
export class KnownDocuments {
  readonly #byText = new Map<string, DocumentNode>()
  readonly #passed = new WeakSet<DocumentNode>()
  /** It is behind all others. */
  #latest: string | null = null
  #characters = 0

  /** What was parsed; undefined: it has to be parsed. */
  get(text: string): DocumentNode | undefined {
    const document = this.#byText.get(text)
    if (document === undefined || text === this.#latest) return document
    // Behind all others, which are forgotten first.
    this.#byText.delete(text)
    this.#byText.set(text, document)
    this.#latest = text
    return document
  }

  /** What passed everything; undefined: it has to be looked at. */
  passed(text: string): DocumentNode | undefined {
    const document = this.get(text)
    return document !== undefined && this.hasPassed(document) ? document : undefined
  }

  /** Whether there is nothing to be said against a document, whoever asks. */
  hasPassed(document: DocumentNode): boolean {
    return this.#passed.has(document)
  }

  /** Keeps what was parsed, while there is room. */
  set(text: string, document: DocumentNode): void {
    if (text.length > maxLength || this.#byText.has(text)) return
    this.#byText.set(text, document)
    this.#latest = text
    this.#characters += text.length
    for (const oldest of this.#byText.keys()) {
      if (this.#byText.size <= maxDocuments && this.#characters <= maxCharacters) return
      this.#byText.delete(oldest)
      this.#characters -= oldest.length
    }
  }

  /** Notes of a document that it passed everything. */
  pass(document: DocumentNode): void {
    this.#passed.add(document)
  }

  /** Notes what comes so far as to be executed. */
  plugin(): Plugin {
    return { onExecute: ({ args }) => this.pass(args.document) }
  }
}
