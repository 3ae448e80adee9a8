import type { PgRegistry } from '@dataplan/pg'
import { constant } from 'grafast'
import { isHidden } from '../is-hidden.ts'
import 'postgraphile'

interface Scope {
  readonly isPgSingleRelationField?: boolean
  readonly pgRelationDetails?: {
    readonly registry: PgRegistry
    readonly codec: { readonly name: string }
    readonly relationName: string
  }
}

/**
 * A relation to one is null for whoever no rule shows any target: Postgres grants such a caller no column of that table, and
 * would refuse the whole list for the sake of one field.
 */
export const HiddenTargetsPlugin: GraphileConfig.Plugin = {
  name: 'HiddenTargetsPlugin',
  version: '1.0.0',
  after: ['PgRelationsPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, context) {
        const target = targetOf(context.scope as Scope)
        const { plan } = field
        if (target === null || plan === undefined) return field
        const planned: typeof plan = (...args) => (isHidden(build, target) ? (constant(null) as never) : plan(...args))
        return { ...field, plan: planned }
      },
    },
  },
}

function targetOf({ isPgSingleRelationField, pgRelationDetails }: Scope): string | null {
  if (isPgSingleRelationField !== true || pgRelationDetails === undefined) return null
  const { registry, codec, relationName } = pgRelationDetails
  const relations = registry.pgRelations as Readonly<
    Record<string, Readonly<Record<string, { readonly remoteResource: { readonly name: string } }>>>
  >
  return relations[codec.name]?.[relationName]?.remoteResource.name ?? null
}
