import type { RowOf, Tests, TextTest, TimeTest } from './comparison.ts'
import type { ValueOf } from './field.ts'
import type { BuiltInFields, StatusField } from './parts.ts'
import type { OnesIn } from './relation.ts'
import type { Day, Literal } from './values.ts'

/** What a row can say about itself inside of its own entity: fields only, no other entity. */
export type OwnWhere<F, S, R = unknown> = {
  readonly [K in keyof Own<F, S> | OnesIn<R> | Word]?: K extends 'anyOf' | 'allOf'
    ? readonly OwnWhere<F, S, R>[]
    : K extends 'not'
      ? OwnWhere<F, S, R>
      : K extends keyof Own<F, S>
        ? OwnCondition<ValueOf<Own<F, S>[K]>, Own<F, S>>
        : K extends OnesIn<R>
          ? NullTest
          : readonly ((keyof F & string) | OnesIn<R>)[]
}

type Word = 'anyOf' | 'allOf' | 'not' | 'exactlyOne' | 'atLeastOne' | 'together'

type Own<F, S> = F & StatusField<S> & BuiltInFields

/** What may be said of one field: a value, null, another field of the row, or tests (all of them hold). */
type OwnCondition<T, All> = Literal<T> | RowOf<All, T> | null | OwnTests<T, RowOf<All, T>>

type OwnTests<T, Ref> = {
  readonly [Op in keyof Tests<T>]?: Op extends 'in' | 'notIn'
    ? readonly Literal<T>[]
    : Op extends ScalarWord
      ? Literal<T> | Ref | (Op extends 'is' | 'isNot' ? null : never)
      : // Words about elements; parts of value objects and words about periods know no other field.
        Tests<T>[Op] | (Op extends ListWord ? Ref : never)
}

type ScalarWord = Exclude<keyof TimeTest<Day> | keyof TextTest, 'in' | 'notIn'>
type ListWord = 'has' | 'hasAny' | 'hasAll' | 'empty'

/** Whether a to-one relation leads anywhere. */
type NullTest = null | { readonly is: null } | { readonly isNot: null }
