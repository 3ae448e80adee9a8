import { didYouMean, OperatorError } from '#base'
import type { Model } from '#schema'
import type { DocumentSettings, LimitSettings } from '#server'

/** Settings that name roles. */
export interface SettingsOfRoles {
  readonly limits: Pick<LimitSettings, 'roles'>
  readonly documents: Pick<DocumentSettings, 'openTo'> | null
}

/**
 * Refuses settings of roles that the model lacks: nobody would have them.
 *
 * @throws OperatorError CONFIG_INVALID naming all of them
 */
export function checkRoles(model: Pick<Model, 'roles'>, { limits, documents }: SettingsOfRoles): void {
  const known = model.roles.map(({ name }) => name)
  const named = [
    ...Object.keys(limits.roles).map((role) => ['limits.roles', role] as const),
    ...(documents?.openTo ?? []).map((role) => ['documents.openTo', role] as const),
  ]
  const problems = named
    .filter(([, role]) => !known.includes(role))
    .map(([at, role]) => `${at}: there is no role "${role}".${meant(role, known)}`)
  if (problems.length === 0) return
  throw new OperatorError('CONFIG_INVALID', problems.join('\n'), 'Mend the names in "rowhouse.config.ts".')
}

function meant(name: string, known: readonly string[]): string {
  const suggestion = didYouMean(name, known)
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`
}
