import { allowing, entityOf, type ModelIndex, namedRow, rowActor } from '#policies'
import { type Entity, isHistory, isReadOnly, isRemovable, storedOf, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { writtenEvents } from '../events.ts'
import { commitFunctions } from '../stored/commit-rules.ts'
import { ownValuesFunction } from '../stored/own-values.ts'
import { spreadFunctions } from '../stored/spread.ts'
import { actionFunctions, grantedActions } from './action-function.ts'
import { checksFunction, hasChecks } from './adopted-functions.ts'
import { appActionFunctions } from './app-action-function.ts'
import { becauseFunction, tellsWhy } from './because-function.ts'
import { computedFunctions } from './computed-functions.ts'
import { eventFunction } from './event-function.ts'
import { expiredSetFunctions, expiring, purgeFunction } from './expiry.ts'
import { frozenFunctions } from './frozen-function.ts'
import { guardFunction } from './guard-function.ts'
import { guardedCommands } from './guarded-commands.ts'
import { historyFunctions } from './history-function.ts'
import { hookedTransitionFunctions } from './hooked-transition.ts'
import { lineFunctions } from './line-function.ts'
import { linkFunction } from './link-function.ts'
import { linkRowFunctions } from './link-row-functions.ts'
import { mayReadFunction } from './may-read-function.ts'
import { movable, moveFunction } from './move-function.ts'
import { hasOptions, optionsFunction } from './options-function.ts'
import { permitFunctions } from './permit-functions.ts'
import { refillFunction, refillsOf } from './refill-function.ts'
import { removeFunction } from './remove-function.ts'
import { restoreFunction } from './restore-function.ts'
import { rightsFunction, rightsVerbs } from './rights-function.ts'
import { searchFunctions } from './search-functions.ts'
import { secretFunctions } from './secret-functions.ts'
import { reachFunctions, relatedSetFunctions } from './set-functions.ts'
import { grantedTransitions, transitionFunctions } from './transition-function.ts'
import { treeFunction, treeOf } from './tree-function.ts'
import { fillsOf, valuesFunction } from './values-function.ts'

/** Every function of the app, each after the ones that its body is bound to. */
export function functionsOf(index: ModelIndex): readonly DatabaseFunction[] {
  // Changes of rows are written by one function, and have no others; nobody writes rows of a select, and nothing leads to them.
  const entities = index.model.entities.filter((entity) => !isHistory(entity) && !isReadOnly(entity))
  const linked = new Set(entities.flatMap(toOnesOf).map((relation) => entityOf(index, relation.to)))
  const does = (verb: 'remove' | 'restore') => (entity: Entity) => hasVerb(entity, verb, index)
  const isMoved = (entity: Entity) => movable(entity, index) !== null
  const read = entities.filter(
    (entity) =>
      linked.has(entity) ||
      does('remove')(entity) ||
      does('restore')(entity) ||
      isMoved(entity) ||
      grantedActions(entity, index).length > 0 ||
      grantedTransitions(entity, index).length > 0 ||
      tellsWhy(entity, index),
  )
  return [
    ...reachFunctions(index),
    ...relatedSetFunctions(index),
    ...expiredSetFunctions(index),
    ...computedFunctions(index),
    ...read.map((entity) => mayReadFunction(entity, index)),
    ...entities.filter((entity) => guardedCommands(entity, index).length > 0).map((each) => guardFunction(each, index)),
    ...entities.filter((entity) => toOnesOf(entity).length > 0).map((entity) => linkFunction(entity, index)),
    ...entities.filter(hasChecks).map(checksFunction),
    ...entities.filter((entity) => fillsOf(entity, index).length > 0).map((entity) => valuesFunction(entity, index)),
    ...entities.filter(({ link }) => link !== null).flatMap((entity) => linkRowFunctions(entity, index)),
    ...entities.filter((entity) => refillsOf(entity, index).length > 0).map((entity) => refillFunction(entity, index)),
    ...entities.flatMap((entity) => {
      const relation = treeOf(entity)
      return relation === null ? [] : [treeFunction(entity, relation)]
    }),
    ...entities.flatMap((entity) => lineFunctions(entity, index)),
    ...entities.flatMap((entity) => {
      const relation = movable(entity, index)
      return relation === null ? [] : [moveFunction(entity, relation, index)]
    }),
    ...entities.flatMap((entity) => actionFunctions(entity, index)),
    ...entities.filter(does('remove')).map((entity) => removeFunction(entity, index)),
    ...entities.filter(does('restore')).map((entity) => restoreFunction(entity, index)),
    ...entities.flatMap((entity) => [...transitionFunctions(entity, index), ...frozenFunctions(entity, index)]),
    ...entities.flatMap((entity) => hookedTransitionFunctions(entity, index)),
    ...entities.filter((entity) => hasOptions(entity, index)).map((entity) => optionsFunction(entity, index)),
    ...entities.filter((entity) => tellsWhy(entity, index)).map((entity) => becauseFunction(entity, index)),
    ...entities.filter((entity) => rightsVerbs(entity, index).length > 0).map((each) => rightsFunction(each, index)),
    ...entities.flatMap((entity) => searchFunctions(entity, index)),
    ...entities.flatMap(secretFunctions),
    ...entities.filter((entity) => storedOf(entity).length > 0).map((entity) => ownValuesFunction(entity, index)),
    ...entities.flatMap((entity) => spreadFunctions(entity, index)),
    ...entities.flatMap((entity) => commitFunctions(entity, index)),
    ...entities
      .filter((entity) => writtenEvents(entity, index).length > 0)
      .map((entity) => eventFunction(entity, index)),
    ...historyFunctions(index),
    ...expiring(index).map((entity) => purgeFunction(entity, index)),
    ...permitFunctions(index.model.roles),
    ...appActionFunctions(index.model),
  ]
}

function hasVerb(entity: Entity, verb: 'remove' | 'restore', index: ModelIndex): boolean {
  return (
    isRemovable(entity) &&
    allowing(verb, { index, entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }).length > 0
  )
}
