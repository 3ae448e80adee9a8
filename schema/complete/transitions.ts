import { fitIdentifier, lowerFirst } from '#base'
import { doneBy, stepField } from '../model/history.ts'
import type { Entity, Field, Model, ToMany, ToOne } from '../model/model.ts'
import { anyText, changesEntity, type HistoryNames, madeField, toOne, whoRelation, withChanges } from './history.ts'
import { pluralOf } from './plural.ts'
import { notShown } from './shown.ts'

/** Name of the relation that leads from a row to its transitions. */
export const statusHistory = 'statusHistory'

/** Names of what a lifecycle makes: `OrderTransition`, table `order_transition`. */
export function transitionNames({ name, table }: Pick<Entity, 'name' | 'table'>): HistoryNames {
  const entity = `${name}Transition`
  return { entity, plural: pluralOf(entity), table: fitIdentifier(`${table}_transition`), row: lowerFirst(name) }
}

/** The model with an entity for the transitions of each one that has a lifecycle. */
export function withTransitions(model: Model): Model {
  const kept = model.entities.filter(
    ({ lifecycle, key, source }) => lifecycle !== null && key.length === 1 && source.kind === 'table',
  )
  return withChanges(model, kept, { wayTo, made: transitionEntity })
}

function wayTo(entity: Entity): ToMany {
  const names = transitionNames(entity)
  const note = 'Changes of its state, the newest first.'
  return { ...notShown, note, kind: 'many', name: statusHistory, to: names.entity, by: names.row }
}

function transitionEntity(entity: Entity, people: Entity | null): Entity {
  const names = transitionNames(entity)
  return {
    ...changesEntity(entity, names),
    note: `Changes of the state of rows of ${entity.name}.`,
    key: [names.row, stepField],
    fields: ownFields,
    relations: [rowRelation(entity), ...whoRelation(entity, people, doneBy)],
    sort: [
      { name: 'at', descending: true },
      { name: stepField, descending: true },
    ],
  }
}

/** Texts where the row has a choice: an old state stays readable when the model has gone on. */
const ownFields: readonly Field[] = [
  {
    ...madeField,
    name: stepField,
    column: 'step',
    type: { kind: 'int', min: null, max: null },
    note: 'Counts the transitions of a row, from 1.',
  },
  { ...madeField, name: 'verb', column: 'verb', type: anyText, note: 'What was done: the name of the transition.' },
  { ...madeField, name: 'from', column: 'from', type: anyText, note: 'The state that the row left.' },
  { ...madeField, name: 'to', column: 'to', type: anyText, note: 'The state that the row came to.' },
  { ...madeField, name: 'at', column: 'at', type: { kind: 'datetime' }, note: 'When it was done.' },
  {
    ...madeField,
    name: 'note',
    column: 'note',
    type: anyText,
    optional: true,
    note: 'What whoever did it said of it; shown to all who see the row.',
  },
]

/** What an entry has, with the columns. */
export function transitionParts(entity: Entity): readonly Pick<Field | ToOne, 'name' | 'column'>[] {
  return [...ownFields, toOne(doneBy, entity.name)]
}

/** A row that is gone for good takes its transitions along. */
function rowRelation(entity: Entity): ToOne {
  const { row } = transitionNames(entity)
  return { ...toOne(row, entity.name), note: 'The row whose state was changed, as it is now.', onDelete: 'cascade' }
}
