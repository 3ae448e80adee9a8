import type { ModelIndex } from '#policies'
import {
  type Entity,
  type Field,
  hasTenant,
  ownTenantColumn,
  type Relation,
  storedColumn,
  storedOf,
  type ToOne,
  targetTenantColumn,
  toOnesOf,
} from '#schema'
import type { Column, Table } from '../catalog/catalog.ts'
import { isSearched, searchColumn } from '../catalog/search.ts'
import { because, type Explaining, type Explanation, entityPath, listed } from './explanation.ts'
import { partOfColumn, pathOfName } from './part-of-column.ts'

/** Why a table has a column. */
export function explainColumn(entity: Entity, table: Table, column: Column, { index }: Explaining): Explanation {
  const part = partOfColumn(entity, column.name)
  const name = `"${column.name}"`
  const target = targetOf(entity, column.name, index)
  if (target !== null) {
    const sentence = `${name} says whose the ${target.to} is that ${target.name} leads to: the tenant's own or one of all tenants.`
    return because(sentence, [pathOfName(entity, target.name)])
  }
  if (part === null && column.name === ownTenantColumn) {
    const sentence = `${name} says whose row it is where it is a tenant's own, which exists; nothing where it is of all tenants.`
    return because(sentence, [entityPath(entity)])
  }
  if (part === null && isSearched(entity) && column.name === searchColumn(entity)) {
    const texts = entity.search.fields.map((each) => each.name)
    const sentence = `${name} holds the words of ${listed(texts)}, by which rows of ${entity.name} are found; Postgres computes it.`
    return because(sentence, [[entity.name, 'search']])
  }
  const formula = storedOf(entity).find((each) => storedColumn(each) === column.name)
  if (formula !== undefined) {
    const sentence = `${name} holds ${formula.name} of ${entity.name}, which follows from its formula; triggers keep it right, and nobody writes it.`
    return because(sentence, [[entity.name, 'computed', formula.name]])
  }
  if (part === null && hasTenant(entity)) {
    return because(`${name} says whose row it is: each ${entity.name} belongs to one tenant.`, [entityPath(entity)])
  }
  if (part === null) return because(`${name} is kept for ${entity.name}.`, [entityPath(entity)])
  const of = entity.link === null ? entity.name : table.name
  const says = part.relation === null ? fieldWords(part.field!, of, column) : relationWords(part.relation, entity, of)
  return because([`${name} ${says}${endWords(column)}.`, ...notes(part.field, part.relation)], [part.path])
}

function targetOf(entity: Entity, column: string, index: ModelIndex): ToOne | null {
  return toOnesOf(entity).find((each) => targetTenantColumn(each, index.entities) === column) ?? null
}

function fieldWords(field: Field, of: string, column: Column): string {
  if (field.builtIn) return builtInWords[field.name]?.(of) ?? `holds ${field.name} of ${of}`
  return `holds ${field.column === column.name ? '' : 'a part of '}${field.name} of ${of}`
}

const builtInWords: Readonly<Record<string, (of: string) => string>> = {
  isShared: (of) => `says whether a row of ${of} is of all tenants`,
  id: (of) => `tells the rows of ${of} apart`,
  status: (of) => `holds the state of each ${of}`,
  createdAt: (of) => `says when a row of ${of} was made`,
  updatedAt: (of) => `says when a row of ${of} was last changed`,
  refreshedAt: (of) => `says when the rows of ${of} were computed`,
  deletedAt: (of) => `says when a row of ${of} was removed; while it is live, nothing`,
}

function relationWords(relation: Relation, { link }: Entity, of: string): string {
  if (relation.kind !== 'one') return `belongs to ${relation.name} of ${of}`
  if (link !== null) return `leads to the ${relation.to} at one end of each row of ${of}`
  return `leads to the ${relation.to} that is ${relation.name} of ${of}`
}

function endWords({ notNull, default: value, identity }: Column): string {
  if (identity) return '; numbered by Postgres'
  if (value !== null)
    return notNull ? '; never empty, filled in where it is left out' : '; filled in where it is left out'
  return notNull ? '; required' : '; may be empty'
}

function notes(...parts: readonly (Field | Relation | null)[]): readonly string[] {
  return parts.flatMap((part) => (part?.note === null || part === null || part === undefined ? [] : [`"${part.note}"`]))
}
