import type { SchemaBuilder } from 'graphile-build'
import { Bug } from '#base'
import { entityResources } from './model-of-build.ts'
import { nestedTypeNames } from './nested/nested-inputs.ts'
import 'postgraphile'

/**
 * Makes the types by which entities refer to each other before any of them says its fields. `getTypeByName` asks a type for its fields as soon as it is made, those ask for
 * other types, and so on along all relations: 300 entities in a row were more than the stack of a thread holds. What is there already is not gone into.
 *
 * @param build whose types were all registered
 */
export function createTypesAhead(builder: SchemaBuilder, build: GraphileBuild.Build): void {
  const made = build.getAllTypes() as Record<string, unknown>
  for (const name of namesOf(build)) {
    const details = build.getTypeMetaByName(name)
    if (details === null || name in made) continue
    const { Constructor, scope, specGenerator } = details
    made[name] = builder.newWithHooks(build, Constructor as never, { ...specGenerator(), name } as never, scope)
  }
}

/** Rows, their filters, and what is written along: each is sure to have fields, a key at least. */
function namesOf(build: GraphileBuild.Build): readonly string[] {
  const ofRows = entityResources(build).flatMap(({ resource: { codec } }) => {
    const name = build.getGraphQLTypeNameByPgCodec(codec, 'output')
    if (name === null) throw new Bug(`Rows of "${codec.name}" have no type.`)
    return [name, build.inflection.filterType(name)]
  })
  return [...ofRows, ...nestedTypeNames(build)]
}
