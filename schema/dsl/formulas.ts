import type { DefaultsOf, FormulasOf } from '../types/expression.ts'
import type { Named } from '../types/parts.ts'
import { callSite } from './call-site.ts'
import { declare } from './declare.ts'

/** What `formulas` gives back; export it, so that it is found. */
export interface FormulaSet<N extends string> {
  /** Name of the entity. */
  readonly of: N
}

/** What `defaults` gives back; export it, so that it is found. */
export interface DefaultSet<N extends string> {
  /** Name of the entity. */
  readonly of: N
}

/** Says how the computed fields of an entity follow from its row, one formula for each. */
export function formulas<N extends string>(of: Named<N>, given: FormulasOf<N>): FormulaSet<N> {
  return declare('formulas', { of: of.name, given, at: callSite() })
}

/** Says what fields of a new row become when it is made without them: a function of its other fields. */
export function defaults<N extends string>(of: Named<N>, given: DefaultsOf<N>): DefaultSet<N> {
  return declare('defaults', { of: of.name, given, at: callSite() })
}
