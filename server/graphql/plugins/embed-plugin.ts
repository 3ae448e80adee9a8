import type { PgCodec } from '@dataplan/pg'
import { access, type ExecutableStep, lambda, object } from 'grafast'
import { type SQL, sql } from 'pg-sql2'
import {
  type EmbedField,
  type Entity,
  embedsOf,
  type Field,
  isEmbed,
  leavesOf,
  membersOf,
  requiredParts,
} from '#schema'
import { entityResources } from '../model-of-build.ts'
import { mayHoldNoNumber } from './finite-floats-plugin.ts'
import 'postgraphile'

/** Value objects: a nested object with the name of its type, though each part has a column of the row. */
export const EmbedPlugin: GraphileConfig.Plugin = {
  name: 'EmbedPlugin',
  version: '1.0.0',
  after: ['PgAttributesPlugin', 'PgConnectionArgFilterAttributesPlugin'],
  schema: {
    hooks: {
      init: {
        after: ['PgCodecs'],
        callback(_, build) {
          for (const one of eachObject(build)) {
            registerOutput(build, one)
            registerFilter(build, one)
          }
          return _
        },
      },
      GraphQLObjectType_fields(fields, build, context) {
        const { pgCodec, isPgClassType } = context.scope
        if (isPgClassType !== true || pgCodec === undefined) return fields
        const added = embedsIn(pgCodec as PgCodec).map((embed) => [
          embed.name,
          context.fieldWithHooks({ fieldName: embed.name }, () => outputField(build, embed) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'EmbedPlugin')
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const { pgCodec, isPgConnectionFilter } = context.scope as {
          readonly pgCodec?: PgCodec
          readonly isPgConnectionFilter?: boolean
        }
        if (isPgConnectionFilter !== true || pgCodec === undefined) return fields
        const added = embedsIn(pgCodec).map((embed) => [
          embed.name,
          context.fieldWithHooks({ fieldName: embed.name }, () => filterField(build, pgCodec, embed) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'EmbedPlugin')
      },
    },
  },
}

/** `AddressFilter` */
function filterName(embed: EmbedField): string {
  return `${embed.type.object}Filter`
}

/** A type of value objects, with one place where it is used. */
interface ObjectPlace {
  readonly embed: EmbedField
  readonly codec: PgCodec
}

/** Each type of value objects once, with the first place where it is used. */
function eachObject(build: GraphileBuild.Build): readonly ObjectPlace[] {
  const first = new Map<string, ObjectPlace>()
  for (const { entity, resource } of entityResources(build)) {
    for (const embed of embedsOf(entity)) {
      const name = embed.type.object
      first.set(name, first.get(name) ?? { embed, codec: resource.codec as unknown as PgCodec })
    }
  }
  return [...first.values()]
}

function embedsIn(codec: PgCodec): readonly EmbedField[] {
  const entity = (codec.extensions as { readonly rowhouseEntity?: Entity } | undefined)?.rowhouseEntity
  return entity === undefined ? [] : entity.fields.filter(isEmbed)
}

/** Name of a part within its object: `delivery.city` → `city`. */
function lastName({ name }: Field): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function registerOutput(build: GraphileBuild.Build, { embed, codec }: ObjectPlace): void {
  const fields = () =>
    // As its type sees it: whether the whole object is there is not a part's concern.
    Object.fromEntries(
      membersOf({ ...embed, optional: false }).map((part) => [lastName(part), partField(build, codec, part)]),
    )
  const spec = () => ({ assertStep: null, fields })
  build.registerObjectType(embed.type.object, {}, spec as never, 'EmbedPlugin')
}

function partField(build: GraphileBuild.Build, codec: PgCodec, part: Field) {
  const type = isEmbed(part)
    ? build.getOutputTypeByName(part.type.object)
    : build.getGraphQLTypeByPgCodec(codec.attributes![part.column]!.codec as never, 'output')
  const key = lastName(part)
  const isOpen = part.optional || (part.type.kind === 'float' && mayHoldNoNumber(codec))
  return {
    type: isOpen ? type : new build.graphql.GraphQLNonNull(type as never),
    description: part.note ?? undefined,
    plan: ($object: ExecutableStep) => access($object, key),
  }
}

function outputField(build: GraphileBuild.Build, embed: EmbedField) {
  const type = build.getOutputTypeByName(embed.type.object)
  return {
    type: embed.optional ? type : new build.graphql.GraphQLNonNull(type as never),
    description: embed.note ?? undefined,
    plan: ($record: RecordStep) => objectStep($record, embed),
  }
}

type RecordStep = { get(column: string): ExecutableStep }

/** All parts of a value object; null where it is missing. */
function objectStep($record: RecordStep, embed: EmbedField): ExecutableStep {
  const parts = membersOf(embed).map((part) => [
    lastName(part),
    isEmbed(part) ? objectStep($record, part) : $record.get(part.column),
  ])
  const $parts = object(Object.fromEntries(parts)) as ExecutableStep
  const presence = requiredParts(embed)[0]
  if (!embed.optional) return $parts
  if (presence === undefined) {
    const values = leavesOf(embed).map(({ column }) => $record.get(column))
    return lambda([$parts, ...values], anyPart, true)
  }
  return lambda([$record.get(presence.column), $parts], presentParts, true)
}

function presentParts([presence, parts]: readonly unknown[]): unknown {
  return presence === null || presence === undefined ? null : parts
}

/** Where no part must be there, as in the history of a row, any part tells that the object is. */
function anyPart([parts, ...values]: readonly unknown[]): unknown {
  return values.some((value) => value !== null && value !== undefined) ? parts : null
}

interface Condition {
  readonly alias: SQL
  readonly extensions: { rowhouseEmbed?: { embed: EmbedField; codec: PgCodec }; pgFilterAttribute?: object }
  where(condition: SQL): void
}

function filterField(build: GraphileBuild.Build, codec: PgCodec, embed: EmbedField) {
  return {
    type: build.getTypeByName(filterName(embed)),
    description: `Filter by the parts of \`${lastName(embed)}\`.`,
    apply: (parent: Condition, value: unknown) => inside(build, parent, value, { rowhouseEmbed: { embed, codec } }),
  }
}

/** The parts of one filter all have to hold, of the object that the filter around them is about. */
function registerFilter(build: GraphileBuild.Build, { embed, codec }: ObjectPlace): void {
  const parts = () =>
    membersOf(embed).flatMap((part) => {
      const type = isEmbed(part) ? filterName(part) : operatorsName(build, codec, part)
      return type === null ? [] : [[lastName(part), partFilter(build, type, lastName(part))] as const]
    })
  const presence = requiredParts(embed).length === 0 ? [] : [['isNull', nullFilter(build)] as const]
  const spec = () => ({
    description: `A filter on the parts of a \`${embed.type.object}\`; all of them must hold.`,
    fields: () => Object.fromEntries([...presence, ...parts()]),
  })
  build.registerInputObjectType(filterName(embed), {}, spec as never, 'EmbedPlugin')
}

function operatorsName(build: GraphileBuild.Build, codec: PgCodec, part: Field): string | null {
  const { connectionFilterOperatorsDigest } = build as unknown as {
    connectionFilterOperatorsDigest(codec: unknown): { readonly operatorsTypeName: string } | null
  }
  return connectionFilterOperatorsDigest(codec.attributes![part.column]!.codec)?.operatorsTypeName ?? null
}

function nullFilter(build: GraphileBuild.Build) {
  return {
    type: build.graphql.GraphQLBoolean,
    description: 'Whether the object is missing.',
    apply: (condition: Condition, value: unknown) => {
      if (value === undefined) return
      if (value === null) throw new Error(nullRefused)
      const { embed } = condition.extensions.rowhouseEmbed!
      const column = sql`${condition.alias}.${sql.identifier(requiredParts(embed)[0]!.column)}`
      condition.where(value === true ? sql`${column} is null` : sql`${column} is not null`)
    },
  }
}

function partFilter(build: GraphileBuild.Build, type: string, key: string) {
  return {
    type: build.getTypeByName(type),
    apply: (condition: Condition, value: unknown) => {
      const { embed, codec } = condition.extensions.rowhouseEmbed!
      const part = membersOf(embed).find((each) => lastName(each) === key)!
      if (isEmbed(part)) return inside(build, condition, value, { rowhouseEmbed: { embed: part, codec } })
      const attribute = codec.attributes![part.column]
      const place = { fieldName: key, attributeName: part.column, attribute }
      return inside(build, condition, value, { pgFilterAttribute: place })
    },
  }
}

/** The words of the filter plugin, so that the refusal is told as its own are. */
const nullRefused = 'Null literals are forbidden in filter argument input.'

function inside(build: GraphileBuild.Build, parent: Condition, value: unknown, extensions: object): unknown {
  if (value === undefined) return undefined
  if (value === null) throw new Error(nullRefused)
  const { PgCondition } = (build as unknown as { dataplanPg: { PgCondition: new (parent: unknown) => Condition } })
    .dataplanPg
  const condition = new PgCondition(parent)
  Object.assign(condition.extensions, extensions)
  return condition
}
