import { type PgCodec, TYPES } from '@dataplan/pg'
import { isListType, isNonNullType } from 'graphql'
import type { Entity } from '#schema'
import { isMinorCodec } from '../field-codec.ts'
import { sureExtensions } from '../sure-fields.ts'
import 'postgraphile'

interface Scope {
  readonly isPgClassType?: boolean
  readonly pgCodec?: PgCodec
  readonly pgFieldAttribute?: { readonly codec: PgCodec }
  readonly isPgSingleRelationField?: boolean
}

/** Codecs that read every text that Postgres writes. */
const sureCodecs: ReadonlySet<unknown> = new Set([
  ...[TYPES.text, TYPES.uuid, TYPES.int, TYPES.bigint, TYPES.numeric, TYPES.boolean],
  ...[TYPES.timestamptz, TYPES.date, TYPES.time],
])

/**
 * Marks fields that cannot fail once Postgres has answered: plain columns, and relations to one row. Of a change whose answer has
 * nothing else the end travels along.
 */
export const SureFieldsPlugin: GraphileConfig.Plugin = {
  name: 'SureFieldsPlugin',
  version: '1.0.0',
  after: ['PgAttributesPlugin', 'PgRelationsPlugin', 'HiddenFieldsPlugin', 'HiddenTargetsPlugin', 'FiniteFloatsPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, context) {
        const scope = context.scope as Scope
        if (scope.isPgClassType !== true || !(isSureColumn(scope, field.type) || isToOne(scope, field.type)))
          return field
        return { ...field, extensions: sureExtensions(field) }
      },
    },
  },
}

function isSureColumn({ pgCodec, pgFieldAttribute }: Scope, type: unknown): boolean {
  if (pgFieldAttribute === undefined || isListType(type)) return false
  const { rowhouseEntity: entity, rowhouseHidden: hidden } = (pgCodec?.extensions ?? {}) as {
    readonly rowhouseEntity?: Entity
    readonly rowhouseHidden?: object
  }
  const { codec } = pgFieldAttribute
  const isChoice = (codec as { readonly values?: unknown }).values !== undefined
  // Nobody checks what is in a table that was there before, and a hidden value may be an error.
  if (entity?.source.kind !== 'table' || hidden !== undefined) return false
  return sureCodecs.has(codec) || isMinorCodec(codec) || isChoice
}

function isToOne({ isPgSingleRelationField }: Scope, type: unknown): boolean {
  return isPgSingleRelationField === true && !isNonNullType(type)
}
