import { type DocumentNode, GraphQLError, parse } from 'graphql'
import { OperatorError } from '#base'
import { normalForms } from './normal-form.ts'

/** Documents that were looked at before anybody sends them, by id: those of the front ends of an app. */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>
  readonly #forms: ReadonlySet<string>
  readonly #known = new WeakMap<DocumentNode, boolean>()

  /**
   * @param texts by id
   * @throws OperatorError DOCUMENTS_INVALID when one cannot be parsed
   */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts
    this.#forms = new Set([...texts].flatMap(([id, text]) => [...normalForms(parsed(id, text))]))
  }

  get size(): number {
    return this.#texts.size
  }

  /** The text of an id, which may carry the name of its hash in front (`sha256:`); undefined: no such document. */
  textOf(id: string): string | undefined {
    return this.#texts.get(id) ?? this.#texts.get(id.startsWith(hashPrefix) ? id.slice(hashPrefix.length) : id)
  }

  /** Whether every operation of a document asks what a trusted one asks. */
  trusts(document: DocumentNode): boolean {
    const known = this.#known.get(document)
    if (known !== undefined) return known
    const isTrusted = this.#areTrusted(normalForms(document))
    this.#known.set(document, isTrusted)
    return isTrusted
  }

  /** Makes no more forms than it has to. */
  #areTrusted(forms: Iterable<string>): boolean {
    let isTrusted = false
    for (const form of forms) {
      isTrusted = this.#forms.has(form)
      if (!isTrusted) return false
    }
    return isTrusted
  }
}

/** What is told of a document that nobody looked at before. */
export function untrusted(): GraphQLError {
  const message =
    'This server executes trusted documents only, and this is none of them. Extract the documents of the front end anew, and deploy them before it.'
  return new GraphQLError(message, { extensions: { code: 'UNTRUSTED' } })
}

const hashPrefix = 'sha256:'

function parsed(id: string, text: string): DocumentNode {
  try {
    return parse(text)
  } catch (error) {
    const message = `The trusted document "${id}" cannot be read: ${(error as Error).message}`
    throw new OperatorError('DOCUMENTS_INVALID', message, 'Make the file anew with `rowhouse documents extract`.')
  }
}
