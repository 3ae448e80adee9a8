import type { Moment } from './moment.ts'
import type { ClockText, DayText, Digits, InstantText } from './values.ts'

/** Hints for interfaces; passed on as they are. */
export interface Ui {
  /** Name of an icon. */
  readonly icon?: string
  /** Heading under which a form shows it. */
  readonly group?: string
  /** Place among its siblings, smallest first. */
  readonly order?: number
  /** Not shown unless asked for. */
  readonly hidden?: boolean
  /** Name of the control that edits it. */
  readonly widget?: string
  /** A sentence beside the control. */
  readonly help?: string
  /** Hints of your own. */
  readonly [own: string]: string | number | boolean | null | undefined
}

/** Options of every field. */
export interface FieldOptions<Optional extends boolean> {
  /** The value may be missing (null). Fields are required by default. */
  readonly optional?: Optional
  /** No two live rows share the value. */
  readonly unique?: true
  /** Lists are filtered or ordered by it. What is unique is indexed anyhow. */
  readonly index?: true
  /** Accepted when the row is made, never afterwards. */
  readonly readonly?: true
  /** Shown in GraphQL and stored as comment. */
  readonly note?: string
  /** Why not to use it any more, and what instead. Not on fields that every new row needs. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Tells something about a person. */
  readonly pii?: true
  /** For interfaces. */
  readonly ui?: Ui
  /** Copied when the row is made without a value: a path through to-one relations, `product.price`. */
  readonly from?: `${string}.${string}`
  /** Only of a computed field: a column holds it, which the database keeps right. Lists are filtered and ordered by it as by any other field. */
  readonly stored?: true
  /** Name of the column where it is not the field's own in snake case, or name and type. */
  readonly column?: string | ColumnOptions
}

/** A column that is not what the field means by itself. */
export interface ColumnOptions {
  /** Name of the column. Default: the field's in snake case. */
  readonly name?: string
  /** A type of the same family: `varchar(40)`, `smallint`, `real`, `timestamp`. */
  readonly type?: string
}

/** Options of `string`, `text`, `slug`, `email`, `url` and `phone`. */
export interface TextOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Least number of characters. */
  readonly min?: number
  /** Greatest number of characters. */
  readonly max?: number
  /** `{ random: 8 }`: so many digits and small letters that nobody guesses, new for each row. */
  readonly default?: string | { readonly random: number }
  /** Regular expression that the whole value must match; without flags. */
  readonly matches?: string | RegExp
  /** `unique` takes upper and lower case as the same. */
  readonly ignoreCase?: true
}

/** Options of `timezone`. */
export interface TimezoneOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** `Europe/Berlin` */
  readonly default?: string
}

/** Options of `int` and `float`. */
export interface NumberOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Least value. */
  readonly min?: number
  /** Greatest value. */
  readonly max?: number
  /** Value of a new row. */
  readonly default?: number
}

/** Options of `int64`. Digits, because JSON cannot hold such numbers. */
export interface BigNumberOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Least value. */
  readonly min?: `${bigint}`
  /** Greatest value. */
  readonly max?: `${bigint}`
  /** Value of a new row. */
  readonly default?: `${bigint}`
}

/** Options of `decimal`. */
export interface DecimalOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Digits in all. */
  readonly precision: number
  /** Digits behind the point. */
  readonly scale: number
  /** Least value. */
  readonly min?: Digits
  /** Greatest value. */
  readonly max?: Digits
  /** Value of a new row. */
  readonly default?: Digits
}

interface AmountOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Digits behind the point. Default: those of the currency; 2 where it differs from row to row. */
  readonly scale?: number
  /** Stored as a whole number of the smallest unit. */
  readonly minor?: true
  /** Least amount. */
  readonly min?: Digits
  /** Greatest amount. */
  readonly max?: Digits
  /** Amount of a new row. */
  readonly default?: Digits
}

/** Options of `money` whose rows all have one currency. */
export interface MoneyOptions<Optional extends boolean> extends AmountOptions<Optional> {
  /** ISO 4217 code, `EUR`. */
  readonly currency?: string
  readonly in?: never
}

/** Options of `money` whose currency stands in another field of the row. */
export interface MoneyInOptions<Optional extends boolean> extends AmountOptions<Optional> {
  readonly currency?: never
  /** Name of the field that holds the currency, or the path to it through to-one relations: `order.currency`. */
  readonly in: string
}

/** Options of `boolean`. */
export interface BooleanOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Value of a new row. Default: none, and the field is asked for. */
  readonly default?: boolean
}

/** Options of `datetime`. */
export interface DatetimeOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** `now`: the instant of the change. */
  readonly default?: 'now' | InstantText | Moment
}

/** Options of `date`. */
export interface DateOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** `today`: the day of the change, in UTC. */
  readonly default?: 'today' | DayText | Moment
}

/** Options of `time`. */
export interface TimeOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** Time of day of a new row, `17:30`. */
  readonly default?: ClockText
}

/** Options of `duration`. */
export interface DurationOptions<Optional extends boolean> extends NumberOptions<Optional> {
  /** Unit of the whole number that is stored. */
  readonly in: 'seconds' | 'minutes' | 'hours' | 'days'
}

/** Options of `uuid`. */
export interface UuidOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** `random`: made with the row. */
  readonly default?: 'random'
}

/** Options of `choice`. */
export interface ChoiceOptions<Value extends string, Optional extends boolean> extends FieldOptions<Optional> {
  /** One of the values. Default: none, and the field is asked for. */
  readonly default?: Value
}
