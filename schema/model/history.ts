import type { ChoiceValue, Entity, ToOne } from './model.ts'
import { toOnesOf } from './to-ones.ts'

/** What a change of a row can be. */
export const historyChanges: readonly ChoiceValue[] = [
  ['create', 'The row was made.'],
  ['update', 'Values of the row were changed.'],
  ['remove', 'The row was removed.'],
  ['restore', 'The row was restored.'],
  [
    'found',
    'The row was found like this: it was there before its history, or was changed by whoever runs the database.',
  ],
].map(([value, note]) => ({
  value: value!,
  graphql: value!,
  note: note!,
  label: null,
  color: null,
  deprecated: null,
}))

/** Name of the choice of {@link historyChanges}. */
export const historyEnum = 'HistoryChange'

/** Name of the relation that leads to whoever made a change. */
export const changedBy = 'changedBy'

/** Name of the relation that leads to whoever carried out a transition. */
export const doneBy = 'by'

/** Name of the field that counts the transitions of a row. */
export const stepField = 'step'

/** True for the entity that holds the changes of another: those of its values, or those of its state. */
export function isHistory({ historyOf }: Pick<Entity, 'historyOf'>): boolean {
  return historyOf !== null
}

/** True for the entity that holds the transitions of another. */
export function keepsTransitions({ historyOf, key }: Pick<Entity, 'historyOf' | 'key'>): boolean {
  return historyOf !== null && key[1] === stepField
}

/** The relation of an entity of changes that leads to the row that was changed. */
export function changedRow(history: Pick<Entity, 'key' | 'relations'>): ToOne | null {
  return toOnesOf(history).find((each) => each.name === history.key[0]) ?? null
}

/** True for a relation that the changed row had: it leads where it led then, and no foreign key holds it. */
export function isKeptRelation(history: Entity, relation: ToOne): boolean {
  return isHistory(history) && !isOwnRelation(history, relation)
}

function isOwnRelation(history: Entity, { name }: ToOne): boolean {
  return name === history.key[0] || name === (keepsTransitions(history) ? doneBy : changedBy)
}
