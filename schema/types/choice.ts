/** One value of a choice or one state of a lifecycle: its label, or more. */
export type ChoiceValue = string | ChoiceDetails

/** A value's label and what else is known of it. */
export interface ChoiceDetails {
  /** How interfaces call the value. Default: the value itself. */
  readonly label?: string
  /** Shown in GraphQL. */
  readonly note?: string
  /** For interfaces: a CSS colour or a name of the app's own palette. */
  readonly color?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
}

/** `['eu', 'us']`, or `{ eu: 'Europe', us: { label: 'United States', color: 'blue' } }`. */
export type ChoiceValues<Value extends string> = readonly Value[] | { readonly [V in Value]: ChoiceValue }

declare const choiceValues: unique symbol

/** Values shared by several fields under one name; one GraphQL enum. */
export interface ChoiceType<Value extends string> {
  /** Only in types. */
  readonly [choiceValues]: Value
}
