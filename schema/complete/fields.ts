import { type FieldDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Field, ModelPath } from '../model/model.ts'
import { readColumn } from './column.ts'
import { readDefault } from './default.ts'
import { readFieldType } from './field-type.ts'
import { completeNumbering } from './numbering.ts'
import { readOptions } from './options.ts'
import { readShown } from './shown.ts'

/** A completed field, with the wishes that the entity keeps: uniqueness and an index of its own. */
export interface CompletedField {
  readonly field: Field
  readonly unique: boolean
  readonly index: boolean
}

/** What comes in later parts of the language, so that its absence is said plainly. */
const later: Readonly<Record<string, string>> = Object.fromEntries(
  ['was', 'stored'].map((name) => [name, 'Not supported yet.']),
)

/** Reads fields by name, in order. Also used for the input of actions. */
export function completeFields(
  entries: readonly (readonly [string, unknown])[],
  owner: string,
  path: ModelPath,
  problems: Problems,
): readonly CompletedField[] {
  return entries.flatMap(([name, given]) => {
    const at = [...path, name]
    if (kindOf(given) === 'field') return completeField(given as FieldDeclaration, owner, at, problems)
    problems.report('OPTION_INVALID', { path: at }, `"${name}" must be a field, such as string().`)
    return []
  })
}

function completeField(
  given: FieldDeclaration,
  owner: string,
  path: ModelPath,
  problems: Problems,
): readonly CompletedField[] {
  if (given.builder === 'numbering') return [completeNumbering(given, path, problems)]
  const name = String(path.at(-1))
  const options = readOptions(given.options, path, problems)
  const type = readFieldType(given, options, { owner, name, path, problems })
  if (type === null) {
    problems.report('OPTION_INVALID', { path }, `There is no kind of field called "${given.builder}".`)
    return []
  }
  const optional = options.flag('optional')
  const unique = options.flag('unique')
  const index = options.flag('index')
  const shown = readShown(options, problems)
  const kept = {
    readonly: options.flag('readonly'),
    builtIn: false,
    from: options.word('from')?.split('.') ?? null,
    pii: options.flag('pii'),
    numbering: null,
  }
  const place = readColumn(options.raw('column'), { name, type }, [...path, 'column'], problems)
  const fallback = readDefault(type, options.raw('default'), [...path, 'default'], problems)
  options.done(later)
  return [{ field: { ...shown, name, ...place, type, optional, ...kept, default: fallback }, unique, index }]
}
