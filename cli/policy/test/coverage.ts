import { isReadOnly, type Model, rulesFor } from '#schema'
import type { Result } from './run-tests.ts'

/** A rule, by its name. */
export interface NamedRule {
  readonly entity: string
  readonly title: string
}

/**
 * Rules that decided nothing: an allow has to let something happen, a denial has to stand against something, in at least one expectation that
 * passed. Which verb it was does not matter.
 */
export function unexercised(results: readonly Result[], model: Model): readonly NamedRule[] {
  const exercised = new Set(
    results.flatMap(({ decision, outcome }) =>
      outcome !== 'passed'
        ? []
        : decision.rules
            .filter((rule) => rule.audience && rule.holds && (rule.effect === 'deny' || decision.allowed))
            .map(({ title }) => `${decision.entity} ${title}`),
    ),
  )
  return testableRules(model).filter(({ entity, title }) => !exercised.has(`${entity} ${title}`))
}

/** Rules that an expectation could exercise: not those about rows that follow from a select, which no test writes. */
export function testableRules(model: Model): readonly NamedRule[] {
  return model.entities
    .filter((entity) => !isReadOnly(entity))
    .flatMap((entity) => rulesFor(model, entity).map(({ title }) => ({ entity: entity.name, title })))
}
