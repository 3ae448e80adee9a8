import { findRead } from '../formula/read-at.ts'
import type { Condition } from '../model/condition.ts'
import type { Expression } from '../model/expression.ts'
import { partsOf } from '../model/expression-parts.ts'
import type { Computed, Entity } from '../model/model.ts'

/** A field of an entity that a formula reads: computed or not. */
export interface Read {
  readonly entity: string
  readonly name: string
  /** False where it is a field of the very row that the formula is about. */
  readonly isElsewhere: boolean
}

type Entities = ReadonlyMap<string, Entity>

/** Every field that a formula about a row of the entity reads, also inside of its conditions. */
export function readsOf(expression: Expression, entity: string, entities: Entities): readonly Read[] {
  return reads(expression, [entity], entities)
}

function reads(expression: Expression, nest: readonly string[], entities: Entities): readonly Read[] {
  const at = (up: number) => nest[nest.length - 1 - up]!
  const own =
    expression.kind === 'field'
      ? pathReads(expression.path, at(expression.up), entities, isOuter(nest, expression.up))
      : []
  const inner = expression.kind === 'list' ? targetOf(expression.path, at(expression.up), entities) : null
  const sorts =
    expression.kind === 'list' && inner !== null
      ? expression.sort.map(({ name }) => ({ entity: inner, name, isElsewhere: true }))
      : []
  const { expressions, conditions } = partsOf(expression)
  return [
    ...own,
    ...sorts,
    ...expressions.flatMap((each) => reads(each.expression, each.isInList ? [...nest, inner!] : nest, entities)),
    ...conditions.flatMap(({ where, isInList, up }) =>
      conditionReads(where, isInList ? inner! : at(up), entities, isInList || isOuter(nest, up)),
    ),
  ]
}

/** Everything but the first row is elsewhere. */
function isOuter(nest: readonly string[], up: number): boolean {
  return nest.length - 1 - up > 0
}

function pathReads(path: readonly string[], from: string, entities: Entities, isElsewhere: boolean): readonly Read[] {
  const entity = entities.get(from)
  const read = entity === undefined ? null : findRead(entity, path, entities)
  if (read === null) return []
  const { name } = read.computed ?? read.field
  return [{ entity: read.entity.name, name, isElsewhere: isElsewhere || read.ones.length > 0 }]
}

function targetOf(path: readonly string[], from: string, entities: Entities): string | null {
  return path.reduce<string | null>((entity, name) => {
    const relation = entities.get(entity ?? '')?.relations.find((each) => each.name === name)
    return relation === undefined || relation.kind === 'oneOf' ? null : relation.to
  }, from)
}

function conditionReads(
  condition: Condition,
  entity: string,
  entities: Entities,
  isElsewhere: boolean,
): readonly Read[] {
  const of = (each: Condition) => conditionReads(each, entity, entities, isElsewhere)
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap(of)
    case 'or':
      return condition.any.flatMap(of)
    case 'not':
      return of(condition.not)
    case 'compare': {
      const other = condition.to.kind === 'row' ? [{ entity, name: condition.to.name, isElsewhere }] : []
      return [{ entity, name: condition.on, isElsewhere }, ...other]
    }
    case 'many':
    case 'path': {
      const target = targetOf([condition.relation], entity, entities)
      return target === null || condition.where === null ? [] : conditionReads(condition.where, target, entities, true)
    }
    default:
      return []
  }
}

/** The computed fields among what a formula reads. */
export function computedReads(
  expression: Expression,
  entity: string,
  entities: Entities,
): readonly { readonly entity: Entity; readonly computed: Computed; readonly isElsewhere: boolean }[] {
  return readsOf(expression, entity, entities).flatMap((read) => {
    const target = entities.get(read.entity)
    const computed = target?.computed.find(({ name }) => name === read.name)
    return target === undefined || computed === undefined
      ? []
      : [{ entity: target, computed, isElsewhere: read.isElsewhere }]
  })
}
