import type { Model, ModelPath } from '#schema'

/** The part of a model that a path names, or undefined: policies and types need no step of their own, lists are walked by name. */
export function partAt(model: Model, path: ModelPath): unknown {
  const [first, second, ...rest] = path
  if (first === undefined) return model
  if (first === 'roles') return walk(model.roles, [second!])
  if (first === 'actor') return walk(model.actor?.values, [second!])
  const entity = model.entities.find(({ name }) => name === first)
  if (second === undefined) return entity
  if (second === 'policy') return walk(model.policies.find((policy) => policy.entity === first)?.rules, rest)
  return walk(entity, [second, ...rest])
}

function walk(from: unknown, path: ModelPath): unknown {
  const [step, ...rest] = path
  if (step === undefined || from === undefined) return from
  if (!Array.isArray(from)) {
    const part = from as Record<string, unknown>
    return step in part || part.type === undefined ? walk(part[step], rest) : walk(part.type, path)
  }
  const found = typeof step === 'number' ? from[step] : from.find(({ name, title }) => (name ?? title) === step)
  return walk(found, rest)
}
