import { context, type ExecutableStep, get, lambda } from 'grafast'
import { Bug, canonicalHash } from '#base'
import { abilitiesFor, indexModel, type ModelIndex, type PackedAbilities, type RowShape } from '#policies'
import type { Model } from '#schema'
import type { RequestSettings } from '../../postgres/with-pg-client.ts'
import { apiShape } from '../rights/api-shape.ts'
import { callerOfSettings } from '../rights/caller-of-settings.ts'
import 'postgraphile'

const typeName = 'Viewer'

/** `viewer { id roles abilities etag }`: who asks, and what it may do as far as it may know. */
export const ViewerPlugin: GraphileConfig.Plugin = {
  name: 'ViewerPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        build.registerObjectType(typeName, {}, () => viewerSpec(build) as never, 'ViewerPlugin')
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (scope.isRootQuery !== true) return fields
        const { GraphQLNonNull } = build.graphql
        const field = fieldWithHooks({ fieldName: 'viewer' }, () => ({
          type: new GraphQLNonNull(build.getOutputTypeByName(typeName) as never),
          description: 'Who asks.',
          plan: () => lambda(context() as never, viewerOf(build)) as never,
        }))
        return build.extend(fields, { viewer: field }, 'ViewerPlugin')
      },
    },
  },
}

interface Asker {
  readonly pgSettings: RequestSettings
  readonly roles: readonly string[] | null
  /** Whole, as it is served now: rules change without a new schema. */
  readonly rowhouseModel?: Model
}

interface Viewer {
  readonly id: string | null
  readonly roles: readonly string[]
  readonly packed: () => PackedAbilities
}

function viewerSpec(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLList, GraphQLString, GraphQLID } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  const made = (give: (packed: PackedAbilities) => unknown) => ($viewer: ExecutableStep) =>
    lambda($viewer, (viewer) => give((viewer as Viewer).packed()))
  return {
    assertStep: null,
    description: 'Whoever sends the request.',
    fields: () => ({
      id: {
        type: GraphQLID,
        description: 'Key of the caller; null for visitors.',
        plan: ($viewer: ExecutableStep) => get($viewer as never, 'id' as never),
      },
      roles: {
        type: new GraphQLNonNull(new GraphQLList(text)),
        description: 'Roles of the caller, without those that they include.',
        plan: ($viewer: ExecutableStep) => get($viewer as never, 'roles' as never),
      },
      abilities: {
        type: new GraphQLNonNull(build.getOutputTypeByName(build.inflection.builtin('JSON')) as never),
        description:
          'What the caller may do, as far as it may know: packed rules for `abilities` of `rowhouse/client`.',
        plan: made((packed) => packed),
      },
      etag: {
        type: text,
        description: 'Changes when the abilities do.',
        // When they were made says nothing of what they are.
        plan: made(({ at: _, ...packed }) => canonicalHash(packed)),
      },
    }),
  }
}

function viewerOf(build: GraphileBuild.Build) {
  return (asker: unknown): Viewer => {
    const { pgSettings, roles, rowhouseModel: model } = asker as Asker
    if (model === undefined) throw new Bug('A request has no model.')
    let known: PackedAbilities | undefined
    const make = (): PackedAbilities => {
      const now = new Date()
      const { index, shape } = contextOf(model, build)
      const caller = callerOfSettings(model, pgSettings, { roles, now })
      return abilitiesFor(caller, { index, shape, now: now.toISOString() })
    }
    return {
      id: pgSettings['rowhouse.actor_id'] || null,
      roles: roles ?? [],
      packed: () => (known ??= make()),
    }
  }
}

interface AbilityBasis {
  readonly index: ModelIndex
  readonly shape: RowShape
}

const bases = new WeakMap<Model, AbilityBasis>()

function contextOf(model: Model, build: GraphileBuild.Build): AbilityBasis {
  const known = bases.get(model)
  if (known !== undefined) return known
  const nameOf = (type: string, value: string): string | null => {
    const found = build.getTypeByName(type)
    const values = found != null && 'getValues' in found ? found.getValues() : []
    return values.find((each) => each.value === value)?.name ?? null
  }
  const made = { index: indexModel(model), shape: apiShape(model, nameOf) }
  bases.set(model, made)
  return made
}
