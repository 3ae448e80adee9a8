import type { Default, Field, FieldType, Lifecycle } from '../model/model.ts'
import { notShown } from './shown.ts'

/** Names that every entity has without saying so; `status` only with a lifecycle. */
export const builtInNames = ['id', 'status', 'createdAt', 'updatedAt', 'deletedAt'] as const

/** The fields that Rowhouse makes itself, in their fixed order. */
export function builtInFields(lifecycle: Lifecycle | null): readonly Field[] {
  const status = lifecycle === null ? [] : [statusField(lifecycle)]
  return [
    builtIn('id', 'id', { kind: 'uuid' }, { kind: 'v7' }),
    ...status,
    builtIn('createdAt', 'created_at', { kind: 'datetime' }, { kind: 'now' }),
    builtIn('updatedAt', 'updated_at', { kind: 'datetime' }, { kind: 'now' }),
    builtIn('deletedAt', 'deleted_at', { kind: 'datetime' }, null),
  ]
}

function statusField(lifecycle: Lifecycle): Field {
  const type: FieldType = { kind: 'choice', enum: lifecycle.enum, values: lifecycle.states }
  return builtIn('status', 'status', type, { kind: 'value', value: lifecycle.initial })
}

function builtIn(name: string, column: string, type: FieldType, fallback: Default | null): Field {
  const optional = name === 'deletedAt'
  return {
    ...notShown,
    name,
    column,
    columnType: null,
    type,
    optional,
    readonly: true,
    builtIn: true,
    default: fallback,
    from: null,
    pii: false,
    numbering: null,
  }
}
