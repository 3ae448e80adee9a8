import { type Finding, finding } from './finding.ts'
import type { FoundConstraint } from './found-database.ts'
import type { Surveyed } from './survey.ts'

/** Parts of a table that no other step looks at, and comments where no note can stand. */
export function unsaidParts({ table, at }: Surveyed): readonly Finding[] {
  return [
    ...(table.settings.length === 0 ? [] : [finding('SETTING', at, table.settings.join(', '))]),
    ...table.constraints.flatMap((each) => constraintParts(each, at)),
  ]
}

function constraintParts(constraint: FoundConstraint, table: string): readonly Finding[] {
  const { name, kind, definition, settings, comment } = constraint
  const at = `${table}.${name}`
  const comments = comment === null ? [] : [finding('COMMENT', at, `comment on constraint: ${comment}`)]
  switch (kind) {
    // Links, limits and uniques are told where they are read.
    case 'f':
    case 'c':
    case 'u':
      return comments
    case 'p':
      return settings.length === 0 ? comments : [finding('KEY_SETTING', at, settings.join(', ')), ...comments]
    case 'x':
      return [finding('EXCLUSION', at, definition), ...comments]
    case 'n':
      // `not null` of a column is said with it, unless old rows need not be.
      return settings.includes('not valid') ? [finding('CONSTRAINT', at, definition), ...comments] : comments
    case 't':
      return [finding('CONSTRAINT', at, 'a constraint trigger'), ...comments]
    default:
      return [finding('CONSTRAINT', at, definition), ...comments]
  }
}
