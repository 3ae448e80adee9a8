import type { EntityMap } from '../model/key.ts'
import type { Computed, Entity, EntityRule } from '../model/model.ts'
import { namesIn } from '../model/names-in.ts'
import { storedColumn, storedOf } from '../model/stored.ts'
import { storedReads } from './stored-reads.ts'

/** Rules that hold fields against what follows from other rows: these change in statements of their own, so whether the rule is kept shows at the end. */
export function rulesAtCommit(entity: Entity, entities: EntityMap): readonly EntityRule[] {
  return entity.rules.filter((rule) => waitsForCommit(rule, entity, entities))
}

/** Whether a rule names a stored formula that follows from other rows; all others are checks of the row. */
export function waitsForCommit({ where }: EntityRule, entity: Entity, entities: EntityMap): boolean {
  if (storedOf(entity).length === 0) return false
  const names = namesIn(where)
  return storedOf(entity).some((field) => names.has(field.name) && followsFromOthers(field, entity, entities))
}

/** Formulas in a circle are refused elsewhere; here they end. */
function followsFromOthers(
  field: Computed,
  entity: Entity,
  entities: EntityMap,
  seen: readonly Computed[] = [],
): boolean {
  if (seen.includes(field)) return false
  return storedReads(field, entity, entities).reads.some(
    ({ hops, columns }) =>
      hops.length > 0 ||
      storedOf(entity).some(
        (each) => columns.includes(storedColumn(each)) && followsFromOthers(each, entity, entities, [...seen, field]),
      ),
  )
}
