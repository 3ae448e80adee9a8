import type { Entry } from './read-builders.ts'

/** A page of the reference. */
export interface Page {
  readonly file: string
  readonly title: string
  readonly intro: string
  /** What is called, in the order in which it is shown. */
  readonly builders: readonly string[]
  /** Interfaces that no call names, as `path#name`. */
  readonly also?: readonly string[]
}

/** The pages, in the order in which a reader meets them. What is on none of them fails the check. */
export const pages: readonly Page[] = [
  {
    file: 'entities.md',
    title: 'Entities',
    intro: 'A kind of row: what it knows, what it goes with, what holds of it.',
    builders: ['entity'],
  },
  {
    file: 'fields.md',
    title: 'Fields',
    intro: 'What one row knows by itself. What each builder becomes in Postgres and GraphQL is read from its example.',
    builders: [
      ...['string', 'text', 'slug', 'email', 'url', 'phone', 'timezone', 'choice', 'choiceType', 'boolean'],
      ...['int', 'int64', 'float', 'decimal', 'money', 'date', 'datetime', 'time', 'duration', 'period', 'uuid'],
      ...['numbering', 'embed', 'embedType', 'shape', 'shapeType', 'list', 'dict', 'base64', 'secret', 'ahead', 'ago'],
    ],
  },
  {
    file: 'relations.md',
    title: 'Relations',
    intro: 'The other rows that a row goes with. The side that holds the key says `one`, `partOf` or `oneOf`.',
    builders: ['one', 'partOf', 'oneOf', 'hasOne', 'many'],
  },
  {
    file: 'formulas.md',
    title: 'Formulas and defaults',
    intro:
      'How computed fields and first values follow from a row. `Expr<T>` is a value of the type `T` that the database will know.',
    builders: [
      ...['formulas', 'defaults', 'plus', 'minus', 'times', 'dividedBy', 'share', 'round', 'abs', 'decimalOf'],
      ...['greatest', 'least', 'coalesce', 'when', 'test', 'concat', 'lower', 'upper', 'length', 'left'],
      ...['today', 'nowAt', 'dayOf', 'days', 'minutes', 'shift', 'part', 'startOf'],
    ],
    also: ['schema/types/expression.ts#ManyExpr', 'schema/types/expression.ts#CasesFormula'],
  },
  {
    file: 'conditions.md',
    title: 'Conditions',
    intro:
      'What a row must be like, in `rules`, `where`, policies and formulas: plain data, the fields of the row by name.',
    builders: ['row', 'its', 'was', 'now', 'amount', 'usd', 'eur', 'condition', 'may'],
    also: [
      ...['EqualityTest', 'OrderTest', 'TimeTest', 'TextTest', 'ListTest', 'EmptyTest', 'PresenceTest'].map(
        (name) => `schema/types/comparison.ts#${name}`,
      ),
      'schema/types/period.ts#PeriodTest',
      'schema/types/where.ts#IdTest',
    ],
  },
  {
    file: 'policies.md',
    title: 'Policies',
    intro: 'Who may do what. Nothing is allowed unless a rule allows it, and a deny that matches always wins.',
    builders: [
      'defineRoles',
      'words',
      'defineActor',
      'policy',
      'defineActions',
      'signedIn',
      'everyone',
      'everyoneExcept',
      'anything',
      'policyTest',
    ],
  },
  {
    file: 'configuration.md',
    title: 'Configuration and seeds',
    intro: 'What `rowhouse.config.ts` and `seed.ts` of an app say.',
    builders: ['defineConfig', 'defineSeed', 'stableId'],
  },
]

/** Options of entities that the example app cannot have, with the page that shows them. */
export const shownElsewhere: Readonly<Record<string, string>> = {
  // The table would have to be there before.
  adopt: 'docs/guide/modelling/existing-database.md',
}

/** What the words of conditions mean that stand beside the fields. The check fails on one that is missing. */
export const conditionWords: Readonly<Record<string, string>> = {
  anyOf: 'One of the conditions holds, or several.',
  allOf: 'All of the conditions hold, as keys side by side do.',
  not: 'The condition does not hold; an exact complement, missing values included.',
  exactlyOne: 'One of the fields has a value, the others have none. In `rules` of entities.',
  atLeastOne: 'One of the fields has a value, or several. In `rules` of entities.',
  together: 'All of the fields have a value, or none has. In `rules` of entities.',
}

/** Entries that apps import, and what each is for. */
export const entryNotes: Readonly<Record<Entry, string>> = {
  'rowhouse/schema': 'for `schema/*.entity.ts`',
  'rowhouse/policies': 'for `policies/*.ts`',
  rowhouse: 'for `rowhouse.config.ts` and `seed.ts`',
}
