import type { Change } from './change.ts'

const mostListed = 10

/** The changes in one sentence: `column app.order weight: added; and 3 more`. */
export function describeChanges(changes: readonly Change[]): string {
  const listed = changes.slice(0, mostListed).map((change) => change.description)
  const more = changes.length - listed.length
  return [...listed, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
