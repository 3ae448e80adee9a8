import type { Entity, FieldType } from './model.ts'
import { toOnesOf } from './to-ones.ts'

/** What `own('…')` may name: a declared field of a single value by its type, or a to-one relation by its target. Null for anything else. */
export function ownOf(entity: Entity, name: string): { readonly type: FieldType } | { readonly target: string } | null {
  const field = entity.fields.find((each) => each.name === name && !each.builtIn)
  if (field !== undefined) return single.has(field.type.kind) ? { type: field.type } : null
  const relation = toOnesOf(entity).find((each) => each.name === name)
  return relation === undefined ? null : { target: relation.to }
}

const single: ReadonlySet<FieldType['kind']> = new Set<FieldType['kind']>([
  ...(['text', 'choice', 'int', 'int64', 'float', 'decimal', 'money', 'boolean'] as const),
  ...(['datetime', 'date', 'time', 'duration', 'uuid'] as const),
])
