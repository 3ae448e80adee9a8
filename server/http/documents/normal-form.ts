import { type DefinitionNode, type DocumentNode, Kind, print, separateOperations, visit } from 'graphql'

/**
 * What a document asks, one text for each of its operations: the same however it is laid out, in whatever order its fragments come, and with or without the
 * `__typename` that clients add by themselves.
 */
export function normalForms(document: DocumentNode): readonly string[] {
  return Object.values(separateOperations(document)).map((operation) => {
    const { definitions } = visit(operation, {
      Field: ({ name, alias, directives = [] }) =>
        name.value === '__typename' && alias === undefined && directives.length === 0 ? null : undefined,
    })
    return [...definitions].sort(byName).map(print).join('\n')
  })
}

/** The operation comes first. */
function byName(one: DefinitionNode, other: DefinitionNode): number {
  return keyOf(one) < keyOf(other) ? -1 : 1
}

function keyOf(definition: DefinitionNode): string {
  return definition.kind === Kind.FRAGMENT_DEFINITION ? `1${definition.name.value}` : '0'
}
