import { fitIdentifier, sql, toText } from '#base'
import { allowing, callerRole, type ModelIndex, tableSql } from '#policies'
import { type Entity, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { createBranch, createRefusals } from './guard-create.ts'
import { givesSomething } from './guard-presets.ts'
import { reservedInserts, reservedUpdates } from './guard-reserves.ts'
import { rowScope } from './guard-scope.ts'
import { updateBranch, updateRefusals } from './guard-update.ts'
import { guardedCommands, namedColumns } from './guarded-commands.ts'
import { privateFunction } from './private-function.ts'

/** Name of the trigger function that holds every change to one single rule. */
export function guardName(entity: Entity): string {
  return fitIdentifier(`guard_${objectName(entity)}`)
}

/**
 * Trigger function: one single rule must allow the old row, the new row and every changed field; a new row's fields that the
 * rule does not speak of must equal their defaults.
 */
export function guardFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const commands = guardedCommands(entity, index)
  const insert = commands.includes('insert') ? createBranch(entity, index) : []
  const update = commands.includes('update') ? updateBranch(entity, index) : []
  const refused = [
    ...(insert.length > 0 ? branchOf('INSERT', createRefusals(entity, index)) : []),
    ...(update.length > 0 ? branchOf('UPDATE', updateRefusals(entity, index)) : []),
  ]
  const scope = rowScope(entity, index, 'new')
  const gives = givesSomething([...allowing('create', scope), ...allowing('update', scope)])
  const told =
    namedColumns(entity, index).length === 0
      ? []
      : [
          "  named text[] := pg_catalog.string_to_array(coalesce(pg_catalog.current_setting('rowhouse.named', true), ''), pg_catalog.chr(31));",
          '  emptied text;',
        ]
  const body = [
    'declare',
    `  caller text := ${toText(callerRole)};`,
    ...told,
    ...(refused.length > 0 ? ['  refused text[];', '  fewest text[];'] : []),
    ...(gives ? [`  given ${toText(tableSql(entity))};`] : []),
    'begin',
    ...(told.length === 0 ? [] : [emptyNamed]),
    ...(insert.length > 0
      ? ["  if tg_op = 'INSERT' then", ...reservedInserts(entity, index), ...insert, '  end if;']
      : []),
    ...(update.length > 0
      ? ["  if tg_op = 'UPDATE' then", ...reservedUpdates(entity, index), ...update, '  end if;']
      : []),
    ...refused,
    `  raise exception using errcode = '42501', schema = ${toText(sql.literal(entity.schema))}, table = ${toText(sql.literal(entity.table))},`,
    ...(refused.length > 0 ? ["    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),"] : []),
    `    message = ${toText(sql.literal(guardMessage))};`,
    'end',
  ].join('\n')
  return privateFunction({
    name: guardName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `One single rule of ${entity.name} must allow a change whole.`,
  })
}

/** An assignment, because `perform` would be a statement of its own for each row. */
const emptyNamed = "  if named <> '{}' then emptied := pg_catalog.set_config('rowhouse.named', '', true); end if;"

/** Tells the server that the detail beside it is the list of fields that a rule would have to cover. */
export const guardMessage = 'no single rule allows this change'

function branchOf(operation: 'INSERT' | 'UPDATE', lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  if tg_op = '${operation}' then`, ...lines, '  end if;']
}
