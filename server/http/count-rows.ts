import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'
import { defaultPageSize } from '../graphql/plugins/page-size-plugin.ts'
import { batchSize } from './batch-size.ts'

/** An operation that passed validation, with its variables. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined
}

/** Rows that an operation may ask for at most: page sizes of nested lists multiplied, of lists side by side added. */
export function countRows(operation: Operation): number {
  const { definitions } = operation.document
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  const chosen = operations.find((each) => each.name?.value === operation.operationName) ?? operations[0]
  if (chosen === undefined) return 0
  const root = operation.schema.getRootType(chosen.operation)
  return root == null ? 0 : new RowCount(operation, chosen).ofSelections(chosen.selectionSet, root)
}

class RowCount {
  readonly #operation: Operation
  readonly #defaults: ReadonlyMap<string, ValueNode | undefined>
  /** Variables with defaults where none is given; made when it is asked for. */
  #values: Readonly<Record<string, unknown>> | null = null
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  /** Rows of a fragment, wherever it is spread. */
  readonly #counted = new Map<string, number>()

  constructor(operation: Operation, chosen: OperationDefinitionNode) {
    this.#operation = operation
    this.#defaults = new Map(
      (chosen.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
    )
    for (const each of operation.document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each)
    }
  }

  ofSelections(set: SelectionSetNode | undefined, parent: GraphQLNamedType): number {
    let rows = 0
    for (const each of set?.selections ?? []) {
      if (each.kind === Kind.FIELD) rows += this.#ofField(each, parent)
      else if (each.kind === Kind.FRAGMENT_SPREAD) rows += this.#ofFragment(each.name.value)
      else rows += this.ofSelections(each.selectionSet, this.#typeOf(each.typeCondition?.name.value) ?? parent)
    }
    return rows
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType): number {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return 0
    const field = parent.getFields()[node.name.value]
    if (field === undefined) return 0
    const each = this.ofSelections(node.selectionSet, getNamedType(field.type))
    const inner = each * batchSize(node, field, () => this.#variables())
    return isList(field) ? this.#pageSize(node) * (1 + inner) : inner
  }

  #variables(): Readonly<Record<string, unknown>> {
    if (this.#values !== null) return this.#values
    const defaults = [...this.#defaults].map(([name, value]) => [name, value && valueFromASTUntyped(value)] as const)
    this.#values = { ...Object.fromEntries(defaults), ...this.#operation.variableValues }
    return this.#values
  }

  #ofFragment(name: string): number {
    const known = this.#counted.get(name)
    if (known !== undefined) return known
    const fragment = this.#fragments.get(name)
    const type = this.#typeOf(fragment?.typeCondition.name.value)
    const rows = type === undefined ? 0 : this.ofSelections(fragment?.selectionSet, type)
    this.#counted.set(name, rows)
    return rows
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#operation.schema.getType(name)
  }

  #pageSize(node: FieldNode): number {
    const size = this.#countOf(node, 'first') ?? this.#countOf(node, 'last') ?? defaultPageSize
    // A field refuses a negative count for itself alone; it must not make room for the others.
    return Math.max(0, size)
  }

  #countOf(node: FieldNode, argument: string): number | null {
    const value = node.arguments?.find(({ name }) => name.value === argument)?.value
    if (value?.kind !== Kind.VARIABLE) return literal(value)
    const given = this.#operation.variableValues?.[value.name.value]
    return typeof given === 'number' ? given : given === null ? null : literal(this.#defaults.get(value.name.value))
  }
}

function isList({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ name }) => name === 'first')
}

function literal(value: ValueNode | undefined): number | null {
  return value?.kind === Kind.INT ? Number(value.value) : null
}
