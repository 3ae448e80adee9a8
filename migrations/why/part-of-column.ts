import { columnFields, type Entity, type Field, groupOf, type ModelPath, pathOfField, type Relation } from '#schema'
import type { Table } from '../catalog/catalog.ts'
import { entityPath } from './explanation.ts'

/** The part of an entity that a column holds. */
export interface ColumnPart {
  /** As the author calls it: `customer`, `delivery.city`. */
  readonly name: string
  readonly path: ModelPath
  readonly field: Field | null
  readonly relation: Relation | null
}

/** What a column of an entity's table holds, or null for the tenant's. */
export function partOfColumn(entity: Entity, column: string): ColumnPart | null {
  const field = columnFields(entity).find((each) => each.column === column)
  if (field !== undefined) return { name: field.name, path: pathOfName(entity, field.name), field, relation: null }
  for (const relation of entity.relations) {
    if (!holds(relation, column)) continue
    return { name: relation.name, path: relationPath(entity, relation.name), field: null, relation }
  }
  return null
}

/** Where a name in a list of the author's leads: a field, a to-one relation, or a part of a value object. */
export function pathOfName(entity: Entity, name: string): ModelPath {
  if (entity.historyOf !== null) return entityPath(entity)
  const outer = name.split('.')[0]!
  const field = entity.fields.find((each) => each.name === outer)
  if (field === undefined) return relationPath(entity, outer)
  return field.builtIn ? builtInPath(entity, field) : pathOfField(entity, name)
}

/** Parts of an entity whose columns an SQL text names, in order, each once. */
export function partsIn(entity: Entity, table: Table, text: string): readonly ColumnPart[] {
  const quotedNames = [...text.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name!.replaceAll('""', '"'))
  const columns = [...new Set(quotedNames)].filter((name) => table.columns.some((column) => column.name === name))
  const parts = columns.map((column) => partOfColumn(entity, column)).filter((part) => part !== null)
  return [...new Map(parts.map((part) => [part.name, part])).values()]
}

function builtInPath(entity: Entity, field: Field): ModelPath {
  return field.name === 'status' && entity.lifecycle !== null ? [entity.name, 'lifecycle'] : entityPath(entity)
}

/** Links and relations to one of several have to-ones that nobody wrote. */
function relationPath(entity: Entity, name: string): ModelPath {
  if (entity.link !== null || entity.historyOf !== null) return entityPath(entity)
  return [entity.name, 'relations', groupOf(entity, name)?.name ?? name]
}

/** Whether a part of the model keeps something in the column: its own, that of a place among siblings, that of an inner part. */
function holds(part: unknown, column: string): boolean {
  if (typeof part !== 'object' || part === null) return false
  if (Array.isArray(part)) return part.some((each) => holds(each, column))
  return Object.entries(part).some(([key, value]) =>
    typeof value === 'string' ? value === column && /^(column|position)$/.test(key) : holds(value, column),
  )
}
