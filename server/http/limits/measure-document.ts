import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { mostNesting } from './text-nesting.ts'

/** How large a document is, whatever it is asked with. */
export interface DocumentMeasures {
  /** Words and signs. */
  readonly tokens: number
  /** Operations and fragments. */
  readonly definitions: number
  /** That operations declare. */
  readonly variables: number
  /** Of all operations: selected fields, each fragment counted wherever it is spread, each spread as one more. Fields of fragments that are spread nowhere, too. */
  readonly fields: number
  /** Levels of fields inside fields; those below `__schema` and `__type` do not count. */
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  /** Levels of selections inside selections, of fragments wherever they are spread; infinite where it was not looked any further. */
  readonly nesting: number
  /** Whether it asks for the schema. */
  readonly introspects: boolean
}

type Counts = { -readonly [Name in 'fields' | 'depth' | 'aliases' | 'directives' | 'nesting']: number }

const measured = new WeakMap<DocumentNode, DocumentMeasures>()

/** Measures a document, each once. Takes time with the size of the text, not with what its fragments grow to. */
export function measureDocument(document: DocumentNode): DocumentMeasures {
  const known = measured.get(document)
  if (known !== undefined) return known
  const measures = new Measure(document).all()
  measured.set(document, measures)
  return measures
}

class Measure {
  readonly #document: DocumentNode
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #counted = new Map<string, Counts>()
  #introspects = false
  /** Selections that are being looked at, inside each other. */
  #level = 0

  constructor(document: DocumentNode) {
    this.#document = document
    for (const each of document.definitions)
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each)
  }

  all(): DocumentMeasures {
    const { definitions, tokenCount } = this.#document as DocumentNode & { readonly tokenCount?: number }
    const counts = none()
    let variables = 0
    for (const each of definitions) {
      if (each.kind !== Kind.OPERATION_DEFINITION) continue
      add(counts, this.#selections(each.selectionSet))
      counts.directives += each.directives?.length ?? 0
      variables += each.variableDefinitions?.length ?? 0
      for (const variable of each.variableDefinitions ?? []) counts.directives += variable.directives?.length ?? 0
    }
    // Validation looks at them as well.
    for (const name of this.#fragments.keys()) if (!this.#counted.has(name)) add(counts, this.#fragment(name))
    const own = definitions.length
    return { tokens: tokenCount ?? 0, definitions: own, variables, introspects: this.#introspects, ...counts }
  }

  #selections(set: SelectionSetNode | undefined): Counts {
    const counts = none()
    if (set === undefined) return counts
    if (this.#level === mostNesting) return { ...counts, nesting: Number.POSITIVE_INFINITY }
    this.#level++
    for (const each of set.selections) {
      add(counts, this.#selection(each))
      counts.fields += 1
      counts.directives += each.directives?.length ?? 0
    }
    this.#level--
    counts.nesting += 1
    return counts
  }

  #selection(node: SelectionNode): Counts {
    if (node.kind === Kind.FRAGMENT_SPREAD) return { ...this.#fragment(node.name.value) }
    const inner = this.#selections(node.selectionSet)
    if (node.kind === Kind.INLINE_FRAGMENT) return inner
    return { ...inner, depth: this.#depth(node, inner), aliases: inner.aliases + (node.alias === undefined ? 0 : 1) }
  }

  #depth({ name: { value } }: FieldNode, { depth }: Counts): number {
    if (value !== '__schema' && value !== '__type') return depth + 1
    this.#introspects = true
    return 1
  }

  #fragment(name: string): Counts {
    const known = this.#counted.get(name)
    if (known !== undefined) return known
    // Ends fragments that spread themselves, which validation refuses.
    this.#counted.set(name, none())
    const fragment = this.#fragments.get(name)
    const counts = this.#selections(fragment?.selectionSet)
    counts.directives += fragment?.directives?.length ?? 0
    this.#counted.set(name, counts)
    return counts
  }
}

function none(): Counts {
  return { fields: 0, depth: 0, aliases: 0, directives: 0, nesting: 0 }
}

function add(counts: Counts, more: Counts): void {
  counts.fields += more.fields
  counts.depth = Math.max(counts.depth, more.depth)
  counts.aliases += more.aliases
  counts.directives += more.directives
  counts.nesting = Math.max(counts.nesting, more.nesting)
}
