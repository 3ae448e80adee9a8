import { fitIdentifier, sql, toText } from '#base'
import { entityOf, type ModelIndex, toOnesOf } from '#policies'
import { type Entity, groupOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { foreignKeyName } from '../constraints.ts'
import { type Cascade, cascadeOf } from './cascade.ts'
import { privateFunction } from './private-function.ts'
import { decide, declarations, factsOf, lockRow, raise, spread, tableName, verbAudience } from './verb-body.ts'

/** `restore_<table>(row_id)`: brings a removed row back, with exactly the rows that went along with it. */
export function restoreFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const cascade = cascadeOf(entity, index)
  const body = [
    ...declarations(cascade),
    'begin',
    ...lockRow(entity, sql`t0."deleted_at" is not null`),
    ...decide(entity, 'restore', index),
    '  instant := target."deleted_at";',
    `  update ${tableName(entity)} t0 set "deleted_at" = null where t0."id" = row_id;`,
    // What was removed by itself before carries another instant and stays removed.
    ...spread(cascade, sql`t0."deleted_at" = instant`, sql`null`),
    ...refuseWhereTargetsAreGone(cascade, index),
    "  return 'restored';",
    'end',
  ].join('\n')
  return privateFunction({
    name: fitIdentifier(`restore_${entity.table}`),
    takesRow: true,
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: verbAudience(entity, 'restore', index),
    comment: `Restores a row of ${entity.name}: restored or missing.`,
  })
}

/** Refuses where a restored row would refer to a removed one that it needs; targets are locked against removal first. */
function refuseWhereTargetsAreGone(cascade: Cascade, index: ModelIndex): readonly string[] {
  return cascade.entities.flatMap((entity, at) =>
    toOnesOf(entity)
      .filter((relation) => !(groupOf(entity, relation.name) ?? relation).optional)
      .flatMap((relation) => {
        const target = entityOf(index, relation.to)
        const facts = factsOf({ entity, relation, target }, target, foreignKeyName(entity, relation))
        const link = toText(sql.identifier(relation.column))
        const rows = `${tableName(entity)} t1 where t1."id" = any (ids_${at})`
        return [
          `  perform from ${tableName(target)} t0 where t0."id" in (select t1.${link} from ${rows}) for key share;`,
          `  if exists (select from ${tableName(target)} t0 where t0."id" in (select t1.${link} from ${rows}) and t0."deleted_at" is not null) then`,
          `    ${raise({ state: '23001', message: 'a row that it needs is removed', facts })}`,
          '  end if;',
        ]
      }),
  )
}
