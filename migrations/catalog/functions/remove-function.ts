import { fitIdentifier, sql, toText } from '#base'
import { keptSql, liveSql, type ModelIndex, namedRow } from '#policies'
import { type Entity, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { foreignKeyName } from '../constraints.ts'
import { type Cascade, cascadeOf, dependantsOf } from './cascade.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { raise, tableName } from './raise.ts'
import {
  decide,
  declarations,
  factsOf,
  isRow,
  lockRow,
  refuseStale,
  removedColumn,
  spread,
  unchangedOption,
  verbAudience,
} from './verb-body.ts'

/**
 * `remove_<table>(row_id, if_updated_at)`: takes a row out of every read, with what goes along at the same instant.
 * `clock_timestamp()`, not `now()`: two removals of one transaction must be told apart when one of them is restored.
 */
export function removeFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const cascade = cascadeOf(entity, index)
  const live = (each: Entity) => liveSql(each, namedRow('t0'), index)
  const body = [
    ...declarations(cascade, index),
    'begin',
    ...lockRow(entity, live(entity), index),
    ...refuseStale(entity),
    ...decide(entity, 'remove', index),
    '  instant := clock_timestamp();',
    `  update ${tableName(entity)} t0 set ${removedColumn(entity)} = instant where ${isRow(entity, index)};`,
    ...spread(cascade, { state: (each) => keptSql(each, namedRow('t0')), value: sql`instant` }, index),
    ...refuseWhereNeeded(cascade, index),
    "  return 'removed';",
    'end',
  ].join('\n')
  return privateFunction({
    name: fitIdentifier(`remove_${objectName(entity)}`),
    row: rowArguments(entity, index),
    ...unchangedOption(entity),
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: verbAudience(entity, 'remove', index),
    comment: `Removes a row of ${entity.name}: removed, missing or stale.`,
  })
}

/** Refuses where a live row that says `restrict` still refers to a removed one; those that went along do not count. */
function refuseWhereNeeded(cascade: Cascade, index: ModelIndex): readonly string[] {
  return cascade.entities.flatMap((target, at) =>
    dependantsOf(target, index)
      .filter(({ relation }) => relation.onRemove === 'restrict')
      .flatMap((dependant) => {
        const { entity, relation } = dependant
        const facts = factsOf(dependant, entity, foreignKeyName(entity, relation))
        const link = toText(sql.identifier(relation.column))
        const test = toText(liveSql(entity, namedRow('t0'), index))
        const live = test === 'true' ? '' : ` and ${test}`
        return [
          `  if exists (select from ${tableName(entity)} t0 where t0.${link} = any (ids_${at})${live}) then`,
          `    ${raise({ state: '23001', message: 'a live row still refers to it', facts })}`,
          '  end if;',
        ]
      }),
  )
}
