import { didYouMeanHint } from '../complete/hint.ts'
import type { Entity, ToOne } from '../model/model.ts'
import { hasTenant, isShared } from '../model/tenancy.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** `same` leads over required to-one relations to where the target's relation of the same name leads. */
export function verifySamePaths(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const relation of toOnesOf(entity)) {
      if (relation.same !== null) verifyPath(check, entity, relation, relation.same)
    }
  }
}

function verifyPath(check: Verification, entity: Entity, relation: ToOne, same: readonly string[]): void {
  const target = check.entities.get(relation.to)
  // Reported as a relation already.
  if (target === undefined) return
  const report: Report = (message, hint = null) => {
    const place = { path: [entity.name, 'relations', relation.name, 'same'] }
    check.problems.report('SAME_PATH_INVALID', place, message, { hint })
  }
  if (same.length > 2) {
    const hint = `Let "${same[0]}" itself say \`same\`, and agree with what is nearer.`
    report('A path has one or two steps.', hint)
  } else if (same[0] === relation.name) report('The path begins with the relation itself.')
  else {
    const end = followPath(check, entity, same, report)
    if (end !== null) verifyEnds(same.at(-1)!, end, target, report)
    if ([entity, target].some((each) => !hasTenant(each) || isShared(each))) report('Only rows of a tenant can agree.')
  }
}

type Report = (message: string, hint?: string | null) => void

function verifyEnds(name: string, end: ToOne, target: Entity, report: Report): void {
  const other = toOne(target, name)
  if (other === undefined) {
    const hint = didYouMeanHint(name, namesOf(target))
    report(`"${target.name}" has no to-one relation "${name}" that could agree.`, hint)
  } else if (other.to !== end.to)
    report(`"${name}" of "${target.name}" leads to "${other.to}", the path to "${end.to}".`)
  else if (other.optional) report(`"${name}" of "${target.name}" may be missing: both ends must be required.`)
}

/** The last relation of the path, or null with a report. */
function followPath({ entities }: Verification, entity: Entity, same: readonly string[], report: Report): ToOne | null {
  let at = entity
  let last: ToOne | null = null
  for (const name of same) {
    const step = toOne(at, name)
    if (step === undefined) {
      report(`"${at.name}" has no to-one relation "${name}".`, didYouMeanHint(name, namesOf(at)))
      return null
    }
    if (step.optional) {
      report(`"${name}" of "${at.name}" may be missing: every step must be required.`)
      return null
    }
    const next = entities.get(step.to)
    if (next === undefined) return null
    if (at !== entity && (!hasTenant(at) || isShared(at))) report('Only rows of a tenant can agree.')
    last = step
    at = next
  }
  return last
}

function toOne(entity: Entity, name: string): ToOne | undefined {
  return toOnesOf(entity).find((each) => each.name === name)
}

function namesOf(entity: Entity): readonly string[] {
  return toOnesOf(entity).map(({ name }) => name)
}
