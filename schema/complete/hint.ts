import { didYouMean } from '#base'

/** `Did you mean "customer"?`, or the list of what is known when nothing is near. */
export function didYouMeanHint(typed: string, known: readonly string[]): string {
  const near = didYouMean(typed, known)
  if (near !== null) return `Did you mean "${near}"?`
  return known.length === 0 ? 'There is none.' : `Known here: ${quotedList(known)}.`
}

/** `"a", "b" and "c"` */
function quotedList(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
