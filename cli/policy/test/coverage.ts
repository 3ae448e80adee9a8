import { type Model, rulesFor } from '#schema'
import type { Result } from './run-tests.ts'

/** A rule that no expectation exercised. */
export interface Unexercised {
  readonly entity: string
  readonly title: string
}

/**
 * Rules that decided nothing: an allow has to let something happen, a denial has to stand against something, in at least one expectation that
 * passed. Which verb it was does not matter.
 */
export function unexercised(results: readonly Result[], model: Model): readonly Unexercised[] {
  const exercised = new Set(
    results.flatMap(({ decision, outcome }) =>
      outcome !== 'passed'
        ? []
        : decision.rules
            .filter((rule) => rule.audience && rule.holds && (rule.effect === 'deny' || decision.allowed))
            .map(({ title }) => `${decision.entity} ${title}`),
    ),
  )
  return model.entities.flatMap((entity) =>
    rulesFor(model, entity)
      .filter(({ title }) => !exercised.has(`${entity.name} ${title}`))
      .map(({ title }) => ({ entity: entity.name, title })),
  )
}
