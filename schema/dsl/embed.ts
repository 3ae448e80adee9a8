import type { Embedded, EmbedOptions, EmbedType } from '../types/embed.ts'
import type { Field } from '../types/field.ts'
import type { AnyFields } from '../types/parts.ts'
import { callSite } from './call-site.ts'
import { declare } from './declare.ts'

/** A value object: fields that belong together, each with a column of its own (`delivery_city`), one object everywhere else. */
export function embed<const F extends AnyFields, const Optional extends boolean = false>(
  fields: F | EmbedType<F>,
  options?: EmbedOptions<Optional>,
): Field<Embedded<F>, Optional> {
  return declare('field', { builder: 'embed', options: options ?? {}, parts: fields })
}

/** A value object that several fields share; one GraphQL type of this name. */
export function embedType<const F extends AnyFields>(name: string, fields: F): EmbedType<F> {
  return declare('embedType', { name, fields, at: callSite() })
}
