import type { PgCodec } from '@dataplan/pg'
import { access, type ExecutableStep } from 'grafast'
import { GraphQLError, type GraphQLOutputType, Kind, type ValueNode } from 'graphql'
import { base64Fault, type FieldType } from '#schema'
import { inputType, outputType, shapeInputName } from '../graphql-type.ts'
import { entityResources } from '../model-of-build.ts'
import { base64Codec, shapesOfBuild, structureOf } from '../structure-codec.ts'
import 'postgraphile'

type Shape = Extract<FieldType, { kind: 'shape' }>

/**
 * GraphQL types of what has parts: an object type and an input type for each shape, `JSON` for dicts, `Base64` for binary data.
 * Lists have filters for their elements and dicts for their keys, shapes those of {@link ShapeFilterPlugin}; nothing here is ordered or grouped by. What is
 * looked up by a part is a field of its own.
 */
export const StructuresPlugin: GraphileConfig.Plugin = {
  name: 'StructuresPlugin',
  version: '1.0.0',
  before: ['PgCodecsPlugin'],
  schema: {
    entityBehavior: {
      pgCodecAttribute: {
        override: {
          provides: ['structures'],
          after: ['override'],
          callback: (behavior: unknown, [codec, name]: readonly [PgCodec, string]) => {
            const { codec: own, extensions } = codec.attributes![name]!
            const structure = structureOf(own as PgCodec)
            const isList = (own as PgCodec).arrayOfCodec !== undefined
            if (isFilterable(own as PgCodec))
              return isList || structure !== null || own === base64Codec
                ? [behavior, ...(isPart(extensions) ? [] : ['attribute:filterBy']), ...notOrdered]
                : behavior
            return [behavior, ...notOrdered, '-attribute:filterBy']
          },
        },
      },
    } as never,
    hooks: {
      init: {
        before: ['PgCodecs'],
        callback(_, build) {
          registerBase64(build)
          for (const shape of shapesOfBuild(build, entityResources(build)).values()) registerShape(build, shape)
          for (const codec of Object.values(build.input.pgRegistry.pgCodecs)) registerCodec(build, codec as PgCodec)
          return _
        },
      },
      GraphQLObjectType_fields_field(field, build, context) {
        const { pgFieldAttribute } = context.scope as { readonly pgFieldAttribute?: Attribute }
        const list = pgFieldAttribute === undefined ? null : listType(build, pgFieldAttribute.codec)
        if (list === null) return field
        const type = pgFieldAttribute?.notNull ? new build.graphql.GraphQLNonNull(list) : list
        return { ...field, type: type as never }
      },
    },
  },
}

/** The type of a list, whose elements are never null; null for what is no list. */
function listType(build: GraphileBuild.Build, codec: PgCodec): GraphQLOutputType | null {
  const type = structureOf(codec)
  if (type !== null) return type.kind === 'list' ? outputType(build, type) : null
  const of = codec.arrayOfCodec as PgCodec | undefined
  const element = of === undefined ? undefined : build.getGraphQLTypeByPgCodec(of as never, 'output')
  const { GraphQLList, GraphQLNonNull } = build.graphql
  return element === undefined ? null : new GraphQLList(new GraphQLNonNull(element as never))
}

interface Attribute {
  readonly codec: PgCodec
  readonly notNull?: boolean
}

/** A part of a value object, which is filtered inside of it. */
function isPart(extensions: object | undefined): boolean {
  const { tags } = (extensions ?? {}) as { readonly tags?: { readonly behavior?: unknown } }
  return Array.isArray(tags?.behavior) && tags.behavior.includes('-attribute:filterBy')
}

const notOrdered = [
  '-attribute:orderBy',
  '-attribute:groupBy',
  '-attribute:aggregate',
  '-attribute:aggregate:filterBy',
  '-attribute:aggregate:orderBy',
]

/** Native lists by their elements, dicts by their keys, binary data by what is equal; shapes, lists of them and of binary data by nothing of their own. */
function isFilterable(codec: PgCodec): boolean {
  const element = codec.arrayOfCodec as PgCodec | undefined
  const structure = structureOf(codec)
  return element !== base64Codec && (structure === null || structure.kind === 'dict')
}

function registerCodec(build: GraphileBuild.Build, codec: PgCodec): void {
  const type = structureOf(codec)
  if (type === null) return
  // Of a list the type of its elements: filters of dicts go by all codecs whose type is JSON.
  const named = type.kind === 'list' ? type.of : type
  const json = build.inflection.builtin('JSON')
  build.setGraphQLTypeForPgCodec(codec as never, 'output', named.kind === 'shape' ? named.name : json)
  build.setGraphQLTypeForPgCodec(codec as never, 'input', named.kind === 'shape' ? shapeInputName(named.name) : json)
}

function registerShape(build: GraphileBuild.Build, shape: Shape): void {
  const { GraphQLNonNull } = build.graphql
  const described = ({ note, deprecated }: Shape['parts'][number]) => ({
    description: note ?? undefined,
    deprecationReason: deprecated ?? undefined,
  })
  const output = () => ({
    assertStep: null,
    description: `Typed JSON: what a \`${shape.name}\` holds.`,
    fields: () =>
      Object.fromEntries(
        shape.parts.map((part) => {
          const type = outputType(build, part.type)
          return [
            part.name,
            {
              ...described(part),
              type: part.optional ? type : new GraphQLNonNull(type as never),
              plan: ($shape: ExecutableStep) => access($shape, part.name),
            },
          ]
        }),
      ),
  })
  const input = () => ({
    description: `A \`${shape.name}\`, always whole.`,
    fields: () =>
      Object.fromEntries(
        shape.parts.map((part) => {
          const type = inputType(build, part.type)
          const given = part.optional ? type : new GraphQLNonNull(type as never)
          // GraphQL forbids a required input field to be deprecated.
          return [
            part.name,
            { ...(part.optional ? described(part) : { description: part.note ?? undefined }), type: given },
          ]
        }),
      ),
  })
  build.registerObjectType(shape.name, {}, output as never, 'StructuresPlugin')
  build.registerInputObjectType(shapeInputName(shape.name), {}, input as never, 'StructuresPlugin')
}

function registerBase64(build: GraphileBuild.Build): void {
  const name = build.inflection.builtin('Base64')
  const spec = () => ({
    description: 'Binary data in base64 (RFC 4648, section 4), with its padding: `"aGVsbG8="`.',
    serialize: (value: unknown) => value,
    parseValue: (value: unknown) => readBase64(value),
    parseLiteral: (node: ValueNode) => readBase64(node.kind === Kind.STRING ? node.value : null, node),
  })
  build.registerScalarType(name, {}, spec as never, 'StructuresPlugin')
  build.setGraphQLTypeForPgCodec(base64Codec as never, ['input', 'output'], name)
}

function readBase64(value: unknown, node?: ValueNode): string {
  if (base64Fault(value, Number.POSITIVE_INFINITY) === null) return value as string
  throw new GraphQLError('This is no "Base64".', node === undefined ? {} : { nodes: node })
}
