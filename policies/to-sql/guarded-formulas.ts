import { type Computed, type Condition, type Entity, type EntityMap, type Expression, partsOf, readsOf } from '#schema'
import { guardedGroups } from './guarded-fields.ts'
import type { ModelIndex } from './model-index.ts'

/** What a formula reads that not everybody sees. */
export interface GuardedReads {
  /** Flags of the groups of its own row's fields: the result is shown where all of them are. */
  readonly flags: readonly string[]
  /** Fields of other rows: a result that anybody sees would tell them. */
  readonly elsewhere: readonly Step[]
}

interface Step {
  readonly entity: string
  readonly name: string
}

/** Guarded fields that a formula of an entity reads, also by other formulas, on its ways and in its conditions. */
export function guardedReads(expression: Expression, entity: Entity, index: ModelIndex): GuardedReads {
  const flags = new Set<string>()
  const elsewhere: Step[] = []
  for (const { entity: of, name, isElsewhere } of allReads(expression, entity, index.entities)) {
    const target = index.entities.get(of)
    if (target === undefined) continue
    const flag = guardedGroups(target, index).find(({ names }) => names.some((each) => isPartOf(each, name)))?.flag
    if (flag === undefined) continue
    if (isElsewhere) elsewhere.push({ entity: of, name })
    else flags.add(flag)
  }
  return { flags: [...flags].sort(), elsewhere }
}

/** Flags of the groups that a computed field is shown with. */
export function flagsOfComputed({ expression }: Computed, entity: Entity, index: ModelIndex): readonly string[] {
  return guardedReads(expression, entity, index).flags
}

/** A value object is read whole or by its parts. */
function isPartOf(guarded: string, read: string): boolean {
  return guarded === read || guarded.startsWith(`${read}.`)
}

interface Read extends Step {
  readonly isElsewhere: boolean
}

function allReads(
  expression: Expression,
  entity: Entity,
  entities: EntityMap,
  seen = new Set<string>(),
): readonly Read[] {
  const own = [...readsOf(expression, entity.name, entities), ...steps(expression, [entity.name], entities)]
  return own.flatMap((read): readonly Read[] => {
    const target = entities.get(read.entity)
    const computed = target?.computed.find(({ name }) => name === read.name)
    if (target === undefined || computed === undefined) return [read]
    const key = `${read.entity} ${read.name} ${read.isElsewhere}`
    if (seen.has(key)) return []
    seen.add(key)
    return allReads(computed.expression, target, entities, seen).map((each) => ({
      ...each,
      isElsewhere: each.isElsewhere || read.isElsewhere,
    }))
  })
}

/** The relations that an expression goes along. */
function steps(expression: Expression, nest: readonly string[], entities: EntityMap): readonly Read[] {
  const at = (up: number) => nest[nest.length - 1 - up]!
  const isOuter = (up: number) => nest.length - 1 - up > 0
  const path = expression.kind === 'field' || expression.kind === 'list' ? expression : null
  const way = path === null ? null : along(path.path, at(path.up), isOuter(path.up), entities)
  const inner = expression.kind === 'list' ? way!.end : null
  const { expressions, conditions } = partsOf(expression)
  return [
    ...(way?.reads ?? []),
    ...expressions.flatMap((each) =>
      steps(each.expression, each.isInList && inner !== null ? [...nest, inner] : nest, entities),
    ),
    ...conditions.flatMap(({ where, isInList, up }) =>
      isInList
        ? inner === null
          ? []
          : stepsIn(where, inner, true, entities)
        : stepsIn(where, at(up), isOuter(up), entities),
    ),
  ]
}

function stepsIn(where: Condition, entity: string, isElsewhere: boolean, entities: EntityMap): readonly Read[] {
  switch (where.kind) {
    case 'and':
      return where.all.flatMap((each) => stepsIn(each, entity, isElsewhere, entities))
    case 'or':
      return where.any.flatMap((each) => stepsIn(each, entity, isElsewhere, entities))
    case 'not':
      return stepsIn(where.not, entity, isElsewhere, entities)
    case 'path':
    case 'many': {
      const { reads, end } = along([where.relation], entity, isElsewhere, entities)
      return end === null || where.where === null ? reads : [...reads, ...stepsIn(where.where, end, true, entities)]
    }
    case 'compare':
      return where.to.kind === 'row' && where.to.way !== undefined
        ? along(where.to.way, entity, isElsewhere, entities).reads
        : []
    default:
      return []
  }
}

/** Each to-one on a way, whichever side of it the way comes from, and the entity at its end. */
function along(
  path: readonly string[],
  from: string,
  isElsewhere: boolean,
  entities: EntityMap,
): { readonly reads: readonly Read[]; readonly end: string | null } {
  const reads: Read[] = []
  let at: string | null = from
  let far = isElsewhere
  for (const name of path) {
    const relation: Entity['relations'][number] | undefined = entities
      .get(at ?? '')
      ?.relations.find((each) => each.name === name)
    if (relation === undefined || relation.kind === 'oneOf') return { reads, end: null }
    if (relation.kind === 'one') reads.push({ entity: at!, name, isElsewhere: far })
    else if (relation.kind === 'through')
      reads.push(
        { entity: relation.through, name: relation.from, isElsewhere: true },
        { entity: relation.through, name: relation.toward, isElsewhere: true },
      )
    else reads.push({ entity: relation.to, name: relation.by, isElsewhere: true })
    at = relation.to
    far = true
  }
  return { reads, end: at }
}
