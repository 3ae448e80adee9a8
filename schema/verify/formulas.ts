import type { Expression } from '../model/expression.ts'
import { partsOf } from '../model/expression-parts.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'
import { computedReads, readsOf } from './formula-reads.ts'

/** No formula follows from itself, and a default follows from what a new row has. */
export function verifyFormulas(check: Verification): void {
  verifyCycles(check)
  for (const entity of check.model.entities) verifyDefaultFormulas(check, entity)
}

/** Each cycle is told once, where its first field by name is declared. */
function verifyCycles({ model, entities, problems }: Verification): void {
  const done = new Set<string>()
  const visit = (entity: Entity, name: string, way: readonly string[]): void => {
    const id = `${entity.name}.${name}`
    if (way.includes(id)) {
      const cycle = [...way.slice(way.indexOf(id)), id]
      const message = `These formulas follow from each other: ${cycle.join(' → ')}.`
      const hint = 'Let one of them follow from fields alone.'
      problems.report('FORMULA_CYCLE', { path: [entity.name, 'formulas', name], part: 'key' }, message, { hint })
    } else if (!done.has(id)) {
      const computed = entity.computed.find((each) => each.name === name)!
      for (const read of computedReads(computed.expression, entity.name, entities))
        visit(read.entity, read.computed.name, [...way, id])
      done.add(id)
    }
  }
  for (const entity of model.entities) for (const { name } of entity.computed) visit(entity, name, [])
}

/** A new row has no lists yet, and each default waits for those that it reads. */
function verifyDefaultFormulas({ entities, problems }: Verification, entity: Entity): void {
  for (const field of entity.fields) {
    if (field.default?.kind !== 'expression') continue
    const path: ModelPath = [entity.name, 'defaults', field.name]
    const { expression } = field.default
    const fault = (message: string, hint: string) =>
      problems.report('DEFAULT_FORMULA_INVALID', { path }, message, { hint })
    if (hasList(expression) || readsList(expression, entity, entities))
      fault('A new row has no lists yet.', 'Let the default follow from fields, and from rows that it belongs to.')
    const own = readsOf(expression, entity.name, entities).filter(
      (read) => !read.isElsewhere && read.entity === entity.name,
    )
    if (own.some(({ name }) => name === field.name))
      fault('A default cannot follow from itself.', 'Leave it out of its own formula.')
    const later = defaultCycle(entity, field.name, entities)
    if (later !== null)
      fault(`These defaults follow from each other: ${later.join(' → ')}.`, 'Give one of them a plain default.')
  }
}

function hasList(expression: Expression): boolean {
  return expression.kind === 'list' || partsOf(expression).expressions.some((each) => hasList(each.expression))
}

/** Also through computed fields of the new row itself. */
function readsList(expression: Expression, entity: Entity, entities: ReadonlyMap<string, Entity>, depth = 0): boolean {
  if (depth > 32) return false
  return computedReads(expression, entity.name, entities)
    .filter((read) => !read.isElsewhere)
    .some(({ computed }) => hasList(computed.expression) || readsList(computed.expression, entity, entities, depth + 1))
}

function defaultCycle(entity: Entity, start: string, entities: ReadonlyMap<string, Entity>): readonly string[] | null {
  const next = (name: string): readonly string[] => ownDefaultReads(entity, name, entities)
  const walk = (name: string, way: readonly string[]): readonly string[] | null => {
    for (const each of next(name)) {
      if (each === start && way.length > 1) return [...way, each]
      if (!way.includes(each)) {
        const found = walk(each, [...way, each])
        if (found !== null) return found
      }
    }
    return null
  }
  return walk(start, [start])
}

/** Fields of the same row with a formula as default that a default reads. */
export function ownDefaultReads(
  entity: Entity,
  name: string,
  entities: ReadonlyMap<string, Entity>,
): readonly string[] {
  const fallback = entity.fields.find((each) => each.name === name)?.default
  if (fallback?.kind !== 'expression') return []
  const through = computedReads(fallback.expression, entity.name, entities).filter((read) => !read.isElsewhere)
  const read = [
    ...readsOf(fallback.expression, entity.name, entities),
    ...through.flatMap(({ computed }) => readsOf(computed.expression, entity.name, entities)),
  ]
  const names = new Set(read.filter((each) => !each.isElsewhere).map((each) => each.name))
  return entity.fields
    .filter((each) => each.default?.kind === 'expression' && names.has(each.name))
    .map((each) => each.name)
}
