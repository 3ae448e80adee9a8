import { kindOf } from './declaration.ts'

/**
 * Gives back the same plain data, copied and frozen, so that later changes of the author's objects change nothing.
 * Declarations inside are frozen already; functions, dates and other instances are not ours and stay as they are.
 */
export function frozenCopy<T>(value: T): T {
  return copy(value, new Map()) as T
}

function copy(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || kindOf(value) !== null) return value
  if (done.has(value)) return done.get(value)
  if (Array.isArray(value)) {
    const result: unknown[] = []
    done.set(value, result)
    for (const inner of value) result.push(copy(inner, done))
    return Object.freeze(result)
  }
  if (!isPlain(value)) return value
  const result: object = Object.create(Object.getPrototypeOf(value))
  done.set(value, result)
  for (const [key, inner] of Object.entries(value)) {
    // Not by assignment: a key called __proto__ is a key.
    Object.defineProperty(result, key, { value: copy(inner, done), enumerable: true })
  }
  return Object.freeze(result)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
