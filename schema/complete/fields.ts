import { type FieldDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ModelPath } from '../model/model.ts'
import { readColumn } from './column.ts'
import { readDefault } from './default.ts'
import { prefixed } from './embed.ts'
import type { CompletedField, FieldContext } from './field-context.ts'
import { readFieldType } from './field-type.ts'
import { completeNumbering } from './numbering.ts'
import { readOptions } from './options.ts'
import { readShown } from './shown.ts'

/** What comes in later parts of the language, so that its absence is said plainly. */
const later: Readonly<Record<string, string>> = {
  was: 'Not supported yet.',
  stored: 'Only a computed field says so: every other one is stored anyway.',
}

/** Reads fields by name, in order. Also used for the input of actions. */
export function completeFields(
  entries: readonly (readonly [string, unknown])[],
  owner: string,
  path: ModelPath,
  problems: Problems,
  depth = 1,
): readonly CompletedField[] {
  return entries.flatMap(([name, given]) => {
    const at = [...path, name]
    if (kindOf(given) === 'field') {
      const readParts: FieldContext['readParts'] = (parts, inside) =>
        completeFields(parts, inside, at, problems, depth + 1)
      const inner = { readParts, readType: readFieldType }
      return completeField(given as FieldDeclaration, { owner, name, path: at, problems, depth, ...inner })
    }
    problems.report('OPTION_INVALID', { path: at }, `"${name}" must be a field, such as string().`)
    return []
  })
}

function completeField(given: FieldDeclaration, context: FieldContext): readonly CompletedField[] {
  const { name, path, problems } = context
  if (given.builder === 'numbering') return [completeNumbering(given, path, problems)]
  const options = readOptions(given.options, path, problems)
  const type = readFieldType(given, options, context)
  if (type === null) {
    problems.report('OPTION_INVALID', { path }, `There is no kind of field called "${given.builder}".`)
    return []
  }
  const optional = options.flag('optional')
  // What a value object or a secret cannot have is told where it is read.
  const isWhole = type.kind !== 'embed' && type.kind !== 'secret'
  const unique = isWhole && options.flag('unique')
  const index = isWhole && options.flag('index')
  const shown = readShown(options, problems)
  const kept = {
    readonly: options.flag('readonly'),
    builtIn: false,
    from: type.kind === 'secret' ? null : (options.word('from')?.split('.') ?? null),
    pii: options.flag('pii'),
    numbering: null,
  }
  const place = readColumn(options.raw('column'), { name, type }, [...path, 'column'], problems)
  const written = isWhole ? options.raw('default') : undefined
  const fallback = readDefault(type, written, [...path, 'default'], problems)
  options.done(later)
  const field = { ...shown, name, ...place, type: prefixed(type, place.column), optional, ...kept, default: fallback }
  return [{ field, unique, index }]
}
