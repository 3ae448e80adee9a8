import { coerceInputValue, isInputObjectType } from 'graphql'
import { RequestError } from '#base'
import { inputName, patchName } from '../graphql/api-names.ts'
import { patchableFields, writableFields } from '../graphql/writable-fields.ts'
import { toApi } from '../rows/words.ts'
import type { HookedChange } from './row-hooks.ts'

/**
 * What a hook lays over the values of a row, looked at as if a caller had written it; nothing where it answers nothing.
 *
 * @throws RequestError VALIDATION
 */
export function checkedValues(
  { context, of }: HookedChange,
  verb: 'create' | 'update',
  answer: unknown,
): Readonly<Record<string, unknown>> {
  if (answer === undefined || answer === null) return {}
  if (typeof answer !== 'object' || Array.isArray(answer))
    throw wrong('A hook answers values by their names, or nothing.')
  const fields = (verb === 'create' ? writableFields : patchableFields)(of.entity, of.entities)
  const written = new Set(fields.filter(({ type }) => type.kind !== 'secret').map(({ name }) => name))
  const type = context.code.api.schema.getType(verb === 'create' ? inputName(of.entity) : patchName(of.entity))
  const known = isInputObjectType(type) ? type.getFields() : {}
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      const field = known[name]
      if (field === undefined || !written.has(name)) throw wrong(`A hook cannot write "${name}".`, name)
      const onFault = (): never => {
        throw wrong(`A hook answers a value of "${name}" that cannot be read.`, name)
      }
      return [name, coerceInputValue(toApi(field.type, value), field.type, onFault)]
    }),
  )
}

function wrong(message: string, field?: string): RequestError {
  return new RequestError('VALIDATION', message, field === undefined ? {} : { fields: [field] })
}
