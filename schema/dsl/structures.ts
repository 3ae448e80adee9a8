import type { Field } from '../types/field.ts'
import type {
  Base64Options,
  DictOptions,
  ListOptions,
  Parts,
  SecretOptions,
  ShapeOf,
  ShapeOptions,
  ShapeType,
} from '../types/structure.ts'
import type { Bytes, Dict, Json, Secret } from '../types/values.ts'
import { callSite } from './call-site.ts'
import { declare } from './declare.ts'

/** Several values of one kind in order; none of them is null, and none is a list. */
export function list<T, const Optional extends boolean = false>(
  of: Field<T, false>,
  options?: ListOptions<NoInfer<T>, Optional>,
): Field<readonly T[], Optional> {
  return declare('field', { builder: 'list', options: options ?? {}, of })
}

/** Typed JSON: exactly the given parts. For values that are only ever read and written together. */
export function shape<const F extends Parts, const Optional extends boolean = false>(
  parts: F | ShapeType<F>,
  options?: ShapeOptions<NoInfer<F>, Optional>,
): Field<ShapeOf<F>, Optional> {
  return declare('field', { builder: 'shape', options: options ?? {}, parts })
}

/** Parts that several fields share; one GraphQL type of this name. */
export function shapeType<const F extends Parts>(name: string, parts: F): ShapeType<F> {
  return declare('shapeType', { name, parts, at: callSite() })
}

/** Values by keys that are not known beforehand. */
export function dict<T = Json, const Optional extends boolean = false>(
  options?: DictOptions<T, Optional>,
): Field<Dict<T>, Optional> {
  return declare('field', { builder: 'dict', options: options ?? {} })
}

/** Binary data, base64 outside of the database. */
export function base64<const Optional extends boolean = false>(
  options: Base64Options<Optional>,
): Field<Bytes, Optional> {
  return declare('field', { builder: 'base64', options })
}

/** Written, and read back by nobody: kept as a hash, or encrypted, out of reach of every caller. */
export function secret<const Optional extends boolean = false>(
  options: SecretOptions<Optional>,
): Field<Secret, Optional> {
  return declare('field', { builder: 'secret', options })
}
