import type { EntityDeclaration } from '../dsl/declaration.ts'
import { completeFormulas, type FormulasInput } from '../formula/complete-formulas.ts'
import type { Problems } from '../load/problems.ts'
import type { Condition } from '../model/condition.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import { writtenActionWhen } from './actions.ts'
import { readCondition } from './condition.ts'
import type { ConditionContext } from './condition-context.ts'
import { completeEntity } from './entity.ts'
import { completeRules } from './entity-rules.ts'
import { writtenWhen } from './lifecycle.ts'
import { linkRelations } from './link-relations.ts'
import { linkEntities, writtenLinks } from './links.ts'
import { writtenOverlapWhere } from './no-overlap.ts'
import type { Texts } from './report.ts'

/** Every entity, complete, sorted by name. Of two with one name the first counts; the other is reported elsewhere. */
export function completeEntities(
  declared: readonly EntityDeclaration[],
  problems: Problems,
  formulas: FormulasInput = { declared: [], span: () => null },
  texts: Texts = new Map(),
): readonly Entity[] {
  const first = new Map<string, EntityDeclaration>()
  for (const each of declared) if (!first.has(each.name)) first.set(each.name, each)
  const own = new Map([...first].map(([name, each]) => [name, completeEntity(each, problems, texts)]))
  const alone = new Map([...own, ...linkEntities(writtenLinks(first.values()), own)])
  const linked = [...alone.values()].map((entity) => linkRelations(entity, alone))
  const context: ConditionContext = {
    entities: new Map(linked.map((each) => [each.name, each])),
    actor: null,
    isAcrossRows: false,
    callerless: 'A condition inside of an entity knows nothing of the caller.',
    problems,
  }
  const entities = completeFormulas(context.entities, formulas, context)
  const written = (entity: Entity) => first.get(entity.name)?.definition ?? {}
  return [...entities.values()]
    .map((entity) => withConditions(entity, written(entity), { ...context, entities }))
    .map((entity) => withActionConditions(entity, written(entity).actions, { ...context, entities }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const notStored =
  'Rules and indexes of an entity look at stored fields alone: this one is computed when it is read, unless it says `stored: true`.'

function withConditions(
  entity: Entity,
  definition: Readonly<Record<string, unknown>>,
  context: ConditionContext,
): Entity {
  const read = (given: unknown, path: ModelPath): Condition | null =>
    given === undefined ? null : readCondition(given, { entity, path }, context)
  const readStored = (given: unknown, path: ModelPath): Condition | null =>
    given === undefined ? null : readCondition(given, { entity, path }, { ...context, computedRefused: notStored })
  const written: readonly unknown[] = Array.isArray(definition.indexes) ? definition.indexes : []
  // Indexes of single fields stand before the written ones.
  const offset = entity.indexes.length - written.length
  const indexes = entity.indexes.map((index, position) => {
    const given = position < offset ? undefined : written[position - offset]
    const where = (given as { where?: unknown } | undefined)?.where
    return { ...index, where: readStored(where, [entity.name, 'indexes', position - offset, 'where']) }
  })
  const uniques: readonly unknown[] = Array.isArray(definition.unique) ? definition.unique : []
  const unique = entity.unique.map((each, position) => {
    const index = position - (entity.unique.length - uniques.length)
    const where = (uniques[index] as { where?: unknown } | undefined)?.where
    return { ...each, where: readStored(where, [entity.name, 'unique', index, 'where']) }
  })
  const rules = completeRules(definition.rules, entity, { ...context, computedRefused: notStored })
  const noOverlap = entity.noOverlap.map((each) => {
    const where = writtenOverlapWhere(definition.noOverlap, each.title)
    return { ...each, where: readStored(where, [entity.name, 'noOverlap', each.title, 'where']) }
  })
  if (entity.lifecycle === null) return { ...entity, unique, indexes, rules, noOverlap }
  const transitions = entity.lifecycle.transitions.map((each) => ({
    ...each,
    when: read(writtenWhen(definition.lifecycle, each.name), [
      entity.name,
      'lifecycle',
      'transitions',
      each.name,
      'when',
    ]),
  }))
  return { ...entity, unique, indexes, rules, noOverlap, lifecycle: { ...entity.lifecycle, transitions } }
}

function withActionConditions(entity: Entity, written: unknown, context: ConditionContext): Entity {
  const actions = entity.actions.map((action) => {
    const given = writtenActionWhen(written, action.name)
    if (given === undefined) return action
    const when = readCondition(given, { entity, path: [entity.name, 'actions', action.name, 'when'] }, context)
    return when === null ? action : { ...action, when }
  })
  return { ...entity, actions }
}
