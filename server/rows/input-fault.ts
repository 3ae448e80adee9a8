import { type GraphQLSchema, isEnumType, isInputObjectType } from 'graphql'
import { type RequestError, upperFirst } from '#base'
import { HintedError, hintOf } from '../hinted-error.ts'
import { comparisons } from './where-filter.ts'

/**
 * What GraphQL says of a value that it cannot read, in the words of code: the field instead of its place among variables, and what would be
 * possible. Null for any other message.
 */
export function inputFault(schema: GraphQLSchema, message: string): RequestError | null {
  const [, at = '', said = message] = /^"((?:filter|input|orderBy|first)\b[\w.[\]]*)": (.*)$/s.exec(message) ?? []
  const field = fieldAt(schema, at)
  const missing = /^Field "(\w+)" of required type /.exec(said)?.[1]
  if (missing !== undefined) return fault(`"${join(field, missing)}" is required.`, join(field, missing))
  const [, unknown, typeName] = /^Field "(\w+)" is not defined by type "(\w+)"/.exec(said) ?? []
  if (unknown !== undefined) {
    const hint = hintOf({ given: unknown, known: fieldsOf(schema, typeName!) })
    return fault(`There is no "${join(field, unknown)}" to write.`, join(field, unknown), hint)
  }
  if (field === '') return null
  const [, value, choice] = /^Value "(.*)" does not exist in "(\w+)" enum/s.exec(said) ?? []
  if (value === undefined) return fault(`"${field}": ${said}`, field)
  return fault(`"${field}" is none of its choices.`, field, hintOf({ given: value, known: choicesOf(schema, choice!) }))
}

function fault(plain: string, field: string, hint = ''): RequestError {
  return new HintedError(plain, [field], hint)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** `filter.and[0].urgent.equalTo` and `input.patch.urgent` are `urgent`. */
function fieldAt(schema: GraphQLSchema, path: string): string {
  const [, ...parts] = path.split('.')
  const isFilter = path.startsWith('filter')
  const isOfRow = parts[0] === 'patch' || schema.getType(upperFirst(parts[0] ?? '')) !== undefined
  const named = isFilter
    ? parts.filter((part) => !joining.has(part.replace(/\[.*$/, '')))
    : parts.slice(isOfRow ? 1 : 0)
  return named.map((part) => part.replace(/\[\d+\]$/, '')).join('.')
}

const joining: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'isNull', 'some', 'every', 'none'],
  ...Object.values(comparisons),
])

function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name)
  return isInputObjectType(type) ? Object.keys(type.getFields()).filter((each) => each !== 'clientMutationId') : []
}

/** As they are stored, which is how code writes them. */
function choicesOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name)
  return isEnumType(type) ? type.getValues().map(({ value }) => String(value)) : []
}
