import { fitIdentifier, snakeCase, sql, toText } from '#base'
import { allowing, conditionToSql, flagsOfComputed, guardedNames, liveSql, type ModelIndex, namedRow } from '#policies'
import { type Action, type Condition, type Entity, namesIn, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { tableName } from './raise.ts'
import { callerLine, decide, lockRow, refuseStale, unchangedOption, verbAudience, verbScope } from './verb-body.ts'

/** Name of the function that begins an action. Two underscores: no entity and verb come to the name of another two. */
export function actionName(entity: Entity, verb: string): string {
  return fitIdentifier(`begin_${snakeCase(verb)}__${objectName(entity)}`)
}

/** Actions that some rule allows to somebody; nobody could use the others. */
export function grantedActions(entity: Entity, index: ModelIndex): readonly Action[] {
  return entity.actions.filter(({ name }) => allowing(name, verbScope(entity, index)).length > 0)
}

/** The functions of an entity's actions, one for each verb. */
export function actionFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  return grantedActions(entity, index).map((action) => actionFunction(entity, action, index))
}

/**
 * `begin_<verb>__<table>(row_id, if_updated_at)`: locks the row for what is done with it. Answers `begun`, `missing`, `stale`, or in JSON the fields that
 * the guard looked at. Only whom a rule allows the verb learns anything of the guard.
 */
function actionFunction(entity: Entity, { name, when }: Action, index: ModelIndex): DatabaseFunction {
  const body = [
    '#variable_conflict use_variable',
    'declare',
    callerLine,
    `  target ${tableName(entity)};`,
    'begin',
    ...lockRow(entity, liveSql(entity, namedRow('t0'), index), index),
    ...refuseStale(entity),
    ...decide(entity, name, index),
    ...(when === undefined ? [] : guardLines(entity, when, index)),
    "  return 'begun';",
    'end',
  ].join('\n')
  return privateFunction({
    name: actionName(entity, name),
    row: rowArguments(entity, index),
    ...unchangedOption(entity),
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: verbAudience(entity, name, index),
    comment: `Begins "${name}" with a row of ${entity.name}: begun, or what stands in the way.`,
  })
}

/** Leaves with what of the row the guard does not let pass. */
function guardLines(entity: Entity, when: Condition, index: ModelIndex): readonly string[] {
  const test = `(${toText(conditionToSql(when, verbScope(entity, index)))}) is not true`
  const names = [...namesIn(when)].filter(toldNames(entity, index)).map((name) => toText(sql.literal(name)))
  const list = names.length === 0 ? "'{}'::text[]" : `array[${names.join(', ')}]`
  return [`  if ${test} then return pg_catalog.json_build_object('when', ${list})::text; end if;`]
}

/** True for names of what every reader of the row sees: of others nothing is told. */
function toldNames(entity: Entity, index: ModelIndex): (name: string) => boolean {
  const computed = entity.computed.filter((each) => flagsOfComputed(each, entity, index).length > 0)
  const hidden = new Set([...guardedNames(entity, index), ...computed.map(({ name }) => name)])
  return (name) => !hidden.has(name)
}
