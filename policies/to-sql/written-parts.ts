import { canonicalHash } from '#base'
import type { Audience, Rule } from '#schema'
import { audienceRoles, type RolePlaceholder } from './role-placeholder.ts'
import type { Scope } from './scope.ts'
import { audienceHolders, type Holders, holdersOfAll, type Included, isWithin, meet, widest } from './who-holds.ts'
import { containsMay, type WrittenOut, writtenOut } from './written-out.ts'

/** What an allow says to some of its audience. All parts of a rule say together what the rule says. */
export interface RulePart {
  readonly rule: Rule
  /** Whom a policy of this part is for. */
  readonly roles: readonly RolePlaceholder[]
  /** Who of them is meant besides, asked once per statement; null: all. */
  readonly among: Audience | null
  /** Tells the parts of a rule apart: the titles of the rules that `may` stood for. Empty where the rule is one part. */
  readonly by: readonly string[]
}

/** A part, with whoever is meant without being asked. */
export interface WrittenPart extends RulePart {
  readonly holders: readonly Holders[]
}

/** The roles that a policy can name. */
export interface Named {
  readonly included: Included
  /** Whether there is such a role, or shall be one. */
  readonly isMade: (role: RolePlaceholder) => boolean
}

/** The parts of a rule, where policies can name these roles. */
export function writtenParts(rule: Rule, scope: Scope, named: Named): readonly WrittenPart[] {
  const whole: WrittenPart = { rule, roles: audienceRoles(rule.audience), among: null, by: [], holders: [] }
  if (rule.effect !== 'allow') return [whole]
  const key = rule.where !== null && containsMay(rule.where) ? 'where' : 'becoming'
  const condition = rule[key]
  if (condition === null || condition === 'anything') return [whole]
  // Old row and new row would be written out each by itself, and joined crosswise.
  if (key === 'where' && rule.becoming !== null && rule.becoming !== 'anything' && containsMay(rule.becoming))
    return [whole]
  const written = writtenOut(condition, scope)
  if (written === null) return [whole]
  return alike(written).flatMap((group) =>
    spoken(rule.audience, group, named).map((each) => ({ ...each, rule: { ...rule, [key]: group[0]!.condition } })),
  )
}

/** Rules that give the right on the same condition are one: to whom one of them speaks, the others say nothing new. */
function alike(written: readonly WrittenOut[]): readonly (readonly WrittenOut[])[] {
  const groups = new Map<string, WrittenOut[]>()
  for (const each of written) {
    const key = canonicalHash(each.condition)
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()]
}

interface Met extends Holders {
  readonly parent: Rule
}

/** To whom a rule speaks for the sake of the others: by a role that holds for both, or by one that asks for the other. */
function spoken(
  audience: Audience,
  group: readonly WrittenOut[],
  { included, isMade }: Named,
): readonly Omit<WrittenPart, 'rule'>[] {
  const met = group.flatMap(({ rule: parent }) =>
    holdersOfAll([audience, parent.audience], included).map((both): Met => ({ ...both, parent })),
  )
  const certain = widest(
    met.filter(({ role }) => isMade(role)),
    included,
  )
  // Who is in both for certain needs no policy that asks.
  const isOpen = (both: Holders) => !isMade(both.role) && !certain.some((one) => isWithin(both, one, included))
  const parents = [...new Set(met.filter(isOpen).map(({ parent }) => parent))]
  return [
    ...(certain.length === 0
      ? []
      : [{ roles: rolesIn(certain), among: null, by: titlesIn(certain), holders: certain }]),
    ...parents.map((parent) => ({
      roles: rolesIn(
        audienceHolders(audience, included).filter((our) =>
          audienceHolders(parent.audience, included).some((their) => {
            const both = meet(our, their, included)
            return both !== null && isOpen(both)
          }),
        ),
      ),
      among: parent.audience,
      by: [parent.title],
      holders: [],
    })),
  ]
}

function rolesIn(holders: readonly Holders[]): readonly RolePlaceholder[] {
  return [...new Set(holders.map(({ role }) => role))].sort()
}

function titlesIn(met: readonly Met[]): readonly string[] {
  return [...new Set(met.map(({ parent }) => parent.title))].sort()
}
