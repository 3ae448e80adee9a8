import { type ExecutableStep, lambda } from 'grafast'
import type { Entity, EntityMap, HeldColumn } from '#schema'
import { keyFields } from '../key-fields.ts'
import 'postgraphile'

type Key = Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, unknown>>

const description = 'The global id that the row had, by which a cache forgets it.'

/** `deletedNodeId` of a payload whose row is out of sight: what Relay's `@deleteRecord` and `@deleteEdge` take. */
export function deletedNodeIdField(
  build: GraphileBuild.Build,
  of: { readonly entity: Entity; readonly entities: EntityMap },
  $key: (payload: never) => ExecutableStep,
): Fields {
  const { GraphQLID, GraphQLNonNull } = build.graphql
  const fields = keyFields(of.entity, of.entities)
  const plan = ($payload: never) => lambda($key($payload), (key) => nodeId(build, of.entity.name, values(fields, key)))
  return { deletedNodeId: { type: new GraphQLNonNull(GraphQLID), description, plan } }
}

/** `deletedNodeIds` of a batch, whose payload may be that of several entities: `$entity` is the name of the one. */
export function deletedNodeIdsField(
  build: GraphileBuild.Build,
  of: { readonly entity: Entity; readonly entities: EntityMap },
  steps: (payload: never) => readonly [$entity: ExecutableStep, $keys: ExecutableStep],
): Fields {
  const { GraphQLID, GraphQLList, GraphQLNonNull } = build.graphql
  const type = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLID)))
  const fields = keyFields(of.entity, of.entities)
  const plan = ($payload: never) =>
    lambda(steps($payload) as never, ([entity, keys]: readonly [string, readonly Key[]]) =>
      keys.map((key) => nodeId(build, entity, values(fields, key))),
    )
  return { deletedNodeIds: { type, description: 'The global ids that the rows had, in the order of the input.', plan } }
}

/** As `nodeId` of the row itself was written. */
function nodeId(build: GraphileBuild.Build, entity: string, key: readonly unknown[]): string {
  return build.getNodeIdHandler!(entity)!.codec.encode([entity, ...key]) as string
}

/** What callers may write in several ways, as Postgres does. */
function values(fields: readonly HeldColumn[], key: unknown): readonly unknown[] {
  return fields.map(({ name, type }) => {
    const given = (key as Key)[name]
    if (type.kind === 'uuid') return String(given).toLowerCase()
    return type.kind === 'int64' ? String(BigInt(given as string)) : given
  })
}
