import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type Location,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
} from 'graphql'
import { type Literal, placeIn } from './literal.ts'
import { withoutClientParts } from './without-client-parts.ts'

/** An operation of a front end with the fragments that it needs. */
export interface Operation {
  readonly name: string
  readonly type: OperationDefinitionNode['operation']
  readonly document: DocumentNode
  /** `file:line:column` */
  readonly place: string
}

/** Something that is wrong in a front end. */
export interface FrontEndProblem {
  readonly place: string
  readonly message: string
}

/** What was found in a front end. */
export interface Found {
  /** Sorted by name. */
  readonly operations: readonly Operation[]
  readonly problems: readonly FrontEndProblem[]
  /** Where a node of one of the documents stands. */
  readonly placeOf: (location: Location | undefined) => string
}

/** Puts the operations of a front end together with the fragments that they name, wherever those are written. */
export function operationsOf(literals: readonly Literal[]): Found {
  const sources = new WeakMap<object, Literal>()
  const problems: FrontEndProblem[] = []
  const definitions = literals.flatMap((literal) => definitionsIn(literal, sources, problems))
  const placeOf = (location: Location | undefined) => placeOfNode(location, sources)
  const fragments = namedOnce(definitions.filter(isFragment), placeOf, problems)
  const found = namedOnce(definitions.filter(isOperation), placeOf, problems)
  const operations = found.map((definition): Operation => {
    const all: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] }
    const name = definition.name?.value ?? ''
    return {
      name,
      type: definition.operation,
      document: separateOperations(all)[name]!,
      place: placeOf(definition.loc),
    }
  })
  return { operations: operations.sort((one, other) => (one.name < other.name ? -1 : 1)), problems, placeOf }
}

function definitionsIn(
  literal: Literal,
  sources: WeakMap<object, Literal>,
  problems: FrontEndProblem[],
): readonly DefinitionNode[] {
  const first = placeIn(literal, { line: 1, column: 1 })
  if (literal.fault !== null) {
    problems.push({ place: first, message: literal.fault })
    return []
  }
  if (literal.text.trim() === '') return []
  try {
    const document = parse(literal.text)
    if (document.loc !== undefined) sources.set(document.loc.source, literal)
    return withoutClientParts(document).definitions
  } catch (error) {
    const [at] = (error as { readonly locations?: readonly { line: number; column: number }[] }).locations ?? []
    problems.push({ place: at === undefined ? first : placeIn(literal, at), message: (error as Error).message })
    return []
  }
}

/** Definitions by name; two of one name must say the same. */
function namedOnce<Definition extends OperationDefinitionNode | FragmentDefinitionNode>(
  definitions: readonly Definition[],
  placeOf: Found['placeOf'],
  problems: FrontEndProblem[],
): Definition[] {
  const byName = new Map<string, Definition>()
  for (const definition of definitions) {
    const place = placeOf(definition.loc)
    const name = definition.name?.value
    const known = name === undefined ? undefined : byName.get(name)
    if (name === undefined)
      problems.push({ place, message: 'The operation has no name. Clients and logs know it by its name: give it one.' })
    else if (known === undefined) byName.set(name, definition)
    else if (print(known) !== print(definition))
      problems.push({
        place,
        message: `"${name}" is something else at ${placeOf(known.loc)}. Give one of them another name.`,
      })
  }
  return [...byName.values()]
}

function placeOfNode(location: Location | undefined, sources: WeakMap<object, Literal>): string {
  const literal = location === undefined ? undefined : sources.get(location.source)
  if (location === undefined || literal === undefined) return 'somewhere'
  const { line, column } = location.startToken
  return placeIn(literal, { line, column })
}

function isFragment(definition: DefinitionNode): definition is FragmentDefinitionNode {
  return definition.kind === Kind.FRAGMENT_DEFINITION
}

function isOperation(definition: DefinitionNode): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION
}
