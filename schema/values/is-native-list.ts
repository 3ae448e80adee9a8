import type { FieldType } from '../model/model.ts'

/** True for a list of scalars, which is a native array in a column of its own; other lists are jsonb. */
export function isNativeList(type: Extract<FieldType, { kind: 'list' }>): boolean {
  return type.of.kind !== 'shape' && type.of.kind !== 'dict'
}

/** True for what has parts or elements, or is no scalar that can be compared. */
export function isStructured(type: FieldType): boolean {
  return structured.has(type.kind)
}

const structured: ReadonlySet<string> = new Set(['list', 'shape', 'dict', 'base64', 'secret'])

/** True for what a column keeps as jsonb. */
export function isJson(type: FieldType): boolean {
  return type.kind === 'shape' || type.kind === 'dict' || (type.kind === 'list' && !isNativeList(type))
}
