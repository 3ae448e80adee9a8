import { OperatorError } from '#base'
import type { RoleFacts } from './read-role-facts.ts'

/**
 * Lets a role pass that has no more powers than a group of ours may have.
 *
 * @throws ROLE_UNSAFE
 */
export function refusePowers(facts: RoleFacts, kind: 'group' | 'login'): void {
  const powers = kind === 'group' && facts.canLogin ? ['LOGIN', ...facts.powers] : facts.powers
  if (powers.length === 0) return
  const without = powers.map((power) => `no${power.toLowerCase()}`).join(' ')
  throw new OperatorError(
    'ROLE_UNSAFE',
    `The role "${facts.name}" has ${powers.join(', ')}, which would let requests past row security or more.`,
    `As an administrator: alter role "${facts.name}" ${without};`,
  )
}

/**
 * Lets a role pass that is a member of nothing else than it should.
 *
 * @throws ROLE_UNSAFE
 */
export function refuseMemberships(facts: RoleFacts, extra: readonly string[]): void {
  if (extra.length === 0) return
  throw new OperatorError(
    'ROLE_UNSAFE',
    `The role "${facts.name}" is a member of ${extra.map((name) => `"${name}"`).join(', ')}, and should not be.`,
    `As an administrator: revoke ${extra.map((name) => `"${name}"`).join(', ')} from "${facts.name}";`,
  )
}
