import { type DocumentNode, Kind, type SelectionSetNode, visit } from 'graphql'

/** Directives that Apollo Client takes out of a document before it sends it. */
const clientDirectives: ReadonlySet<string> = new Set(['connection', 'nonreactive', 'unmask'])

/** A document as it is sent: fields that a client answers by itself (`@client`) do not reach a server. */
export function withoutClientParts(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }) => (clientDirectives.has(name.value) ? null : undefined),
    Field: {
      enter: ({ directives = [] }) => (directives.some(({ name }) => name.value === 'client') ? null : undefined),
    },
  })
}

/** A document with `__typename` in every selection of a type, as Apollo Client and urql ask for it. */
export function withTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(set, _key, parent): SelectionSetNode | undefined {
      const isRoot = parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION
      const has = set.selections.some((each) => each.kind === Kind.FIELD && each.name.value === '__typename')
      if (isRoot || has) return undefined
      const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const
      return { ...set, selections: [...set.selections, typename] }
    },
  })
}
