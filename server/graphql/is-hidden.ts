import { operationPlan } from 'grafast'
import { isHiddenFromNobody } from './hidden-entities.ts'
import { entitiesOf } from './model-of-build.ts'

interface TrackedStep {
  get(name: string): TrackedStep
  evalIs(value: unknown): boolean
}

/**
 * While a field is planned: whether no rule shows rows of the entity to the caller. The plan is kept for callers of whom the
 * same is true. What the context does not say is left to Postgres.
 */
export function isHidden(build: GraphileBuild.Build, entityName: string): boolean {
  const entity = entitiesOf(build).get(entityName)
  if (entity === undefined || isHiddenFromNobody(build.input.rowhouseModel, entity)) return false
  const $context = (operationPlan() as unknown as { readonly trackedContextStep: TrackedStep }).trackedContextStep
  return $context.get('hidden').get(entityName).evalIs(true)
}
