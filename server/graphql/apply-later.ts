import { applyInput, type ExecutableStep, lambda } from 'grafast'
import { type GraphQLInputType, getNullableType } from 'graphql'

/** A step that takes what changes its statement. */
export type Applicable = ExecutableStep & { apply(step: ExecutableStep): void }

/** Finds what an argument's values are applied to. */
export type TargetOf<Query> = (query: Query, value: unknown) => object | undefined

/**
 * Applies an argument when the statement is made, also where its value stands in the document: Grafast applies such values while it plans, before all
 * others, so that what comes from a variable would be too late for them.
 */
export function applyLater<Query>($select: Applicable, given: Given, targetOf?: TargetOf<Query>): void {
  $select.apply(appliedInput(given, targetOf))
}

/** A step that gives a function which applies an argument to a query. */
export function appliedInput<Query>({ type, value }: Given, targetOf?: TargetOf<Query>): ExecutableStep {
  const $apply = applyInput(getNullableType(type) as never, value as never, targetOf as never)
  return lambda($apply as ExecutableStep, (apply) => apply, true)
}

/** An argument and its type. */
export interface Given {
  readonly type: GraphQLInputType
  readonly value: ExecutableStep
}
