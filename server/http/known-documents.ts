import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** So many documents are known; of more, the oldest is forgotten. */
const maxDocuments = 500

/** A longer text is not kept: it is nobody's who asks often. */
const maxLength = 20_000

/** Documents that were parsed, held against the limits and validated once, by their text. */
export class KnownDocuments {
  readonly #byText = new Map<string, DocumentNode>()
  readonly #texts = new WeakMap<DocumentNode, string>()

  /** The document of a text; undefined: it has to be looked at first. */
  get(text: string): DocumentNode | undefined {
    return this.#byText.get(text)
  }

  /** Learns what comes so far as to be executed. */
  plugin(): Plugin {
    return {
      onParse:
        ({ params }) =>
        ({ result }) => {
          if (result !== null && !(result instanceof Error))
            this.#texts.set(result as DocumentNode, String(params.source))
        },
      onExecute: ({ args }) => this.#note(args.document),
    }
  }

  /** Knows a document from now on, which must have passed everything. */
  learn(text: string, document: DocumentNode): void {
    if (text.length > maxLength || this.#byText.has(text)) return
    if (this.#byText.size >= maxDocuments) this.#byText.delete(this.#byText.keys().next().value!)
    this.#byText.set(text, document)
  }

  #note(document: DocumentNode): void {
    const text = this.#texts.get(document)
    if (text !== undefined) this.learn(text, document)
  }
}
