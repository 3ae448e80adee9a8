import type { FieldCondition } from './comparison.ts'
import type { ValueOf } from './field.ts'
import type { BuiltInFields, StatusField } from './parts.ts'

/** What a row can say about itself inside of its own entity: fields only, no other entity. */
export type OwnWhere<F, S> = {
  readonly [K in keyof Own<F, S> | 'anyOf' | 'allOf' | 'not']?: K extends 'anyOf' | 'allOf'
    ? readonly OwnWhere<F, S>[]
    : K extends 'not'
      ? OwnWhere<F, S>
      : K extends keyof Own<F, S>
        ? FieldCondition<ValueOf<Own<F, S>[K]>>
        : never
}

type Own<F, S> = F & StatusField<S> & BuiltInFields
