import type { ChoiceType, ChoiceValues } from '../types/choice.ts'
import type { Field } from '../types/field.ts'
import type { ChoiceOptions } from '../types/field-options.ts'
import { callSite } from './call-site.ts'
import { declare } from './declare.ts'

/** One of the given values: a list, values with labels, or a shared {@link choiceType}. */
export function choice<const Value extends string, const Optional extends boolean = false>(
  values: ChoiceValues<Value> | ChoiceType<Value>,
  options?: ChoiceOptions<NoInfer<Value>, Optional>,
): Field<Value, Optional> {
  return declare('field', { builder: 'choice', options: options ?? {}, values })
}

/** Values that several fields share; one GraphQL enum of this name. */
export function choiceType<const Value extends string>(name: string, values: ChoiceValues<Value>): ChoiceType<Value> {
  return declare('choiceType', { name, values, at: callSite() })
}
