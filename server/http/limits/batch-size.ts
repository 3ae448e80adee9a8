import {
  type FieldNode,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql'

/** Rows that a mutation of several rows answers, and below each of which its lists are read; 1 for any other field. */
export function batchSize(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: () => Readonly<Record<string, unknown>>,
): number {
  if (!answersRows(field)) return 1
  const given = node.arguments?.find(({ name }) => name.value === 'input')?.value
  const input = given === undefined ? null : valueFromASTUntyped(given, variables())
  const lists = Object.values((input ?? {}) as object).filter(Array.isArray)
  return Math.max(1, ...lists.map(({ length }) => length))
}

/** `orders: [Order]!`, a list that is no connection, in a payload. */
function answersRows({ type, args }: GraphQLField<unknown, unknown>): boolean {
  const payload = getNamedType(type)
  if (!args.some(({ name }) => name === 'input') || !isObjectType(payload)) return false
  return Object.values(payload.getFields()).some(
    (field) => isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type)),
  )
}
