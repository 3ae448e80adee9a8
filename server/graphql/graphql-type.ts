import type { GraphQLInputType, GraphQLOutputType } from 'graphql'
import type { FieldType } from '#schema'
import { FieldCodecs } from './field-codec.ts'
import { periodTypeName } from './period-codec.ts'
import 'postgraphile'

/** The GraphQL type of a field's value, nullable at its outside; elements of lists never are. */
export function outputType(build: GraphileBuild.Build, type: FieldType): GraphQLOutputType {
  if (type.kind !== 'list') return build.getOutputTypeByName(typeName(build, type, 'output')) as GraphQLOutputType
  const { GraphQLList, GraphQLNonNull } = build.graphql
  return new GraphQLList(new GraphQLNonNull(outputType(build, type.of) as never)) as never
}

/** The same for what callers write. */
export function inputType(build: GraphileBuild.Build, type: FieldType): GraphQLInputType {
  if (type.kind !== 'list') return build.getInputTypeByName(typeName(build, type, 'input')) as GraphQLInputType
  const { GraphQLList, GraphQLNonNull } = build.graphql
  return new GraphQLList(new GraphQLNonNull(inputType(build, type.of) as never)) as never
}

/** `CustomerAddress` → `CustomerAddressInput` */
export function shapeInputName(shape: string): string {
  return `${shape}Input`
}

function typeName(build: GraphileBuild.Build, type: FieldType, situation: 'input' | 'output'): string {
  if (type.kind === 'choice') return type.enum
  if (type.kind === 'shape') return situation === 'input' ? shapeInputName(type.name) : type.name
  if (type.kind === 'dict') return build.inflection.builtin('JSON')
  if (type.kind === 'period') return periodTypeName(type.of, situation)
  if (type.kind === 'money') return build.inflection.builtin('BigFloat')
  const name = build.getGraphQLTypeNameByPgCodec(new FieldCodecs().of(type), situation)
  if (name === null) throw new TypeError(`There is no GraphQL type for a field of kind "${type.kind}".`)
  return name
}
