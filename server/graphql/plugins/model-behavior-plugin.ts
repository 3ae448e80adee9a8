import type { Relation } from '#schema'
import 'postgraphile'
import '@graphile-contrib/pg-many-to-many'

interface Marked {
  readonly extensions?: { readonly rowhouseRelation?: Relation }
}

/** Shows the relations that the model declares and no others. */
export const ModelBehaviorPlugin: GraphileConfig.Plugin = {
  name: 'ModelBehaviorPlugin',
  version: '1.0.0',
  schema: {
    entityBehavior: {
      pgCodecRelation: {
        override: {
          provides: ['model'],
          after: ['override'],
          callback: (behavior: unknown, relation: unknown) => [behavior, ...relationBehavior(relation as Marked)],
        },
      },
      pgManyToMany: {
        override: {
          provides: ['model'],
          after: ['override'],
          callback: (behavior: unknown, details: unknown) => [behavior, ...wayBehavior(details)],
        },
      },
    } as never,
  },
}

/** Explicit, because the entity in between of a link hides itself. */
function wayBehavior(details: unknown): readonly string[] {
  return isDeclared(details) ? ['manyToMany', 'connection', '-list'] : ['-*']
}

type Behavior = '-*' | 'manyToMany' | 'select' | '-manyToMany' | '-list'

function relationBehavior(marked: Marked): readonly Behavior[] {
  switch (marked.extensions?.rowhouseRelation?.kind) {
    case 'through':
      return ['-*', 'manyToMany', 'select']
    // The second hop of a many-to-many is a to-one; the first never is.
    case 'one':
      return ['manyToMany', '-list']
    case 'many':
    case 'hasOne':
    case 'lineage':
    case 'oneOf':
    case undefined:
      return ['-manyToMany', '-list']
  }
}

/** One pair of hops is what a `through` of the model says; the plugin finds every pair. */
function isDeclared(details: unknown): boolean {
  const { leftTable, leftRelationName, rightRelationName } = details as {
    readonly leftTable: { getRelation(name: string): Marked }
    readonly leftRelationName: string
    readonly rightRelationName: string
  }
  const relation = leftTable.getRelation(leftRelationName).extensions?.rowhouseRelation
  return relation?.kind === 'through' && relation.toward === rightRelationName
}
