import { didYouMean, OperatorError } from '#base'
import type { Model } from '#schema'
import type { LimitSettings } from '#server'

/**
 * Refuses limits of roles that the model lacks: nobody would have them.
 *
 * @throws OperatorError CONFIG_INVALID naming all of them
 */
export function checkLimits(model: Pick<Model, 'roles'>, { roles }: Pick<LimitSettings, 'roles'>): void {
  const known = model.roles.map(({ name }) => name)
  const unknown = Object.keys(roles).filter((role) => !known.includes(role))
  if (unknown.length === 0) return
  const problems = unknown.map((role) => `limits.roles: there is no role "${role}".${meant(role, known)}`)
  throw new OperatorError('CONFIG_INVALID', problems.join('\n'), 'Mend "limits" in "rowhouse.config.ts".')
}

function meant(name: string, known: readonly string[]): string {
  const suggestion = didYouMean(name, known)
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`
}
