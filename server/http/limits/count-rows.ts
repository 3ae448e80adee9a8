import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'
import type { OperationLimits } from '../../config/limits.ts'
import { batchSize } from './batch-size.ts'
import { isSearch } from './input-words.ts'

/** An operation that passed validation, with its variables. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined
}

/** What is read for a number instead of for rows, as so many rows. */
const weights: ReadonlyMap<string, number> = new Map([
  ['totalCount', 10],
  ['aggregates', 100],
  ['groupedAggregates', 1_000],
])

/** Rows that are as long as so many others: records of scripts have 512 KiB at most, sources 64 KiB, and nobody knows what a job was told. */
const longRows: ReadonlyMap<string, number> = new Map([
  ['failedJobs', 25_000],
  ['failedJob', 25_000],
  ['tenantScriptRuns', 25_000],
  ['tenantScripts', 3_000],
])

/** Of a list that looks for words. */
const searchWeight = 5_000

/** A name of the caller's is told with every row. So many letters are as much of an answer as a row, where there are more than names of a schema have. */
const lettersOfRow = 8
const usualLetters = 31

/**
 * Rows that an operation may ask for at most, which is what it costs: page sizes of nested lists, with what they pass over, multiplied, of lists side by side added; each list, and each single
 * row of a relation, one more wherever it is read; long names of the caller's as well.
 */
export function countRows(operation: Operation, limits: Pick<OperationLimits, 'pageSize'>): number {
  const { definitions } = operation.document
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  const chosen = operations.find((each) => each.name?.value === operation.operationName) ?? operations[0]
  if (chosen === undefined) return 0
  const root = operation.schema.getRootType(chosen.operation)
  if (root == null) return 0
  const known = countedOf(operation.schema, chosen)
  const before = known.get(limits.pageSize)
  if (before !== undefined) return before
  const count = new RowCount(operation, chosen, limits.pageSize)
  const rows = count.ofSelections(chosen.selectionSet, root)
  if (!count.hasAskedVariables) known.set(limits.pageSize, rows)
  return rows
}

/** Of operations that ask for the same number of rows whatever their variables say, by the size of pages: there are as many as roles have limits. */
const counted = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, Map<number, number>>>()

function countedOf(schema: GraphQLSchema, operation: OperationDefinitionNode): Map<number, number> {
  const operations = counted.get(schema) ?? new WeakMap<OperationDefinitionNode, Map<number, number>>()
  counted.set(schema, operations)
  const known = operations.get(operation) ?? new Map<number, number>()
  operations.set(operation, known)
  return known
}

interface Rows {
  /** For each row of the list around. */
  readonly rows: number
  /** For the list around as a whole. */
  readonly once: number
}

const nothing: Rows = { rows: 0, once: 0 }

class RowCount {
  readonly #operation: Operation
  readonly #defaultSize: number
  readonly #defaults: ReadonlyMap<string, ValueNode | undefined>
  /** Variables with defaults where none is given; made when it is asked for. */
  #values: Readonly<Record<string, unknown>> | null = null
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  /** Rows of a fragment, wherever it is spread. */
  readonly #counted = new Map<string, Rows>()
  /** Whether another request with the same document may ask for another number of rows. */
  hasAskedVariables = false

  constructor(operation: Operation, chosen: OperationDefinitionNode, defaultSize: number) {
    this.#operation = operation
    this.#defaultSize = defaultSize
    this.#defaults = new Map(
      (chosen.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
    )
    for (const each of operation.document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each)
    }
  }

  ofSelections(set: SelectionSetNode | undefined, parent: GraphQLNamedType): number {
    const { rows, once } = this.#ofSelections(set, parent)
    return rows + once
  }

  #ofSelections(set: SelectionSetNode | undefined, parent: GraphQLNamedType): Rows {
    const sum = { rows: 0, once: 0 }
    for (const each of set?.selections ?? []) {
      const { rows, once } = this.#ofSelection(each, parent)
      sum.rows += rows
      sum.once += once
    }
    return sum
  }

  #ofSelection(node: SelectionNode, parent: GraphQLNamedType): Rows {
    if (node.kind === Kind.FIELD) return this.#ofField(node, parent)
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(node.name.value)
    return this.#ofSelections(node.selectionSet, this.#typeOf(node.typeCondition?.name.value) ?? parent)
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType): Rows {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return nothing
    const field = parent.getFields()[node.name.value]
    if (field === undefined) return nothing
    const { rows, once } = this.#ofSelections(node.selectionSet, getNamedType(field.type))
    const letters = node.alias?.value.length ?? 0
    const named = letters > usualLetters ? Math.floor(letters / lettersOfRow) : 0
    if (isList(field)) {
      // A list that gives nothing is looked up as well.
      const own = 1 + named + this.#offset(node) + this.#search(node) + once
      return { rows: own + this.#pageSize(node) * (longRowsOf(node, parent) + rows), once: 0 }
    }
    const isOnce = isConnection(parent)
    const weight = isOnce ? named + (weights.get(node.name.value) ?? 0) : 0
    const own = (isOne(field, parent) ? longRowsOf(node, parent) : 0) + (isOnce ? 0 : named)
    return { rows: (own + rows + once) * batchSize(node, field, () => this.#variables()), once: weight }
  }

  #variables(): Readonly<Record<string, unknown>> {
    this.hasAskedVariables = true
    if (this.#values !== null) return this.#values
    const defaults = [...this.#defaults].map(([name, value]) => [name, value && valueFromASTUntyped(value)] as const)
    this.#values = { ...Object.fromEntries(defaults), ...this.#operation.variableValues }
    return this.#values
  }

  #ofFragment(name: string): Rows {
    const known = this.#counted.get(name)
    if (known !== undefined) return known
    const fragment = this.#fragments.get(name)
    const type = this.#typeOf(fragment?.typeCondition.name.value)
    const rows = type === undefined ? nothing : this.#ofSelections(fragment?.selectionSet, type)
    this.#counted.set(name, rows)
    return rows
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#operation.schema.getType(name)
  }

  #pageSize(node: FieldNode): number {
    const size = this.#countOf(node, 'first') ?? this.#countOf(node, 'last') ?? this.#defaultSize
    // A field refuses a negative count for itself alone; it must not make room for the others.
    return Math.max(0, size)
  }

  /** Rows that are read only to be passed over. */
  #offset(node: FieldNode): number {
    return Math.max(0, this.#countOf(node, 'offset') ?? 0)
  }

  /** An index tells where words are, however many rows have them. */
  #search(node: FieldNode): number {
    const value = node.arguments?.find(({ name }) => name.value === 'search')?.value
    return value === undefined || !isSearch(valueFromASTUntyped(value, this.#variables())) ? 0 : searchWeight
  }

  #countOf(node: FieldNode, argument: string): number | null {
    const value = node.arguments?.find(({ name }) => name.value === argument)?.value
    if (value?.kind !== Kind.VARIABLE) return literal(value)
    this.hasAskedVariables = true
    const given = this.#operation.variableValues?.[value.name.value]
    return typeof given === 'number' ? given : given === null ? null : literal(this.#defaults.get(value.name.value))
  }
}

function longRowsOf({ name }: FieldNode, parent: GraphQLNamedType): number {
  return parent.name === 'Query' ? (longRows.get(name.value) ?? 1) : 1
}

/** Fields of entities may be called as those of connections are. */
function isConnection(type: GraphQLNamedType): boolean {
  return type.name.endsWith('Connection')
}

/** A row by itself: by its id, of a relation, or that a mutation answers. */
function isOne({ type }: GraphQLField<unknown, unknown>, parent: GraphQLNamedType): boolean {
  if (isConnection(parent) || parent.name.endsWith('Edge')) return false
  return !isListType(getNullableType(type)) && isCompositeType(getNamedType(type))
}

function isList({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ name }) => name === 'first')
}

function literal(value: ValueNode | undefined): number | null {
  return value?.kind === Kind.INT ? Number(value.value) : null
}
