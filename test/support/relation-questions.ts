import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql'

/** A question that follows a relation and, from there, every relation that there is. */
export interface RelationQuestion {
  /** `Order.customer` */
  readonly relation: string
  /** Takes `$n`, the rows that each list gives at most. */
  readonly text: string
  /** How many rows the relation leads to in an answer. */
  readonly rowsOf: (data: unknown) => number
}

/** One question for each relation of each entity that a schema lists. */
export function relationQuestions(schema: GraphQLSchema): readonly RelationQuestion[] {
  const lists = Object.values(schema.getQueryType()!.getFields()).filter(({ type }) => nodeOf(type) !== null)
  return lists.flatMap((list) => {
    const entity = nodeOf(list.type)!
    return relationsOf(entity).map((relation) => ({
      relation: `${entity.name}.${relation.name}`,
      text: `query ($n: Int) { list: ${list.name}(first: $n) { totalCount nodes { ${selected(entity, 0)} ${followed(relation, 'r', 1)} } } }`,
      rowsOf: (data: unknown) => rowsOf((data as { list: { nodes: readonly { r: unknown }[] } }).list.nodes),
    }))
  })
}

function rowsOf(nodes: readonly { readonly r: unknown }[]): number {
  const counted = nodes.map(({ r }) => (r === null ? 0 : ((r as { nodes?: readonly unknown[] }).nodes?.length ?? 1)))
  return counted.reduce((sum, count) => sum + count, 0)
}

type Field = GraphQLField<unknown, unknown>

/** The field under another name, with all relations behind it to a depth. */
function followed(field: Field, alias: string, depth: number): string {
  const row = nodeOf(field.type)
  if (row !== null) return `${alias}: ${field.name}(first: $n) { totalCount nodes { ${selected(row, depth)} } }`
  const type = getNamedType(field.type)
  if (!isUnionType(type)) return `${alias}: ${field.name} { ${selected(type as GraphQLObjectType, depth)} }`
  const kinds = type.getTypes().map((each, at) => `... on ${each.name} { ${selected(each, depth, `k${at}`)} }`)
  return `${alias}: ${field.name} { ${kinds.join(' ')} }`
}

function selected(type: GraphQLObjectType, depth: number, prefix = 'r'): string {
  const own = type.getFields().id === undefined ? '__typename' : 'id'
  if (depth === 0) return own
  const deeper = relationsOf(type).map((relation, at) => followed(relation, `${prefix}${at}`, depth - 1))
  return [own, ...deeper].join(' ')
}

function relationsOf(type: GraphQLObjectType): readonly Field[] {
  return Object.values(type.getFields()).filter((field) => {
    const target = getNamedType(field.type)
    return nodeOf(field.type) !== null || isUnionType(target) || (isObjectType(target) && isRow(target))
  })
}

/** The entity of a connection; null for other types. */
function nodeOf(type: GraphQLOutputType): GraphQLObjectType | null {
  const named = getNamedType(type)
  if (!isObjectType(named) || !named.name.endsWith('Connection')) return null
  const nodes = named.getFields().nodes
  return nodes === undefined ? null : (getNamedType(nodes.type) as GraphQLObjectType)
}

function isRow(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Node') && type.name !== 'Query'
}
