import { type FieldDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Expression } from '../model/expression.ts'
import type { Computed, ModelPath } from '../model/model.ts'
import { completeFields } from './fields.ts'
import { isPlainObject } from './options.ts'

/** Stands in for a formula that is not read yet; where it stays there is a report, so that no back-end meets it. */
const unread: Expression = { kind: 'literal', of: 'null', value: null }

/** What fields can be told and computed fields cannot: nobody writes them, and no column is there to check or index. */
const written = ['default', 'unique', 'index', 'readonly', 'from', 'min', 'max', 'matches', 'ignoreCase', 'column']

/** Reads the types of computed fields, in order; their formulas are read when every entity is known. */
export function completeComputed(
  entries: readonly (readonly [string, unknown])[],
  owner: string,
  path: ModelPath,
  problems: Problems,
): readonly Computed[] {
  return entries.flatMap(([name, given]) => {
    const sound =
      kindOf(given) === 'field' ? withoutWritten(given as FieldDeclaration, [...path, name], problems) : given
    return completeFields([[name, sound]], owner, path, problems).map(({ field }) => ({
      note: field.note,
      label: field.label,
      deprecated: field.deprecated,
      ui: field.ui,
      name: field.name,
      type: field.type,
      optional: field.optional,
      stored: isStored(given, [...path, name], problems),
      expression: unread,
    }))
  })
}

/** Whether a column holds the value, kept right by the database. */
function isStored(given: unknown, path: ModelPath, problems: Problems): boolean {
  const options = kindOf(given) === 'field' ? (given as FieldDeclaration).options : undefined
  const stored = isPlainObject(options) ? options.stored : undefined
  if (stored !== undefined && stored !== true)
    problems.report('OPTION_INVALID', { path: [...path, 'stored'] }, '"stored" must be `true`, or left out.')
  return stored === true
}

function withoutWritten(given: FieldDeclaration, path: ModelPath, problems: Problems): FieldDeclaration {
  const { options } = given
  if (!isPlainObject(options)) return given
  const wrong = Object.keys(options).filter((key) => written.includes(key))
  for (const key of wrong) {
    const hint =
      'A computed field follows from its formula: nobody writes it. Of `stored: true` the entity can say `unique` and `indexes`.'
    problems.report(
      'COMPUTED_OPTION_INVALID',
      { path: [...path, key], part: 'key' },
      `A computed field has no "${key}".`,
      {
        hint,
      },
    )
  }
  const kept = Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'stored' && !wrong.includes(key)))
  const copy = { ...given, options: kept }
  for (const key of Object.getOwnPropertySymbols(given))
    Object.defineProperty(copy, key, { value: (given as never)[key] })
  return copy
}
