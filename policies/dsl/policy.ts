import { callSite, declare, type Named } from '#schema'
import type { PolicyOf, PolicyOptions, Rule } from '../types/rule.ts'

/** Declares the rules of an entity, each under its title. Nothing is allowed unless a rule allows it; a matching deny wins. */
export function policy<N extends string>(
  of: Named<N>,
  rules: { readonly [title: string]: Rule<NoInfer<N>> },
  options?: PolicyOptions,
): PolicyOf<N> {
  return declare('policy', { of: of.name, rules, ...(options === undefined ? {} : { options }), at: callSite() })
}
