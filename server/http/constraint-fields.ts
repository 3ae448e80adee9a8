import { fitIdentifier, type RequestError, snakeCase } from '#base'
import { agreedWith, buildCatalog, exclusionName, pairCheckName, requiredCheckName } from '#migrations'
import { entityRuleName } from '#policies'
import {
  columnField,
  columnFields,
  type Entity,
  type EntityMap,
  embedsOf,
  groupOf,
  type Model,
  namesIn,
  type ToOne,
  toOnesOf,
} from '#schema'
import { idFieldName, rowsFieldName } from '../graphql/api-names.ts'
import { keyFields } from '../graphql/key-fields.ts'
import type { RefusedWrite } from '../refused-write.ts'
import { tellRefusal } from './tell-refusal.ts'

/** What Postgres says about the place of a violation. */
export interface ViolationPlace {
  /** Left out: any; tables of one name are rare. */
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
}

/** Finds the API's words for tables, columns and constraints. Nothing else about them is ever shown. */
export class ConstraintFields {
  readonly #model: Model
  readonly #entities: ReadonlyMap<string, Entity>
  /** By table, then by name: names of constraints are a table's own. */
  #constraints: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> | null = null

  constructor(model: Model) {
    this.#model = model
    this.#entities = new Map(
      model.entities.flatMap((entity) => [
        [entity.table, entity] as const,
        [`${entity.schema}.${entity.table}`, entity] as const,
      ]),
    )
  }

  /** Names of the API fields that a violation is about; empty when it cannot be told. */
  fieldsOf({ schema, table, column, constraint }: ViolationPlace): readonly string[] {
    const entity = this.#entityOf(schema, table)
    if (entity === undefined) return []
    if (column !== undefined) {
      const field = namesByColumn(entity).get(column)
      return field === undefined ? [] : [field]
    }
    if (constraint === undefined) return []
    // A catalog takes milliseconds, and few servers ever need this one.
    this.#constraints ??= constraintsByTable(this.#model)
    return this.#constraints.get(entity.name)?.get(constraint) ?? []
  }

  /** The rule of an entity that a check belongs to, and the API fields that it mentions; null for any other constraint. */
  ruleOf({ schema, table, constraint }: ViolationPlace): {
    readonly title: string
    readonly fields: readonly string[]
  } | null {
    const entity = this.#entityOf(schema, table)
    const rule = entity?.rules.find((each) => entityRuleName(entity, each) === constraint)
    if (entity === undefined || rule === undefined) return null
    const links = new Map(toOnesOf(entity).map((relation) => [relation.name, idFieldName(relation)]))
    const fields = [...namesIn(rule.where)].map((name) => links.get(name) ?? name)
    return { title: rule.title, fields }
  }

  /** The relation whose `same` a violated key holds, or null. */
  disagreementOf({ table, constraint }: ViolationPlace): ToOne | null {
    const entity = table === undefined ? undefined : this.#entities.get(table)
    return entity === undefined || constraint === undefined ? null : agreedWith(entity, constraint)
  }

  /** The title of the `noOverlap` that a constraint belongs to; null for any other constraint. */
  titleOf({ table, constraint }: ViolationPlace): string | null {
    const entity = table === undefined ? undefined : this.#entities.get(table)
    const found = entity?.noOverlap.find((each) => exclusionName(entity, each) === constraint)
    return found?.title ?? null
  }

  /** What may be told of a refused change. */
  refusalOf(refused: RefusedWrite): RequestError {
    return tellRefusal(refused, this.#model)
  }

  /** The list field of an entity, such as `invoices`, by its table. */
  listOf(table: string | undefined, schema?: string): string | null {
    const entity = this.#entityOf(schema, table)
    return entity === undefined ? null : rowsFieldName(entity)
  }

  #entityOf(schema: string | undefined, table: string | undefined): Entity | undefined {
    if (table === undefined) return undefined
    return this.#entities.get(schema === undefined ? table : `${schema}.${table}`)
  }
}

/** `customerId`; of a relation to one of several entities its own name. */
function fieldOf(entity: Entity, relation: ToOne): string {
  return groupOf(entity, relation.name)?.name ?? idFieldName(relation)
}

function namesByColumn(entity: Entity): ReadonlyMap<string, string> {
  return new Map([
    ...columnFields(entity).map((field) => [field.column, field.name] as const),
    ...toOnesOf(entity).map((relation) => [relation.column, fieldOf(entity, relation)] as const),
  ])
}

function constraintsByTable(model: Model): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  // Faces of a table are of the same entity, and have no indexes.
  const tables = buildCatalog(model).tables.filter(({ face }) => face === undefined)
  const uniques = new Map(tables.map(({ entity, indexes }) => [entity, indexes.filter((each) => each.unique)]))
  const entities: EntityMap = new Map(model.entities.map((entity) => [entity.name, entity]))
  return new Map(
    model.entities.map((entity) => {
      const fields = namesByColumn(entity)
      const indexes = (uniques.get(entity.name) ?? []).map(({ name, keys }) => {
        return [name, keys.flatMap((key) => fields.get(columnOf(key)) ?? [])] as const
      })
      return [entity.name, new Map([...constraintsOf(entity, entities), ...indexes])]
    }),
  )
}

/** `"email"` and `lower("email")` → `email`. */
function columnOf(key: string): string {
  return /"(.*)"/.exec(key)?.[1] ?? ''
}

/** Names of an entity's constraints, as the database reference lays them down. Unlike indexes they are never renamed. */
function* constraintsOf(entity: Entity, entities: EntityMap): Generator<readonly [string, readonly string[]]> {
  const { table } = entity
  yield [fitIdentifier(`${table}_pkey`), keyFields(entity, entities).map(({ name }) => name)]
  for (const field of [...columnFields(entity), ...embedsOf(entity)])
    yield [fitIdentifier(`${table}_${field.column}_check`), [field.name]]
  for (const relation of toOnesOf(entity)) {
    yield [fitIdentifier(`${table}_${snakeCase(relation.name)}_fkey`), [fieldOf(entity, relation)]]
  }
  for (const { value, requires = [] } of entity.lifecycle?.states ?? []) {
    const links = new Map(toOnesOf(entity).map((relation) => [relation.name, fieldOf(entity, relation)]))
    yield [requiredCheckName(entity, value), requires.map((name) => links.get(name) ?? name)]
  }
  for (const { kind, name } of entity.relations)
    if (kind === 'oneOf') yield [fitIdentifier(`${table}_${snakeCase(name)}_check`), [name]]
  const words = namesByColumn(entity)
  const shown = (name: string) => words.get(columnOfPart(entity, name)) ?? name
  for (const each of entity.noOverlap) {
    const during = typeof each.during === 'string' ? [each.during] : each.during
    yield [exclusionName(entity, each), [...each.on, ...during].map(shown)]
    if (typeof each.during !== 'string') yield [pairCheckName(entity, each.during), during]
  }
}

function columnOfPart(entity: Entity, name: string): string {
  const part = columnField(entity, name) ?? toOnesOf(entity).find((relation) => relation.name === name)
  return part?.column ?? name
}
