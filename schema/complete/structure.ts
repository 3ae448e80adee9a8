import { upperFirst } from '#base'
import { type FieldDeclaration, kindOf, type ShapeTypeDeclaration } from '../dsl/declaration.ts'
import type { FieldType, ShapePart } from '../model/model.ts'
import type { FieldContext } from './field-context.ts'
import { entriesOf, type Options, readOptions } from './options.ts'
import { readShown } from './shown.ts'

/** The types that have others inside of them, and binary data; null for any other builder. */
export function readStructure(field: FieldDeclaration, options: Options, context: FieldContext): FieldType | null {
  switch (field.builder) {
    case 'list':
      return listType(field, options, context)
    case 'shape':
      return shapeType(field, context)
    case 'dict':
      return dictType(options, context)
    case 'base64':
      return base64Type(options, context)
    default:
      return null
  }
}

function listType(field: FieldDeclaration, options: Options, context: FieldContext): FieldType {
  const inner = { ...context, path: [...context.path, 'of'] }
  const of = readInner(field.of, inner)
  const limits = { min: options.integer('min'), max: options.integer('max') }
  if (of?.type.kind === 'list') {
    const hint = 'Put the inner list into a shape: list(shape({ values: list(…) })).'
    context.problems.report('FIELD_NESTING_INVALID', { path: inner.path }, 'A list cannot hold lists.', { hint })
  }
  if (of?.optional === true) {
    const hint = 'Leave the elements out that have no value.'
    const place = { path: [...inner.path, 'optional'] }
    context.problems.report('FIELD_PART_OPTION', place, 'An element of a list is never null.', { hint })
  }
  return { kind: 'list', of: of?.type ?? unread, ...limits }
}

/** Parts of a shape that is shared are reported where it is used, by the place of the shape type itself. */
function shapeType(field: FieldDeclaration, context: FieldContext): FieldType {
  const isShared = kindOf(field.parts) === 'shapeType'
  const shared = field.parts as ShapeTypeDeclaration
  const name = isShared ? shared.name : `${context.owner}${upperFirst(context.name)}`
  const path = [...context.path, 'parts']
  const given = entriesOf(isShared ? shared.parts : (field.parts ?? {}), path, context.problems)
  if (given.length === 0)
    context.problems.report('SHAPE_EMPTY', { path: context.path }, 'This shape has no parts.', {
      hint: 'Name them: shape({ street: string(), city: string() }). Keys that are not known beforehand are a dict().',
    })
  const parts = given.flatMap(([part, each]): readonly ShapePart[] => {
    const read = readInner(each, { ...context, owner: name, name: part, path: [...path, part] })
    return read === null ? [] : [{ ...read.shown, name: part, type: read.type, optional: read.optional }]
  })
  return { kind: 'shape', name, parts }
}

function dictType(options: Options, context: FieldContext): FieldType {
  const given = options.raw('values')
  const max = options.integer('max')
  if (given === undefined) return { kind: 'dict', values: null, max }
  const path = [...context.path, 'values']
  const values = readInner(given, { ...context, path })
  if (values?.optional === true) {
    const hint = 'Leave the keys out that have no value.'
    const place = { path: [...path, 'optional'] }
    context.problems.report('FIELD_PART_OPTION', place, 'A value of a dict is never null.', { hint })
  }
  return { kind: 'dict', values: values?.type ?? null, max }
}

function base64Type(options: Options, context: FieldContext): FieldType {
  const maxBytes = options.integer('maxBytes')
  if (maxBytes === null && options.raw('maxBytes') === undefined)
    context.problems.report(
      'OPTION_INVALID',
      { path: context.path },
      'Binary data says how large it may be: { maxBytes: 65536 }.',
    )
  return { kind: 'base64', maxBytes: maxBytes ?? 1 }
}

/** Stands for what was reported, so that the rest is looked at too. */
const unread: FieldType = { kind: 'boolean' }

/** What only a column of its own can have. */
const columnOptions: Readonly<Record<string, string>> = {
  unique: 'be unique',
  index: 'have an index',
  readonly: 'be readonly',
  default: 'have a default',
  from: 'be copied',
  column: 'have a column',
  pii: 'be marked',
  stored: 'be stored',
  was: 'be renamed',
  minor: 'be kept in the smallest unit',
}

function readInner(given: unknown, context: FieldContext) {
  const { path, problems } = context
  if (kindOf(given) !== 'field') {
    problems.report('OPTION_INVALID', { path }, 'This must be a field, such as string().')
    return null
  }
  const declaration = given as FieldDeclaration
  if (declaration.builder === 'embed' || declaration.builder === 'period') {
    const hint =
      declaration.builder === 'embed'
        ? 'Inside of JSON, parts are a shape(…).'
        : 'Write two fields, its beginning and its end.'
    const what = declaration.builder === 'embed' ? 'A value object' : 'A period'
    problems.report('FIELD_NESTING_INVALID', { path }, `${what} has columns of its own and cannot lie in JSON.`, {
      hint,
    })
    return null
  }
  const options = readOptions(declaration.options, path, problems)
  refuseColumnOptions(options, context)
  const type = context.readType(declaration, options, context)
  if (type === null) {
    const message = `There is no kind of field called "${declaration.builder}".`
    problems.report('OPTION_INVALID', { path }, message)
    return null
  }
  const read = { type, optional: options.flag('optional'), shown: readShown(options, problems) }
  options.done()
  return read
}

function refuseColumnOptions(options: Options, { path, problems }: FieldContext): void {
  for (const [option, what] of Object.entries(columnOptions)) {
    if (options.raw(option) === undefined) continue
    const message = `A value inside of a list, shape or dict cannot ${what}.`
    const hint = 'The field around it can, or the value gets a field of its own.'
    problems.report('FIELD_PART_OPTION', { path: [...path, option] }, message, { hint })
  }
}
