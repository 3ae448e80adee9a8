import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'
import { conditionArguments, isPattern, isSearch, wildcardsIn } from './input-words.ts'
import type { InputMeasures } from './measure-inputs.ts'

/** How often a variable is used for what. */
export interface VariableUse {
  /** As a filter, or within one. */
  readonly conditions: number
  /** As a whole argument, which may be a list of orders. */
  readonly orders: number
  /** As a pattern. */
  readonly patterns: number
  /** As words that are looked for. */
  readonly searches: number
}

/** What a document says in its arguments, whatever its variables are. */
export interface DocumentInputs {
  readonly literals: InputMeasures
  readonly uses: ReadonlyMap<string, VariableUse>
  /** Of variables; of several operations the last that says one. */
  readonly defaults: ReadonlyMap<string, unknown>
}

/** A level deeper is not looked at: it is beyond any limit. */
export const deepestInput = 600

const known = new WeakMap<DocumentNode, DocumentInputs>()

/** What a document says in its arguments, found out once. Its fields must have been counted: each is looked at wherever it is spread. */
export function documentInputs(document: DocumentNode): DocumentInputs {
  const before = known.get(document)
  if (before !== undefined) return before
  const { literals, uses, defaults } = new Inputs(document)
  const inputs = { literals, uses, defaults }
  known.set(document, inputs)
  return inputs
}

type Counts<T> = { -readonly [Name in keyof T]: number }

class Inputs implements DocumentInputs {
  readonly literals: Counts<InputMeasures> = { depth: 0, items: 0, conditions: 0, searches: 0, wildcards: 0 }
  readonly uses = new Map<string, Counts<VariableUse>>()
  readonly defaults = new Map<string, unknown>()
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Fragments that are being looked at: one that spreads itself is refused by validation. */
  readonly #open = new Set<string>()

  constructor({ definitions }: DocumentNode) {
    const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
    this.#fragments = new Map(fragments.map((each) => [each.name.value, each]))
    for (const each of definitions) {
      if (each.kind !== Kind.OPERATION_DEFINITION) continue
      for (const { variable, defaultValue } of each.variableDefinitions ?? [])
        if (defaultValue !== undefined) this.#default(variable.name.value, defaultValue)
      this.#selections(each.selectionSet)
    }
  }

  #default(name: string, value: ValueNode): void {
    // What is too deep is refused; nobody asks for its value.
    if (this.#literal(value, 0)) this.defaults.set(name, valueFromASTUntyped(value))
  }

  #selections(set: SelectionSetNode | undefined): void {
    for (const each of set?.selections ?? []) this.#selection(each)
  }

  #selection(node: SelectionNode): void {
    for (const directive of node.directives ?? [])
      for (const { value } of directive.arguments ?? []) this.#literal(value, 0)
    if (node.kind === Kind.FIELD) this.#arguments(node)
    if (node.kind === Kind.FRAGMENT_SPREAD) this.#spread(node.name.value)
    else this.#selections(node.selectionSet)
  }

  #spread(name: string): void {
    if (this.#open.has(name)) return
    this.#open.add(name)
    this.#selections(this.#fragments.get(name)?.selectionSet)
    this.#open.delete(name)
  }

  #arguments({ arguments: given = [] }: FieldNode): void {
    for (const argument of given) {
      this.#literal(argument.value, 0)
      if (conditionArguments.has(argument.name.value)) this.#condition(argument)
      else if (argument.name.value === 'search') this.#search(argument)
    }
  }

  /** False for a value that is too deep to be looked at any further. */
  #literal(value: ValueNode, level: number): boolean {
    if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return true
    if (value.kind === Kind.LIST) this.literals.items = Math.max(this.literals.items, value.values.length)
    this.literals.depth = Math.max(this.literals.depth, level + 1)
    if (level >= deepestInput) return false
    const inner = value.kind === Kind.LIST ? value.values : value.fields.map((field) => field.value)
    return inner.map((each) => this.#literal(each, level + 1)).every(Boolean)
  }

  #condition({ value }: ArgumentNode): void {
    if (value.kind === Kind.VARIABLE) this.#use(value.name.value).orders += 1
    this.#conditions(value)
  }

  #conditions(value: ValueNode): void {
    if (this.literals.depth >= deepestInput) return
    if (value.kind === Kind.VARIABLE) this.#use(value.name.value).conditions += 1
    else if (value.kind === Kind.ENUM) this.literals.conditions += 1
    else if (value.kind === Kind.LIST) for (const each of value.values) this.#conditions(each)
    else if (value.kind === Kind.OBJECT)
      for (const field of value.fields) {
        this.literals.conditions += 1
        if (isPattern(field.name.value)) this.#pattern(field.value)
        if (field.name.value === 'search') this.#search(field)
        this.#conditions(field.value)
      }
  }

  #pattern(value: ValueNode): void {
    if (value.kind === Kind.VARIABLE) this.#use(value.name.value).patterns += 1
    if (value.kind === Kind.STRING)
      this.literals.wildcards = Math.max(this.literals.wildcards, wildcardsIn(value.value))
  }

  #search({ value }: Pick<ArgumentNode, 'value'>): void {
    if (value.kind === Kind.VARIABLE) this.#use(value.name.value).searches += 1
    if (value.kind === Kind.STRING && isSearch(value.value)) this.literals.searches += 1
  }

  #use(name: string): Counts<VariableUse> {
    const use = this.uses.get(name) ?? { conditions: 0, orders: 0, patterns: 0, searches: 0 }
    this.uses.set(name, use)
    return use
  }
}
