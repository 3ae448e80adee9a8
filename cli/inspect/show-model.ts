import { canonicalJson } from '#base'
import { modelJson } from '#policies'
import { entitiesNamed, type InspectPart } from './inspection.ts'

/** The model as JSON; of named entities, these with their rules. */
export const model: InspectPart = {
  formats: ['json'],
  show(names, _, inspection) {
    const whole = inspection.model
    if (names.length === 0) return modelJson(whole)
    const entities = entitiesNamed(names, inspection)
    const policies = whole.policies.filter(({ entity }) => entities.some(({ name }) => name === entity))
    return canonicalJson({ entities, policies })
  },
}
