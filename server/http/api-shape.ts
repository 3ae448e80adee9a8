import { canonicalHash } from '#base'
import { entityOf, indexModel, isFaced } from '#policies'
import type { Model } from '#schema'

/**
 * What an API may depend on: all of a model but when and why rules allow what they allow. Postgres alone decides that, and it is what changes most often while
 * somebody works on policies. Which fields are hidden from the same people, though, is read from the rules whole.
 */
export function apiShape(model: Model): Model {
  const unsaid = { title: '', where: null, becoming: null, unless: null }
  const index = indexModel(model)
  const policies = model.policies.map(({ rules, ...policy }) => ({
    ...policy,
    rules: isFaced(entityOf(index, policy.entity), index)
      ? rules
      : rules.map((rule) => ({ ...rule, ...unsaid, because: rule.because === null ? null : '' })),
  }))
  return { ...model, policies }
}

/** Identifies what an API is made of: models with the same one share theirs. */
export function apiHash(model: Model): string {
  return canonicalHash(apiShape(model))
}
