import { type ChoiceTypeDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ChoiceValue, ModelPath } from '../model/model.ts'
import { entriesOf, isPlainObject, readOptions, readText } from './options.ts'

/** Values of a choice and the name of its enum. */
export interface Choice {
  readonly enum: string
  readonly values: readonly ChoiceValue[]
}

/** Reads `choice([…])`, `choice({ value: 'Label' })` and `choice(currency)`. The enum's name is `fallback` unless shared. */
export function readChoice(given: unknown, fallback: string, path: ModelPath, problems: Problems): Choice {
  if (kindOf(given) === 'choiceType') {
    const shared = given as ChoiceTypeDeclaration
    return { enum: shared.name, values: readChoiceValues(shared.values, path, problems) }
  }
  return { enum: fallback, values: readChoiceValues(given, path, problems) }
}

/** Values as a list, or as an object of labels; used for states too. */
export function readChoiceValues(given: unknown, path: ModelPath, problems: Problems): readonly ChoiceValue[] {
  const at = path.at(-1) === 'states' ? path : [...path, 'values']
  if (Array.isArray(given)) {
    return given.map((value: unknown, index) => {
      if (typeof value !== 'string')
        problems.report('CHOICE_VALUES_INVALID', { path: [...at, index] }, 'A value must be a text in quotes.')
      return choiceValue(String(value), {})
    })
  }
  return entriesOf(given, at, problems).map(([value, details]) => {
    if (isPlainObject(details)) return readDetails(value, details, [...at, value], problems)
    if (typeof details === 'string') return choiceValue(value, { label: readText(details, [...at, value], problems) })
    problems.report('OPTION_INVALID', { path: [...at, value] }, 'This must be a label in quotes, or { label: … }.')
    return choiceValue(value, {})
  })
}

function readDetails(value: string, details: unknown, path: ModelPath, problems: Problems): ChoiceValue {
  const options = readOptions(details, path, problems)
  const read = {
    label: options.text('label'),
    note: options.text('note'),
    color: options.text('color'),
    deprecated: options.text('deprecated'),
  }
  options.done()
  return choiceValue(value, read)
}

function choiceValue(value: string, details: Partial<ChoiceValue>): ChoiceValue {
  return { value, graphql: graphqlName(value), label: null, note: null, color: null, deprecated: null, ...details }
}

/** `us-east` → `us_east`, `3d` → `_3d`, `true` → `true_`. What GraphQL cannot say becomes `_`. */
function graphqlName(value: string): string {
  const name = value.replaceAll(/[^A-Za-z0-9_]/g, '_')
  if (name === 'true' || name === 'false' || name === 'null') return `${name}_`
  // Names that begin with two underscores belong to GraphQL itself.
  return /^\d/.test(name) ? `_${name}` : name
}
