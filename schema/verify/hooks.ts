import { didYouMeanHint } from '../complete/hint.ts'
import type { Problems } from '../load/problems.ts'
import { fieldMoments, type Hook, transitionMoments } from '../model/hooks.ts'
import type { Entity } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import type { Verification } from './context.ts'

/** Hooks run files of a known form, and stand where something changes. */
export function verifyHooks(check: Verification): void {
  for (const entity of check.model.entities)
    for (const hook of entity.hooks ?? []) {
      verifyPath(check, entity, hook)
      verifyMoment(check, entity, hook)
    }
}

function pathOf({ name }: Entity, { moment, of }: Hook): readonly string[] {
  return [name, 'hooks', moment, ...(of === null ? [] : [of])]
}

function verifyPath({ problems }: Verification, entity: Entity, hook: Hook): void {
  if (/^(actions|scripts)(\/[a-z0-9]+(-[a-z0-9]+)*)+$/.test(hook.runs)) return
  const hint = "Write the file without its ending: 'actions/check-price' or 'scripts/check-price'."
  problems.report('HOOK_INVALID', { path: pathOf(entity, hook) }, `"${hook.runs}" is no action or script.`, { hint })
}

function verifyMoment({ problems }: Verification, entity: Entity, hook: Hook): void {
  const path = pathOf(entity, hook)
  const place = { path, part: 'key' } as const
  // Of rows that are changed elsewhere the option itself is refused.
  if (isReadOnly(entity)) return
  if (transitionMoments.includes(hook.moment)) {
    verifyTransition(problems, entity, hook)
    return
  }
  if (entity.immutable && (fieldMoments.includes(hook.moment) || hook.moment.endsWith('Update'))) {
    problems.report('HOOK_INVALID', place, `Rows of "${entity.name}" are never changed.`, { hint: 'Leave it out.' })
    return
  }
  if (hook.of === null) return
  const names = [
    ...entity.fields.filter(({ builtIn, type }) => !builtIn && type.kind !== 'secret').map(({ name }) => name),
    ...entity.relations.filter(({ kind }) => kind === 'one').map(({ name }) => name),
  ]
  if (names.includes(hook.of)) return
  const message = `"${entity.name}" has no field "${hook.of}" whose change is known.`
  problems.report('HOOK_INVALID', place, message, { hint: didYouMeanHint(hook.of, names) })
}

function verifyTransition(problems: Problems, entity: Entity, hook: Hook): void {
  const place = { path: pathOf(entity, hook), part: 'key' } as const
  const names = (entity.lifecycle?.transitions ?? []).map(({ name }) => name)
  if (names.length === 0)
    problems.report('HOOK_INVALID', place, `Rows of "${entity.name}" have no transitions.`, { hint: 'Leave it out.' })
  else if (hook.of !== null && !names.includes(hook.of)) {
    const message = `"${entity.name}" has no transition "${hook.of}".`
    problems.report('HOOK_INVALID', place, message, { hint: didYouMeanHint(hook.of, names) })
  }
}
