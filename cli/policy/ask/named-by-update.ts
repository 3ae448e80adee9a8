import { type Caller, changedNames, guardedNames, type Row, type RowValue, type World } from '#policies'
import type { Entity } from '#schema'

/** An update, as it is asked. */
export interface AskedUpdate {
  readonly entity: Entity
  readonly row: Row
  readonly values: Readonly<Record<string, RowValue>>
  readonly caller: Caller
  readonly world: World
}

/** What an update changes: values that differ, and guarded fields whatever they are given: else a success would tell what they hold. */
export function namedByUpdate({ entity, row, values, caller, world }: AskedUpdate): readonly string[] {
  const after = { ...row, ...values }
  const guarded = guardedNames(entity, world.index)
  const differing = changedNames({ verb: 'update', row, after, caller, world }, entity)
  return [...new Set([...differing, ...Object.keys(values).filter((name) => guarded.has(name))])]
}
