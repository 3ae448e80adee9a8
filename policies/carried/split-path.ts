import type { Comparison, Condition, Entity } from '#schema'
import { entityOf, type ModelIndex, toOneOf } from '../to-sql/model-index.ts'

/** A comparison at the end of a path, told of a column of the row where the path begins. */
export interface EndTest {
  readonly kind: 'end'
  /** To-ones from the row: the last is the one that is compared. */
  readonly path: readonly string[]
  /** 1: the row that the last one leads to is not asked for; 0: it is one of those that must be live. */
  readonly end: 0 | 1
  /** Entity that the comparison is about. */
  readonly holder: Entity
  readonly comparison: Comparison
}

/** What of a path's condition can be told of the row where it begins. */
export type EndTests =
  | EndTest
  | { readonly kind: 'and'; readonly all: readonly EndTests[] }
  | { readonly kind: 'or'; readonly any: readonly EndTests[] }
  | { readonly kind: 'not'; readonly not: EndTests }

/** A path's condition, split. */
export interface SplitPath {
  /** Holds wherever the condition does; null: nothing of it is told. */
  readonly told: EndTests | null
  /** True where it is the condition, so that nothing is left to ask. */
  readonly whole: boolean
}

/** What a path is split by. */
export interface SplitOptions {
  readonly index: ModelIndex
  /** Whether the row where the path begins holds, or could hold, what the path ends with. */
  readonly holds: (test: EndTest) => boolean
}

const nothing: SplitPath = { told: null, whole: false }

/**
 * Splits what stands behind a path into tests of a to-one against a value of the caller, and the rest.
 *
 * @param path to-ones that lead from the row to where the condition is about
 */
export function splitPath(
  condition: Condition,
  path: readonly string[],
  entity: Entity,
  options: SplitOptions,
): SplitPath {
  switch (condition.kind) {
    case 'compare':
      return splitComparison(condition, path, entity, options)
    case 'path': {
      const relation = toOneOf(entity, condition.relation)
      return splitPath(condition.where, [...path, condition.relation], entityOf(options.index, relation.to), options)
    }
    case 'and': {
      if (condition.all.length === 0) return nothing
      const parts = condition.all.map((each) => splitPath(each, path, entity, options))
      const told = parts.flatMap((each) => each.told ?? [])
      if (told.length === 0) return nothing
      return { told: { kind: 'and', all: told }, whole: parts.every((each) => each.whole) }
    }
    case 'or': {
      const parts = condition.any.map((each) => splitPath(each, path, entity, options))
      const told = parts.flatMap((each) => each.told ?? [])
      // Of each way at least a part must be told: else a row may hold by the other one.
      if (told.length < parts.length || parts.length === 0) return nothing
      return { told: { kind: 'or', any: told }, whole: parts.every((each) => each.whole) }
    }
    case 'not': {
      const inner = splitPath(condition.not, path, entity, options)
      return inner.whole && inner.told !== null ? { told: { kind: 'not', not: inner.told }, whole: true } : nothing
    }
    case 'many':
    case 'may':
    case 'fact':
      return nothing
  }
}

const byId: ReadonlySet<string> = new Set(['is', 'isNot', 'in', 'notIn'])

function splitComparison(
  comparison: Comparison,
  path: readonly string[],
  entity: Entity,
  { holds }: SplitOptions,
): SplitPath {
  const { on, op, to } = comparison
  if (!byId.has(op) || to.kind !== 'actor') return nothing
  const isKey = entity.key.length === 1 && entity.key[0] === on
  const isToOne = entity.relations.some((each) => each.kind === 'one' && each.name === on)
  if (!isKey && !isToOne) return nothing
  const test: EndTest = {
    kind: 'end',
    path: isToOne ? [...path, on] : path,
    end: isToOne ? 1 : 0,
    holder: entity,
    comparison,
  }
  return holds(test) ? { told: test, whole: true } : nothing
}

/** The tests that a split is made of. */
export function endTestsOf(tests: EndTests): readonly EndTest[] {
  switch (tests.kind) {
    case 'end':
      return [tests]
    case 'and':
      return tests.all.flatMap(endTestsOf)
    case 'or':
      return tests.any.flatMap(endTestsOf)
    case 'not':
      return endTestsOf(tests.not)
  }
}
