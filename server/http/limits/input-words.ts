/** Arguments that are conditions, each name in which is work for the database. */
export const conditionArguments: ReadonlySet<string> = new Set(['filter', 'having', 'orderBy', 'groupBy', 'distinct'])

const patternOperators = /^(like|notLike|likeInsensitive|notLikeInsensitive)$/

/** True for operators whose values are patterns. */
export function isPattern(operator: string): boolean {
  return patternOperators.test(operator)
}

/** True for words that are looked for; none are in what is blank. */
export function isSearch(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

/** How often a pattern says that anything may stand there, which is tried at every place. */
export function wildcardsIn(pattern: string): number {
  return pattern.length - pattern.replaceAll('%', '').length
}
