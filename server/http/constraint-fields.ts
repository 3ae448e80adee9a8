import { fitIdentifier, snakeCase } from '#base'
import type { Entity, Model } from '#schema'
import { idFieldName, rowsFieldName, toOnes } from '../graphql/api-names.ts'

/** What Postgres says about the place of a violation. */
export interface ViolationPlace {
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
}

/** Finds the API's words for tables, columns and constraints. Nothing else about them is ever shown. */
export class ConstraintFields {
  readonly #entities: ReadonlyMap<string, Entity>
  readonly #constraints: ReadonlyMap<string, readonly string[]>

  constructor(model: Model) {
    this.#entities = new Map(model.entities.map((entity) => [entity.table, entity]))
    this.#constraints = new Map(
      model.entities.flatMap((entity) =>
        [...constraintsOf(entity)].map(([name, fields]) => [fitIdentifier(name), fields]),
      ),
    )
  }

  /** Names of the API fields that a violation is about; empty when it cannot be told. */
  fieldsOf(place: ViolationPlace): readonly string[] {
    const entity = place.table === undefined ? undefined : this.#entities.get(place.table)
    const { column, constraint } = place
    if (entity !== undefined && column !== undefined) {
      const field = columnFields(entity).get(column)
      return field === undefined ? [] : [field]
    }
    return constraint === undefined ? [] : (this.#constraints.get(constraint) ?? [])
  }

  /** The list field of an entity, such as `invoices`, by its table. */
  listOf(table: string | undefined): string | null {
    const entity = table === undefined ? undefined : this.#entities.get(table)
    return entity === undefined ? null : rowsFieldName(entity)
  }
}

function columnFields(entity: Entity): ReadonlyMap<string, string> {
  return new Map([
    ...entity.fields.map((field) => [field.column, field.name] as const),
    ...toOnes(entity).map((relation) => [relation.column, idFieldName(relation)] as const),
  ])
}

/** Names of an entity's constraints and unique indexes, as the database reference lays them down. */
function* constraintsOf(entity: Entity): Generator<readonly [string, readonly string[]]> {
  const { table } = entity
  yield [`${table}_pkey`, ['id']]
  for (const field of entity.fields) yield [`${table}_${field.column}_check`, [field.name]]
  for (const relation of toOnes(entity)) yield [`${table}_${snakeCase(relation.name)}_fkey`, [idFieldName(relation)]]
  for (const { on } of entity.unique) {
    yield [`${table}_${on.map((name) => snakeCase(name)).join('_')}_key`, on.map((name) => apiName(entity, name))]
  }
}

function apiName(entity: Entity, name: string): string {
  const relation = toOnes(entity).find((candidate) => candidate.name === name)
  return relation === undefined ? name : idFieldName(relation)
}
