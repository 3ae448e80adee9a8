import {
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
  printType,
} from 'graphql'
import type { Model } from '#schema'
import { createGraphqlSchema } from './create-graphql-schema.ts'

/** A part of an API. */
export interface SdlPart {
  /** Null when there is nothing of that name. */
  readonly text: string | null
  /** What there is. */
  readonly known: readonly string[]
}

/**
 * What callers meet about an entity: its queries and mutations, its type, filter, order and inputs. What serves groups and aggregates, and
 * types that others use too, are named at the end. Any other name is that of a single type.
 */
export function sdlAround(model: Model, name: string): SdlPart {
  const schema = lexicographicSortSchema(createGraphqlSchema(model).schema)
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'))
  const known = types.map((type) => type.name)
  const entities = model.entities.filter(({ link }) => link === null).map((each) => each.name)
  if (!entities.includes(name)) {
    const type = types.find((each) => each.name === name)
    return { text: type === undefined ? null : `${printType(type)}\n`, known }
  }
  const own = types.filter((type) => ownerOf(type.name, entities) === name)
  const shown = own.filter((type) => !isAggregate(type))
  const aggregates = own.filter(isAggregate)
  const others = [...new Set(shown.flatMap(namesUsed))].filter(
    (type) => !own.some((each) => each.name === type.name) && !isRoot(type) && !isScalarType(type),
  )
  const texts = [
    ...['Query', 'Mutation'].flatMap((root) => printRoot(schema, root, own)),
    ...shown.map(printType),
    ...namesLine('For groups and aggregates', aggregates),
    ...namesLine('Also used', others),
  ]
  return { text: `${texts.join('\n\n')}\n`, known }
}

/** Entity that a type is about: `OrderLineFilter` and `CreateOrderLineInput` are about OrderLine. */
function ownerOf(type: string, entities: readonly string[]): string | null {
  const bare = type.replace(/^(?:Create|Update|Delete|Remove|Restore|Link|Unlink)(?=[A-Z])/, '')
  const [longest] = entities
    .filter((entity) => [type, bare].some((each) => each === entity || new RegExp(`^${entity}[A-Z]`).test(each)))
    .toSorted((a, b) => b.length - a.length)
  return longest ?? null
}

function isAggregate({ name }: GraphQLNamedType): boolean {
  return /(?:Aggregate|Having|GroupBy)/.test(name)
}

function isRoot({ name }: GraphQLNamedType): boolean {
  return name === 'Query' || name === 'Mutation'
}

/** Types that the fields of a type take and give. */
function namesUsed(type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isEnumType(type)) return []
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => getNamedType(field.type))
  if (!isObjectType(type)) return []
  const fields = Object.values(type.getFields())
  return fields.flatMap((field) => [field, ...field.args].map((each) => getNamedType(each.type)))
}

/** The root type with no other fields than those that answer with one of the types. */
function printRoot(schema: GraphQLSchema, root: string, own: readonly GraphQLNamedType[]): readonly string[] {
  const type = schema.getType(root)
  if (!isObjectType(type)) return []
  const config = type.toConfig()
  const fields = Object.entries(config.fields).filter(([, field]) => own.includes(getNamedType(field.type)))
  if (fields.length === 0) return []
  return [
    printType(
      new GraphQLObjectType({ ...config, description: null, interfaces: [], fields: Object.fromEntries(fields) }),
    ),
  ]
}

function namesLine(words: string, types: readonly GraphQLNamedType[]): readonly string[] {
  return types.length === 0 ? [] : [`# ${words}: ${types.map(({ name }) => name).join(', ')}`]
}
