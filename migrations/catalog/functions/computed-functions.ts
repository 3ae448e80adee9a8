import { toText } from '#base'
import { audienceRoles, computedFunction, conditionToSql, leavesRow, type ModelIndex, rulesOf } from '#policies'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/**
 * Functions behind the computed fields that look at other rows, by name. Whoever a rule of the entity speaks of may run them: those
 * who may read a row, and those whose rules compare the field.
 */
export function computedFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  const functions = index.model.entities.flatMap((entity) => {
    const execute = rulesOf(index, entity).flatMap((rule) => audienceRoles(rule.audience))
    return entity.computed
      .filter((computed) => leavesRow(computed, entity))
      .map((computed) => {
        const { name, columns, returns, body } = computedFunction(computed, { entity, index }, conditionToSql)
        return privateFunction({
          name,
          takes: columns.map(({ type }) => type),
          returns,
          language: 'sql',
          volatility: 'stable',
          body: toText(body),
          execute,
          comment: `${computed.name} of ${entity.name}, from its ${columns.map(({ column }) => column).join(', ')}.`,
        })
      })
  })
  return functions.sort((a, b) => (a.name < b.name ? -1 : 1))
}
