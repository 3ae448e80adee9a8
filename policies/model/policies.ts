import type { Actor, ConditionContext, Entity, Policy, PolicyDeclaration, Problems } from '#schema'
import { readRule } from './rule.ts'

/** What policies are read against. */
export interface PolicyContext {
  readonly entities: ReadonlyMap<string, Entity>
  readonly actor: Actor | null
  readonly problems: Problems
}

/** One policy for each entity, sorted. A missing one is empty here and reported by its own check. */
export function completePolicies(declared: readonly PolicyDeclaration[], context: PolicyContext): readonly Policy[] {
  const conditions: ConditionContext = { ...context, isAcrossRows: true, callerless: null }
  return [...context.entities.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((entity) => {
      const policy = entity.link === null ? declared.find(({ of }) => of === entity.name) : undefined
      const rules = Object.entries(policy?.rules ?? {})
      return {
        entity: entity.name,
        onHidden: 'null' as const,
        rules: rules.flatMap(([title, given]) => readRule({ title, given, entity }, conditions) ?? []),
      }
    })
}
