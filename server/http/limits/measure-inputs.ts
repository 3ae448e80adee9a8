import { type ArgumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode, type ValueNode } from 'graphql'
import type { Operation } from '../count-rows.ts'

/** How much an operation is told in its arguments and variables. */
export interface InputMeasures {
  /** Levels of lists and objects. */
  readonly depth: number
  /** Items of the longest list. */
  readonly items: number
  /** What filters, orders and groups name, wherever they are asked for. */
  readonly conditions: number
  /** Signs for anything, `%`, of the pattern that has most. */
  readonly wildcards: number
}

/** Arguments that are conditions, each name in which is work for the database. */
const conditionArguments: ReadonlySet<string> = new Set(['filter', 'having', 'orderBy', 'groupBy', 'distinct'])

/** A level deeper is not looked at: it is beyond any limit. */
const deepest = 600

/**
 * Measures arguments and variables of an operation. Its fields must have been counted: each is looked at wherever it is spread.
 */
export function measureInputs({
  document,
  variableValues,
}: Pick<Operation, 'document' | 'variableValues'>): InputMeasures {
  const variables = variableValues ?? {}
  const sum = new InputMeasure(
    document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION),
    variables,
  )
  sum.values(variables)
  for (const each of document.definitions)
    if (each.kind === Kind.OPERATION_DEFINITION) sum.selections(each.selectionSet)
  return sum
}

class InputMeasure implements InputMeasures {
  depth = 0
  items = 0
  conditions = 0
  wildcards = 0
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #variables: Readonly<Record<string, unknown>>
  /** Fragments that are being looked at: one that spreads itself is refused by validation. */
  readonly #open = new Set<string>()
  /** Conditions of a variable, however often it is named. */
  readonly #conditionsOf = new Map<string, number>()

  constructor(fragments: readonly FragmentDefinitionNode[], variables: Readonly<Record<string, unknown>>) {
    this.#fragments = new Map(fragments.map((each) => [each.name.value, each]))
    this.#variables = variables
  }

  selections(set: SelectionSetNode | undefined): void {
    for (const each of set?.selections ?? []) {
      if (each.kind === Kind.FRAGMENT_SPREAD) this.#spread(each.name.value)
      else {
        if (each.kind === Kind.FIELD) for (const argument of each.arguments ?? []) this.#argument(argument)
        this.selections(each.selectionSet)
      }
    }
  }

  /** Measures what JSON holds. */
  values(value: unknown, level = 0): void {
    if (typeof value !== 'object' || value === null) return
    const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
    if (Array.isArray(value)) this.items = Math.max(this.items, value.length)
    this.depth = Math.max(this.depth, level)
    if (level < deepest) for (const each of inner) this.values(each, level + 1)
  }

  #spread(name: string): void {
    if (this.#open.has(name)) return
    this.#open.add(name)
    this.selections(this.#fragments.get(name)?.selectionSet)
    this.#open.delete(name)
  }

  #argument({ name, value }: ArgumentNode): void {
    this.#literal(value, 0)
    if (!conditionArguments.has(name.value)) return
    this.conditions += this.#conditionsIn(value)
    const given = value.kind === Kind.VARIABLE ? this.#variables[value.name.value] : null
    // Names of orders; many values of an "in", further inside, are one condition.
    if (Array.isArray(given)) this.conditions += given.length
  }

  #literal(value: ValueNode, level: number): void {
    if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return
    if (value.kind === Kind.LIST) this.items = Math.max(this.items, value.values.length)
    this.depth = Math.max(this.depth, level + 1)
    const inner = value.kind === Kind.LIST ? value.values : value.fields.map((field) => field.value)
    for (const each of inner) this.#literal(each, level + 1)
  }

  #conditionsIn(value: ValueNode): number {
    switch (value.kind) {
      case Kind.VARIABLE:
        return this.#ofVariable(value.name.value)
      case Kind.OBJECT:
        return value.fields.reduce((sum, field) => {
          if (field.value.kind === Kind.STRING) this.#pattern(field.name.value, field.value.value)
          return sum + 1 + this.#conditionsIn(field.value)
        }, 0)
      case Kind.LIST:
        return value.values.reduce((sum, each) => sum + this.#conditionsIn(each), 0)
      case Kind.ENUM:
        return 1
      default:
        return 0
    }
  }

  #ofVariable(name: string): number {
    const known = this.#conditionsOf.get(name)
    if (known !== undefined) return known
    const found = this.#conditionsOfJson(this.#variables[name], 0)
    this.#conditionsOf.set(name, found)
    return found
  }

  #conditionsOfJson(value: unknown, level: number): number {
    if (typeof value !== 'object' || value === null || level > deepest) return 0
    if (Array.isArray(value))
      return value.reduce<number>((sum, each) => sum + this.#conditionsOfJson(each, level + 1), 0)
    return Object.entries(value).reduce((sum, [key, each]) => {
      if (typeof each === 'string') this.#pattern(key, each)
      return sum + 1 + this.#conditionsOfJson(each, level + 1)
    }, 0)
  }

  #pattern(operator: string, pattern: string): void {
    if (patternOperators.test(operator))
      this.wildcards = Math.max(this.wildcards, pattern.length - pattern.replaceAll('%', '').length)
  }
}

const patternOperators = /^(like|notLike|likeInsensitive|notLikeInsensitive)$/
