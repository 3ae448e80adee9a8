import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

/**
 * Selected fields of all operations of a document, each fragment counted wherever it is spread, and each spread as one more.
 * Takes time with the size of the document, not with the count.
 */
export function countFields({ definitions }: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
  const counted = new Map<string, number>()
  const fragment = (name: string): number => {
    const known = counted.get(name)
    if (known !== undefined) return known
    // Ends fragments that spread themselves, which validation refuses.
    counted.set(name, 0)
    const count = selections(fragments.get(name)?.selectionSet)
    counted.set(name, count)
    return count
  }
  const selections = (set: SelectionSetNode | undefined): number => {
    let count = 0
    for (const each of set?.selections ?? []) {
      count += 1 + (each.kind === Kind.FRAGMENT_SPREAD ? fragment(each.name.value) : selections(each.selectionSet))
    }
    return count
  }
  return definitions.reduce(
    (sum, each) => (each.kind === Kind.OPERATION_DEFINITION ? sum + selections(each.selectionSet) : sum),
    0,
  )
}
