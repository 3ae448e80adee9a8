import { fitIdentifier, sql, toText } from '#base'
import { entityOf, idColumnOf, type ModelIndex, namedRow } from '#policies'
import { type Entity, groupOf, hasDeletedAt, objectName, type ToOne, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { foreignKeyName } from '../constraints.ts'
import { rowKeyOf } from '../row-key.ts'
import { type Cascade, cascadeOf } from './cascade.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { raise, tableName } from './raise.ts'
import { decide, declarations, factsOf, isRow, lockRow, removedColumn, spread, verbAudience } from './verb-body.ts'

/** `restore_<table>(row_id)`: brings a removed row back, with exactly the rows that went along with it. */
export function restoreFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const cascade = cascadeOf(entity, index)
  const removed = (each: Entity) => sql`t0.${sql.raw(removedColumn(each))}`
  const body = [
    ...declarations(cascade, index),
    'begin',
    ...lockRow(entity, sql`${removed(entity)} is not null`, index),
    ...decide(entity, 'restore', index),
    `  instant := target.${removedColumn(entity)};`,
    `  update ${tableName(entity)} t0 set ${removedColumn(entity)} = null where ${isRow(entity, index)};`,
    // What was removed by itself before carries another instant and stays removed.
    ...spread(cascade, { state: (each) => sql`${removed(each)} = instant`, value: sql`null` }, index),
    ...refuseWhereTargetsAreGone(cascade, index),
    "  return 'restored';",
    'end',
  ].join('\n')
  return privateFunction({
    name: fitIdentifier(`restore_${objectName(entity)}`),
    row: rowArguments(entity, index),
    returns: 'text',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: verbAudience(entity, 'restore', index),
    comment: `Restores a row of ${entity.name}: restored or missing.`,
  })
}

/**
 * That a live row of the relation has a live target, if any. Where it is removed with its target, or keeps that from being
 * removed, also where it needs none: rules do not look such targets up (`isTargetLive`).
 */
function cannotOutlive(entity: Entity, relation: ToOne): boolean {
  return relation.onRemove !== 'keep' || !(groupOf(entity, relation.name) ?? relation).optional
}

/** Refuses where a restored row would refer to a removed one that it needs; targets are locked against removal first. */
function refuseWhereTargetsAreGone(cascade: Cascade, index: ModelIndex): readonly string[] {
  return cascade.entities.flatMap((entity, at) =>
    toOnesOf(entity)
      .filter((relation) => cannotOutlive(entity, relation))
      .filter((relation) => hasDeletedAt(entityOf(index, relation.to)))
      .flatMap((relation) => {
        const target = entityOf(index, relation.to)
        const facts = factsOf({ entity, relation, target }, target, foreignKeyName(entity, relation))
        const link = toText(sql.identifier(relation.column))
        const rows = `${tableName(entity)} t1 where ${toText(rowKeyOf(entity, index).of(namedRow('t1')))} = any (ids_${at})`
        const id = toText(namedRow('t0').column(idColumnOf(target, index).column))
        return [
          `  perform from ${tableName(target)} t0 where ${id} in (select t1.${link} from ${rows}) for key share;`,
          `  if exists (select from ${tableName(target)} t0 where ${id} in (select t1.${link} from ${rows}) and t0.${removedColumn(target)} is not null) then`,
          `    ${raise({ state: '23001', message: 'a row that it needs is removed', facts })}`,
          '  end if;',
        ]
      }),
  )
}
