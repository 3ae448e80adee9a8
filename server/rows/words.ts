import {
  type GraphQLInputType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/** A value that code gives, in the words of the API: choices by the name of their enum, numbers of any size and instants as text. */
export function toApi(type: GraphQLInputType, value: unknown): unknown {
  if (value === null || value === undefined) return value
  if (isNonNullType(type)) return toApi(type.ofType as GraphQLInputType, value)
  if (isListType(type)) return listed(value, (each) => toApi(type.ofType as GraphQLInputType, each))
  if (isEnumType(type)) return type.getValues().find((each) => each.value === value)?.name ?? value
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (!isInputObjectType(type) || typeof value !== 'object') return value
  const fields = type.getFields()
  const entries = Object.entries(value).filter(([, given]) => given !== undefined)
  return Object.fromEntries(
    entries.map(([name, given]) => [name, fields[name] === undefined ? given : toApi(fields[name].type, given)]),
  )
}

/** What the API answers, in the words of code: choices as they are stored. */
export function fromApi(type: GraphQLOutputType, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (isNonNullType(type)) return fromApi(type.ofType as GraphQLOutputType, value)
  if (isListType(type)) return listed(value, (each) => fromApi(type.ofType as GraphQLOutputType, each))
  if (isEnumType(type)) return type.getValue(value as string)?.value ?? value
  if (!isObjectType(type)) return value
  const fields = type.getFields()
  return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, fromApi(fields[name]!.type, given)]))
}

function listed(value: unknown, read: (each: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(read) : read(value)
}
