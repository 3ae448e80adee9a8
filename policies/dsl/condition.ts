import { callSite, declare, type Named, type NamedCondition, type Where } from '#schema'

/** A condition with a name, written once: stands wherever a condition on that entity may stand. */
export function condition<N extends string>(of: Named<N>, where: Where<NoInfer<N>>): NamedCondition<N> {
  return declare('condition', { of: of.name, where, at: callSite() })
}
