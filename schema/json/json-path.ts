import type { ModelPath } from '../model/model.ts'
import type { JsonPath } from './json-source.ts'

/** Where a part of the model stands in its JSON document, or where the nearest part around it does. */
export function jsonPathOf(document: unknown, path: ModelPath): JsonPath {
  const [first, second, ...rest] = path
  if (first === undefined) return []
  if (first === 'roles') return descend(document, ['roles', ...path.slice(1)])
  if (first === 'actions') return descend(document, ['actions', ...path.slice(1)])
  if (first === 'actor') return descend(document, ['actor', 'values', ...path.slice(1)])
  if (second === 'policy') return descend(document, ['policies', first, 'rules', ...rest])
  // Formulas stand with what they compute.
  const part = second === undefined ? [] : [parts[second] ?? second]
  return descend(document, ['entities', first, ...part, ...rest])
}

const parts: Readonly<Record<string, string>> = { formulas: 'computed', defaults: 'fields' }

/** Steps by key; in lists by name, title or value; options of a field also in its type. */
function descend(document: unknown, steps: readonly (string | number)[]): JsonPath {
  const found: (string | number)[] = []
  let value = document
  for (const step of steps) {
    const next = stepsTo(value, step)
    if (next === null) break
    found.push(...next)
    for (const each of next) value = (value as Record<string | number, unknown>)[each]
  }
  return found
}

function stepsTo(value: unknown, step: string | number): JsonPath | null {
  if (Array.isArray(value)) {
    const index = typeof step === 'number' ? step : value.findIndex((each) => isCalled(each, step))
    return index >= 0 && index < value.length ? [index] : null
  }
  if (typeof value !== 'object' || value === null) return null
  if (Object.hasOwn(value, step)) return [step]
  const type: unknown = (value as { readonly type?: unknown }).type
  return typeof type === 'object' && type !== null && Object.hasOwn(type, step) ? ['type', step] : null
}

const names = ['name', 'entity', 'title', 'value'] as const

function isCalled(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return value === name
  return names.some((key) => (value as Readonly<Record<string, unknown>>)[key] === name)
}
