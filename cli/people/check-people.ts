import { didYouMean, OperatorError } from '#base'
import type { Model } from '#schema'
import type { Person } from '#server'

/**
 * Refuses people with roles or claims that the model lacks: their tokens would mean less than they say.
 *
 * @throws OperatorError CONFIG_INVALID naming all of them
 */
export function checkPeople(model: Model, people: Readonly<Record<string, Person>>): void {
  const roles = model.roles.map(({ name }) => name)
  const claims = (model.actor?.values ?? []).flatMap((value) => (value.kind === 'claim' ? [value.name] : []))
  const problems = Object.entries(people).flatMap(([name, person]) => [
    ...unknown(person.roles, roles).map((role) => `people.${name}: there is no role ${role}`),
    ...unknown(Object.keys(person.claims ?? {}), claims).map((claim) => `people.${name}: there is no claim ${claim}`),
  ])
  if (problems.length === 0) return
  throw new OperatorError('CONFIG_INVALID', problems.join('\n'), 'Mend "people" in "rowhouse.config.ts".')
}

function unknown(given: readonly string[], known: readonly string[]): readonly string[] {
  return given.filter((name) => !known.includes(name)).map((name) => `"${name}".${meant(name, known)}`)
}

function meant(name: string, known: readonly string[]): string {
  const suggestion = didYouMean(name, known)
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`
}
