import type { PgResource } from '@dataplan/pg'
import { constant, type ExecutableStep, get, lambda, list, ObjectStep, object } from 'grafast'
import type { Entity } from '#schema'
import { inputType } from '../graphql-type.ts'
import { isHidden } from '../is-hidden.ts'
import { keyTypeOf } from '../links.ts'
import { entitiesOf, entityResources, keyColumnOf } from '../model-of-build.ts'
import { choiceFields } from '../nested/nested-inputs.ts'
import { type OneOfSide, oneOfSides } from '../one-of.ts'
import 'postgraphile'

interface Row {
  get(column: string): ExecutableStep
}

/** `subject { ... on Invoice { … } }`: a union for each relation to one of several entities, and the input that writes it. */
export const OneOfPlugin: GraphileConfig.Plugin = {
  name: 'OneOfPlugin',
  version: '1.0.0',
  after: ['PgTablesPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const { entity } of entityResources(build)) {
          for (const side of oneOfSides(entity)) {
            registerUnion(build, entity, side)
            registerInput(build, entity, side)
          }
        }
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        const { isPgClassType, pgCodec } = context.scope
        const own = entityResources(build).find(({ resource }) => resource.codec === pgCodec)
        if (isPgClassType !== true || own === undefined) return fields
        const added = oneOfSides(own.entity).map((side) => [
          side.relation.name,
          context.fieldWithHooks({ fieldName: side.relation.name }, () => field(build, side) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'OneOfPlugin')
      },
    },
  },
}

function resourceOf(build: GraphileBuild.Build, name: string): PgResource {
  return entityResources(build).find(({ entity }) => entity.name === name)!.resource
}

function rowOf(resource: PgResource, $key: ExecutableStep): ExecutableStep {
  return resource.get({ [keyColumnOf(resource)]: $key } as never) as never
}

function registerUnion(build: GraphileBuild.Build, entity: Entity, side: OneOfSide): void {
  const names = side.targets.map(({ to }) => to)
  const spec = () => ({
    description: `What "${side.relation.name}" of a ${entity.name} leads to.`,
    types: () => names.map((name) => build.getOutputTypeByName(name)),
    planType: ($specifier: ExecutableStep, { $original }: { readonly $original: ExecutableStep | null }) => ({
      $__typename: get($specifier as never, '__typename' as never),
      // The row that the name was told from, where the plan still knows it; else it is read again.
      planForType: ({ name }: { readonly name: string }) =>
        $original instanceof ObjectStep
          ? ($original as unknown as Row).get(name)
          : rowOf(resourceOf(build, name), get($specifier as never, 'id' as never)),
    }),
  })
  build.registerUnionType(side.typeName, {}, spec as never, 'OneOfPlugin')
}

function registerInput(build: GraphileBuild.Build, entity: Entity, side: OneOfSide): void {
  const spec = () => ({
    description: 'Exactly one of the keys.',
    isOneOf: true,
    fields: () =>
      Object.fromEntries([
        ...side.targets.map(({ idName, to }) => [idName, { type: inputType(build, keyTypeOf(to, entitiesOf(build))) }]),
        ...Object.entries(choiceFields(build, entity, side.relation.name)),
      ]),
  })
  build.registerInputObjectType(`${side.typeName}Input`, {}, spec as never, 'OneOfPlugin')
}

/** Null where there is no target, and where the caller may not read it: only rows that were found are told apart. */
function field(build: GraphileBuild.Build, { relation, targets, typeName }: OneOfSide) {
  return {
    type: build.getOutputTypeByName(typeName),
    description: relation.note ?? undefined,
    plan: ($row: Row) => {
      const $rows = targets.map(({ to, column }) =>
        isHidden(build, to) ? null : (rowOf(resourceOf(build, to), $row.get(column)) as unknown as Row),
      )
      const keys = targets.map(({ to }) => keyColumnOf(resourceOf(build, to)))
      const $ids = list($rows.map(($each, at) => $each?.get(keys[at]!) ?? constant(null)) as never)
      const $found = lambda($ids as never, (ids: readonly unknown[]) => ids.findIndex((id) => id != null), true)
      return object({
        __typename: lambda($found, (index) => targets[index as number]?.to ?? null, true),
        id: lambda([$ids, $found] as never, ([ids, index]: [readonly unknown[], number]) => ids[index] ?? null, true),
        ...Object.fromEntries(targets.map(({ to }, index) => [to, $rows[index] ?? constant(null)])),
      } as never)
    },
  }
}
