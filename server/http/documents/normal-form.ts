import { type DefinitionNode, type DocumentNode, Kind, print, separateOperations, visit } from 'graphql'

/**
 * What a document asks, one text for each of its operations: the same however it is laid out, in whatever order its fragments come, and with or without the
 * `__typename` that clients add by themselves. Each is made when it is asked for: a large fragment may be spread in many. None where some part of the
 * document is of no operation, or of one that another of the same name hides: such parts would be validated, but not looked at here.
 */
export function* normalForms(document: DocumentNode): Generator<string, void> {
  const operations = Object.values(separateOperations(document))
  const parts = new Set(operations.flatMap(({ definitions }) => definitions))
  if (parts.size === document.definitions.length) for (const operation of operations) yield normalForm(operation)
}

function normalForm(operation: DocumentNode): string {
  const { definitions } = visit(operation, {
    Field: ({ name, alias, directives = [] }) =>
      name.value === '__typename' && alias === undefined && directives.length === 0 ? null : undefined,
  })
  return [...definitions].sort(byName).map(print).join('\n')
}

/** The operation comes first. */
function byName(one: DefinitionNode, other: DefinitionNode): number {
  return keyOf(one) < keyOf(other) ? -1 : 1
}

function keyOf(definition: DefinitionNode): string {
  return definition.kind === Kind.FRAGMENT_DEFINITION ? `1${definition.name.value}` : '0'
}
