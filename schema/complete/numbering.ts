import { snakeCase } from '#base'
import type { FieldDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { FieldType, ModelPath, Numbering } from '../model/model.ts'
import type { CompletedField } from './field-context.ts'
import { type Options, readOptions } from './options.ts'
import { readShown } from './shown.ts'

const type: FieldType = { kind: 'text', format: 'string', min: null, max: null, matches: null, ignoreCase: false }

/** Reads `numbering('SO-{YYYY}-{0000}', { per: ['year'] })`. It is unique and readonly without saying so. */
export function completeNumbering(given: FieldDeclaration, path: ModelPath, problems: Problems): CompletedField {
  const name = String(path.at(-1))
  const options = readOptions(given.options, path, problems)
  const numbering = readNumbering(given.values, options, problems)
  const index = options.flag('index')
  const shown = readShown(options, problems)
  const column = options.word('column') ?? snakeCase(name)
  const pii = options.flag('pii')
  options.done({
    unique: 'Numbers are unique anyhow.',
    readonly: 'Nobody writes numbers anyhow.',
    optional: 'Only `on` makes a number optional: until its transition there is none.',
  })
  const kept = { readonly: true, builtIn: false, columnType: null, from: null, pii, default: null }
  return {
    field: { ...shown, name, column, type, optional: numbering.on !== null, ...kept, numbering },
    unique: false,
    index,
  }
}

function readNumbering(pattern: unknown, options: Options, problems: Problems): Numbering {
  const isText = typeof pattern === 'string'
  if (!isText) {
    const message = "A numbering says its pattern: numbering('SO-{0000}')."
    problems.report('NUMBERING_PATTERN_INVALID', { path: options.path }, message)
  }
  return {
    pattern: isText ? pattern : '{0}',
    per: readPer(options, problems),
    gapless: options.flag('gapless'),
    on: options.word('on'),
  }
}

function readPer(options: Options, problems: Problems): readonly string[] {
  const given = options.raw('per') ?? []
  if (Array.isArray(given) && given.every((name): name is string => typeof name === 'string')) return given
  const message = '"per" must be a list of names, such as [\'year\'].'
  problems.report('OPTION_INVALID', { path: [...options.path, 'per'] }, message)
  return []
}
