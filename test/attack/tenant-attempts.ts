import { type GraphQLArgument, type GraphQLInputType, getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { Entity } from '#schema'
import { type Attempt, type AttemptSource, targetOf } from './attempt.ts'
import { mutationAttempts } from './mutation-attempts.ts'

/** Every place of the API where an id can stand: arguments, filters however deep, inputs, patches. Read from the schema, so that nothing is forgotten. */
export function tenantAttempts(source: AttemptSource): readonly Attempt[] {
  return [...byId(source), ...byFilter(source), ...mutationAttempts(source)]
}

/** Lists of the API: at the root, and under a row of the caller's own. */
export function listsOf({ schema, model, ownId }: AttemptSource): readonly List[] {
  const roots = Object.values(schema.getQueryType()!.getFields())
  const nested = model.entities.flatMap((entity) => {
    // Histories have no id of their own; they are lists of their rows.
    if (entity.historyOf !== null) return []
    const type = schema.getType(entity.name)
    const one = roots.find((field) => getNamedType(field.type) === type && field.args.some(({ name }) => name === 'id'))
    if (one === undefined || !isObjectType(type)) throw new Error(`"${entity.name}" cannot be asked for by its id.`)
    const under = { prefix: `${one.name}(id: $own)`, own: ownId(entity.name) }
    return Object.values(type.getFields()).flatMap((field) => listOf(field, `${entity.name}.${field.name}`, under))
  })
  const all = [...roots.flatMap((field) => listOf(field, field.name, { prefix: '', own: null })), ...nested]
  const histories = new Set(model.entities.filter(({ historyOf }) => historyOf !== null).map(({ name }) => name))
  return all.map((list) => ({ ...list, isHistory: histories.has(list.entity) }))
}

/** A list of the API. */
export interface List {
  readonly name: string
  readonly field: string
  readonly prefix: string
  /** Id of the row in the prefix, a variable of the query: texts that are alike are planned once. */
  readonly own: string | null
  readonly filter: string
  readonly orderBy: string
  readonly entity: string
  /** Its rows have no `id`. */
  readonly isHistory: boolean
}

/** What every row of a list can be asked for. */
export function keyOf({ isHistory }: List): string {
  return isHistory ? '__typename' : 'id'
}

function listOf(
  field: { readonly name: string; readonly args: readonly GraphQLArgument[] },
  name: string,
  under: Pick<List, 'prefix' | 'own'>,
): readonly Omit<List, 'isHistory'>[] {
  const typeOf = (wanted: string) => field.args.find((arg) => arg.name === wanted)?.type
  const [filter, orderBy] = [typeOf('filter'), typeOf('orderBy')]
  if (filter === undefined || orderBy === undefined) return []
  const entity = getNamedType(filter).name.replace(/Filter$/, '')
  const types = { filter: getNamedType(filter).name, orderBy: getNamedType(orderBy).name }
  return [{ name, ...under, field: field.name, entity, ...types }]
}

/** The text that asks for a list. */
export function listQuery(list: List, variables: string, args: string): string {
  const asked = `${list.field}(${args}) { totalCount nodes { ${keyOf(list)} } pageInfo { hasNextPage hasPreviousPage } }`
  return under(list, variables, asked)
}

/** A query for something in the row that a list is in. Its variables are {@link ownOf} and those given. */
export function under({ prefix }: List, variables: string, asked: string): string {
  const declared = [...(prefix === '' ? [] : ['$own: UUID!']), ...(variables === '' ? [] : [variables])].join(', ')
  return `query ${declared === '' ? '' : `(${declared}) `}{ ${prefix === '' ? asked : `${prefix} { ${asked} }`} }`
}

/** Variables for the row that a list is in. */
export function ownOf({ own }: List): object {
  return own === null ? {} : { own }
}

function byId({ schema, model }: AttemptSource): readonly Attempt[] {
  return Object.values(schema.getQueryType()!.getFields()).flatMap((field): readonly Attempt[] => {
    const target = getNamedType(field.type).name
    // Row of no entity: test/attack/failed-jobs.test.ts.
    if (field.name === 'failedJob' || !field.args.some(({ name }) => name === 'id')) return []
    const to = model.entities.find(({ name }) => name === target)!.relations.map(({ name }) => `${name} { __typename }`)
    const query = `query ($id: UUID!) { ${field.name}(id: $id) { id createdAt ${to.join(' ')} } }`
    return [{ name: `${field.name}(id)`, target, query, variables: (id) => ({ id }) }]
  })
}

function byFilter(source: AttemptSource): readonly Attempt[] {
  return listsOf(source).flatMap((list) => {
    const query = listQuery(list, `$filter: ${list.filter}`, 'first: 3, filter: $filter')
    const type = source.schema.getType(list.filter) as GraphQLInputType
    const hops = list.prefix === '' ? mostHops : 0
    return filtersOf(source, type, hops).map(({ path, target, make }) => ({
      name: `${list.name}(filter: ${path})`,
      target,
      query,
      variables: (id) => ({ ...ownOf(list), filter: make(id) }),
    }))
  })
}

interface FilterPath {
  readonly path: string
  readonly target: string
  make(id: string): object
}

const comparisons: Readonly<Record<string, (id: string) => unknown>> = {
  equalTo: (id) => id,
  notEqualTo: (id) => id,
  distinctFrom: (id) => id,
  notDistinctFrom: (id) => id,
  in: (id) => [id],
  notIn: (id) => [id],
  lessThan: (id) => id,
  lessThanOrEqualTo: (id) => id,
  greaterThan: (id) => id,
  greaterThanOrEqualTo: (id) => id,
}

/** Relations that a filter goes through at most; what follows is the same code again (two: 1,142 attempts instead of 560, nothing else found). */
const mostHops = 1
const quantifiers = ['some', 'none', 'every']
const connectives = ['and', 'or', 'not']

/** @param hops relations that a path may still take */
function filtersOf(source: AttemptSource, type: GraphQLInputType, hops: number): readonly FilterPath[] {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return []
  const entity = source.model.entities.find(({ name }) => `${name}Filter` === named.name)
  return Object.values(named.getFields()).flatMap((field): readonly FilterPath[] => {
    const inner = getNamedType(field.type)
    if (!isInputObjectType(inner) || field.name === 'aggregates') return []
    if (inner.name === 'UUIDFilter') return idComparisons(source, entity!, field.name, hops)
    const isConnective = connectives.includes(field.name)
    // Connectives hold the filter itself again: once is enough.
    if (isConnective && hops !== mostHops) return []
    const left = isConnective ? 0 : quantifiers.includes(field.name) ? hops : hops - 1
    if (left < 0) return []
    return filtersOf(source, inner, left).map(({ path, target, make }) => ({
      path: `${field.name}.${path}`,
      target,
      make: (id) => ({ [field.name]: ['and', 'or'].includes(field.name) ? [make(id)] : make(id) }),
    }))
  })
}

function idComparisons(source: AttemptSource, entity: Entity, field: string, hops: number): readonly FilterPath[] {
  const target = targetOf(entity, field)
  if (target === null) return []
  const type = source.schema.getType('UUIDFilter')
  const words = Object.keys(isInputObjectType(type) ? type.getFields() : {}).filter((word) => word !== 'isNull')
  const unknown = words.filter((word) => comparisons[word] === undefined)
  if (unknown.length > 0) throw new Error(`There are new comparisons of ids: ${unknown.join(', ')}.`)
  // All of them near the root; further down they are the same code.
  const used = hops === mostHops ? words : ['equalTo', 'notIn']
  return used.map((word) => ({
    path: `${field}.${word}`,
    target,
    make: (id) => ({ [field]: { [word]: comparisons[word]!(id) } }),
  }))
}
