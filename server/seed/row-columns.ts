import {
  columnFields,
  type Entity,
  type Field,
  isEmbed,
  isNativeList,
  isStructured,
  isZoneless,
  type Relation,
  toOnesOf,
} from '#schema'
import type { SeedRow, SeedValue } from './define-seed.ts'
import { meant, seedColumns } from './seed-columns.ts'
import { oneOfColumns } from './seed-relations.ts'

/** Values of a row by column. What it says that the entity lacks, and what it lacks, is added to the problems. */
export function rowColumns(entity: Entity, row: SeedRow, problems: string[]): Record<string, SeedValue> {
  const { fields, relations, numbers } = wordsOf(entity)
  const result: Record<string, SeedValue> = {}
  for (const name of entity.key) if (row[name] === undefined) problems.push(`A row of "${entity.name}" has no ${name}.`)
  for (const name of numbers) {
    const isMissing = (row[name] ?? null) === null
    if (isMissing) problems.push(`A row of "${entity.name}" has no "${name}": a seed says numbers itself.`)
  }
  for (const [name, value] of Object.entries(row)) {
    const field = fields.get(name)
    const relation = field === undefined ? relations.get(name) : undefined
    if (field !== undefined && isPlain(field) && typeof value !== 'object') result[field.column] = value
    else if (field !== undefined) Object.assign(result, seedColumns(field, value, { entity, problems }))
    else if (relation?.kind === 'one') result[relation.column] = value
    else if (relation?.kind === 'oneOf') {
      const written = oneOfColumns(entity, relation, value)
      if (written.ok) Object.assign(result, written.columns)
      else problems.push(`"${name}" of "${entity.name}" is written as { ${relation.targets[0]?.to}: id }.`)
    } else problems.push(`"${entity.name}" has no "${name}".${meant(name, [...fields.keys(), ...relations.keys()])}`)
  }
  return result
}

/** True where a single value is one column as it is. */
export function isPlain(field: Field): boolean {
  return !isEmbed(field) && !isStructured(field.type) && field.type.kind !== 'period' && !isZoneless(field)
}

/** Column behind a field or to-one relation; null when there is none. */
export function columnOf(entity: Entity, name: string): string | null {
  const { fields, relations } = wordsOf(entity)
  const field = fields.get(name)
  if (field !== undefined) return field.column
  const relation = relations.get(name)
  return relation?.kind === 'one' ? relation.column : null
}

/** The field, part of a value object or relation behind a column, for messages. */
export function nameOf(entity: Entity, column: string): string {
  return wordsOf(entity).names.get(column) ?? column
}

/** Columns that are arrays of Postgres. */
export function arrayColumns(entity: Entity): ReadonlySet<string> {
  return wordsOf(entity).arrays
}

/** An entity as rows speak of it; millions of rows may. */
export interface Words {
  readonly fields: ReadonlyMap<string, Field>
  readonly relations: ReadonlyMap<string, Relation>
  /** Fields that need a number. */
  readonly numbers: readonly string[]
  readonly arrays: ReadonlySet<string>
  /** By column. */
  readonly names: ReadonlyMap<string, string>
}

const wordsByEntity = new WeakMap<Entity, Words>()

/** The words of an entity, gathered once. */
export function wordsOf(entity: Entity): Words {
  const known = wordsByEntity.get(entity)
  if (known !== undefined) return known
  const columns = columnFields(entity)
  const ones = toOnesOf(entity)
  const words: Words = {
    fields: new Map(entity.fields.map((field) => [field.name, field])),
    relations: new Map(entity.relations.map((relation) => [relation.name, relation])),
    numbers: entity.fields.filter(({ numbering, optional }) => numbering !== null && !optional).map(({ name }) => name),
    arrays: new Set(
      columns.filter(({ type }) => type.kind === 'list' && isNativeList(type)).map(({ column }) => column),
    ),
    names: new Map([...columns, ...ones].map(({ column, name }) => [column, name])),
  }
  wordsByEntity.set(entity, words)
  return words
}
