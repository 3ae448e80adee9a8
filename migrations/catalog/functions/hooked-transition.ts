import type { ModelIndex } from '#policies'
import { type Entity, transitionMoments } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { actionName } from './action-function.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { tableName } from './raise.ts'
import { grantedTransitions, transitionChecks } from './transition-function.ts'
import { callerLine, unchangedOption, verbAudience } from './verb-body.ts'

/** True where code runs beside the transition. */
export function isHooked({ hooks = [] }: Pick<Entity, 'hooks'>, verb: string): boolean {
  return hooks.some(({ moment, of }) => transitionMoments.includes(moment) && (of === null || of === verb))
}

/**
 * `begin_<verb>__<table>(row_id, if_updated_at)`: locks a row before code runs beside its transition. Answers `begun`, or whatever the transition would: nobody's
 * code runs for a transition that its caller may not do.
 */
export function hookedTransitionFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  return grantedTransitions(entity, index)
    .filter(({ name }) => isHooked(entity, name))
    .map((transition) => {
      const body = [
        '#variable_conflict use_variable',
        'declare',
        callerLine,
        `  target ${tableName(entity)};`,
        'begin',
        ...transitionChecks(entity, transition, index),
        "  return 'begun';",
        'end',
      ].join('\n')
      return privateFunction({
        name: actionName(entity, transition.name),
        row: rowArguments(entity, index),
        ...unchangedOption(entity),
        returns: 'text',
        language: 'plpgsql',
        volatility: 'volatile',
        body,
        execute: verbAudience(entity, transition.name, index),
        comment: `Begins "${transition.name}" with a row of ${entity.name}: begun, or what stands in the way.`,
      })
    })
}
