import { fitIdentifier, sql, toText } from '#base'
import type { ModelIndex } from '#policies'
import { type Entity, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { byHop, carryLines } from './carry.ts'
import { expiryRefills } from './expiry.ts'
import { orderedParts, placeLines } from './place.ts'
import { privateFunction } from './private-function.ts'
import { targetTenantRefills } from './target-tenant.ts'

/** A to-one whose change gives other columns new values. */
export interface Refill {
  readonly column: string
  readonly lines: readonly string[]
}

/** What a change of to-one relations entails: a place in another whole, and what paths now lead to. */
export function refillsOf(entity: Entity, index: ModelIndex): readonly Refill[] {
  return [
    ...targetTenantRefills(entity, index),
    ...expiryRefills(entity, index),
    ...orderedParts(entity).map((relation) => ({
      column: relation.column,
      lines: placeLines(entity, relation, index),
    })),
    ...byHop(entity, index).map((carried) => ({ column: carried[0]!.hop.column, lines: carryLines(carried, index) })),
  ]
}

/** Name of the trigger function that follows changes of to-one relations. */
export function refillName(entity: Entity): string {
  return fitIdentifier(`refill_${objectName(entity)}`)
}

/** Trigger function before update of to-one relations: gives columns that hang on them their values. */
export function refillFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const blocks = refillsOf(entity, index).flatMap(({ column, lines }) => {
    const link = toText(sql.identifier(column))
    return [`  if new.${link} is distinct from old.${link} then`, ...lines.map((line) => `  ${line}`), '  end if;']
  })
  return privateFunction({
    name: refillName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body: ['begin', ...blocks, '  return new;', 'end'].join('\n'),
    execute: [':OWNER'],
    comment: `Values that hang on relations of ${entity.name}.`,
  })
}
