import {
  type Comparison,
  type Condition,
  columnField,
  type Entity,
  type FieldType,
  type Model,
  type ModelPath,
  type Rule,
  ruleCovers,
  toOnesOf,
} from '#schema'
import { indexModel, type ModelIndex } from '../to-sql/model-index.ts'

/** A field or to-one relation by which a rule of reading finds its rows. */
export interface SoughtColumn {
  /** Whose it is: of the rule, or one that the rule leads to. */
  readonly entity: Entity
  /** Name of the field or to-one relation. */
  readonly name: string
  /** Where the rule says it. */
  readonly path: ModelPath
}

/**
 * What rules look rows up by without an index, so that every list reads every row of the tenant. A rule that names an indexed value beside
 * it is fast anyway, and one that names nothing to look up by reads every row by its nature: of both nothing is said.
 */
export function unindexedColumns(
  model: Model,
  isIndexed: (entity: Entity, name: string) => boolean,
): readonly SoughtColumn[] {
  const index = indexModel(model)
  return model.policies.flatMap((policy) => {
    const entity = index.entities.get(policy.entity)
    if (entity === undefined) return []
    return policy.rules
      .filter((rule) => readsRows(entity, rule))
      .flatMap((rule) => {
        const path = [entity.name, 'policy', rule.title, 'where']
        const found = search(rule.where!, { entity, path, index, isIndexed })
        return Array.isArray(found) ? found : []
      })
  })
}

/** Whether an index finds the rows of a rule, so that what else it asks is asked of few. */
export function findsByIndex(
  where: Condition,
  { entity, index, isIndexed }: Pick<Search, 'entity' | 'index' | 'isIndexed'>,
): boolean {
  return search(where, { entity, path: [], index, isIndexed }) === 'indexed'
}

function readsRows(entity: Entity, rule: Rule): boolean {
  return rule.effect === 'allow' && rule.where !== null && ruleCovers(entity, rule, 'read')
}

interface Search {
  readonly entity: Entity
  readonly path: ModelPath
  readonly index: ModelIndex
  readonly isIndexed: (entity: Entity, name: string) => boolean
}

/** `indexed`: rows are found by an index. `open`: there is nothing to find them by. Else what lacks an index. */
type Found = 'indexed' | 'open' | readonly SoughtColumn[]

function search(condition: Condition, at: Search): Found {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.all.map((each) => search(each, at))
      if (parts.includes('indexed')) return 'indexed'
      return parts.find((part) => part !== 'open') ?? 'open'
    }
    case 'or': {
      const parts = condition.any.map((each) => search(each, at))
      if (parts.includes('open')) return 'open'
      const lacking = parts.flatMap((part) => (typeof part === 'string' ? [] : part))
      return lacking.length === 0 ? 'indexed' : lacking
    }
    case 'not':
    case 'many':
    case 'may':
    case 'fact':
      return 'open'
    case 'compare':
      return isSelective(condition, at) ? lookUp(condition.on, at) : 'open'
    case 'path':
      return searchPath(condition, at)
  }
}

/** The target is found first, then the rows that lead to it. */
function searchPath(condition: Extract<Condition, { kind: 'path' }>, at: Search): Found {
  const relation = at.entity.relations.find(({ name }) => name === condition.relation)
  const target = relation?.kind === 'one' ? at.index.entities.get(relation.to) : undefined
  if (target === undefined) return 'open'
  const found = search(condition.where, { ...at, entity: target, path: [...at.path, condition.relation] })
  if (found === 'open') return 'open'
  const link = lookUp(condition.relation, at)
  const lacking = [...(typeof link === 'string' ? [] : link), ...(typeof found === 'string' ? [] : found)]
  return lacking.length === 0 ? 'indexed' : lacking
}

function lookUp(name: string, { entity, path, isIndexed }: Search): Found {
  return isIndexed(entity, name) ? 'indexed' : [{ entity, name, path: [...path, ...name.split('.')] }]
}

const few: ReadonlySet<FieldType['kind']> = new Set(['choice', 'boolean'])

/** Values that come with the caller tell few rows from many, unless they are of a few kinds alone. */
function isSelective({ on, op, to }: Comparison, { entity }: Search): boolean {
  if ((op !== 'is' && op !== 'in') || to.kind !== 'actor') return false
  if (toOnesOf(entity).some(({ name }) => name === on)) return true
  const field = columnField(entity, on)
  return field !== undefined && !few.has(field.type.kind)
}
