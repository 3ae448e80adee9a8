import type { PgCodec } from '@dataplan/pg'
import { type ExecutableStep, get, lambda } from 'grafast'
import { GraphQLFloat, getNamedType, getNullableType } from 'graphql'
import type { Entity } from '#schema'
import 'postgraphile'

type FieldPlan = ($parent: ExecutableStep, ...given: readonly unknown[]) => ExecutableStep

/**
 * A `float8` may hold NaN and Infinity, where a table was there before or a select computes them: GraphQL has no such number, and one row
 * would fail every list that it is in. It is null, and so is a list of numbers that holds one. Our own tables refuse them.
 */
export const FiniteFloatsPlugin: GraphileConfig.Plugin = {
  name: 'FiniteFloatsPlugin',
  version: '1.0.0',
  after: ['StructuresPlugin', 'EmbedPlugin', 'AggregateTypesPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        if (getNamedType(field.type) !== GraphQLFloat) return field
        const { fieldName, pgCodec, pgFieldAttribute } = scope as Scope
        // Without a plan of its own, a field is what its parent has by this name.
        const plan = (field.plan as FieldPlan | undefined) ?? (($parent) => get($parent, fieldName) as ExecutableStep)
        const finite: FieldPlan = ($parent, ...given) => lambda(plan($parent, ...given), finiteOrNull, true)
        const isOpen = pgFieldAttribute !== undefined && pgCodec !== undefined && mayHoldNoNumber(pgCodec)
        return { ...field, plan: finite as never, ...(isOpen ? { type: getNullableType(field.type) } : {}) }
      },
    },
  },
}

interface Scope {
  readonly fieldName: string
  readonly pgCodec?: PgCodec
  readonly pgFieldAttribute?: object
}

/** True where a required float may yet be no number: nobody checks what is in a table that was there before. */
export function mayHoldNoNumber(codec: PgCodec): boolean {
  const { rowhouseEntity: entity } = (codec.extensions ?? {}) as { readonly rowhouseEntity?: Entity }
  return entity?.source.kind === 'adopted'
}

function finiteOrNull(value: unknown): unknown {
  const isKnown = (each: unknown): boolean => typeof each !== 'number' || Number.isFinite(each)
  return (Array.isArray(value) ? value.every(isKnown) : isKnown(value)) ? value : null
}
