import { declared } from './declaration.ts'
import { frozenCopy } from './frozen-copy.ts'

/**
 * A frozen declaration of a kind. Only the author sees the typed face `T`; at run time it is the plain data.
 * The tag is not enumerable: a spread of a declaration is no declaration, so that `{ ...ours, status: 'draft' }` is refused
 * by the checks instead of being read as `ours` alone.
 */
export function declare<T>(kind: string, parts: Readonly<Record<string, unknown>>): T {
  const declaration = { ...frozenCopy(parts) }
  Object.defineProperty(declaration, declared, { value: kind })
  return Object.freeze(declaration) as T
}
