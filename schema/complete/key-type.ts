import { keyColumnsOf } from '../model/key.ts'
import type { FieldType } from '../model/model.ts'
import type { ConditionContext } from './condition-context.ts'

/** What identifies a row of an entity; of keys with several columns nothing is said here, nobody refers to them by id. */
export function keyType(target: string, { entities }: Pick<ConditionContext, 'entities'>): FieldType {
  const entity = entities.get(target)
  const [key] = entity === undefined ? [] : keyColumnsOf(entity, entities)
  return key?.type ?? { kind: 'uuid' }
}
