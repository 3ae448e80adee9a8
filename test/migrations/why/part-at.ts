import type { Model, ModelPath } from '#schema'

/** The part of a model that a path names, or undefined: policies and types need no step of their own, lists are walked by name. */
export function partAt(model: Model, path: ModelPath): unknown {
  const [first, second, ...rest] = path
  if (first === undefined) return model
  if (first === 'roles') return walk(model.roles, [second!])
  if (first === 'actions') return walk(model.actions, [second!])
  if (first === 'actor') return walk(model.actor?.values, [second!])
  if (first === 'subscribers') return walk(model.subscribers, [second!])
  const entity = model.entities.find(({ name }) => name === first)
  if (second === undefined) return entity
  if (second === 'policy') return walk(model.policies.find((policy) => policy.entity === first)?.rules, rest)
  return walk(entity, [second, ...rest])
}

function walk(from: unknown, path: ModelPath): unknown {
  const [step, ...rest] = path
  if (step === undefined) return from
  if (typeof from !== 'object' || from === null) return undefined
  if (Array.isArray(from)) {
    const found = typeof step === 'number' ? from[step] : from.find(({ name, title }) => (name ?? title) === step)
    return found === undefined ? undefined : walk(found, rest)
  }
  const part = from as Record<string, unknown>
  if (step in part) return walk(part[step], rest)
  const inside = part.type ?? part.fields ?? part.parts
  return inside === undefined ? undefined : walk(inside, path)
}
