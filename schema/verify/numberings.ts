import { didYouMeanHint } from '../complete/hint.ts'
import { everyAction } from '../model/every-action.ts'
import type { Entity, Field, FieldType, ModelPath, Numbering } from '../model/model.ts'
import { calendarSeries, numberingParts } from '../model/numbering-parts.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Numberings count, tell their series apart, and wait for transitions that exist. */
export function verifyNumberings(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const { name, numbering } of entity.fields) {
      if (numbering === null) continue
      const path = [entity.name, 'fields', name]
      verifyPattern(check, { entity, path, numbering, name })
      verifyPer(check, { entity, path, numbering, name })
      verifyOn(check, { entity, path, numbering, name })
    }
  }
  for (const { action, path } of everyAction(check.model))
    for (const { name } of action.input.filter((each) => each.numbering !== null)) {
      const place = { path: [...path, 'input', name] }
      check.problems.report('OPTION_INVALID', place, 'Rows are numbered, the input of an action is not.')
    }
}

interface Checked {
  readonly entity: Entity
  readonly path: ModelPath
  readonly numbering: Numbering
  readonly name: string
}

/** More digits than this would not fit into the counter. */
const maxDigits = 15

function verifyPattern({ problems }: Verification, { entity, path, numbering, name }: Checked): void {
  const place = { path: [...path, 'pattern'] }
  const report = (message: string, hint: string | null = null) =>
    problems.report('NUMBERING_PATTERN_INVALID', place, message, { hint })
  const parts = numberingParts(numbering.pattern)
  const counts = parts.filter((part) => part.kind === 'count')
  if (counts.length === 0) report('The pattern does not count.', 'Write zeros in braces, one for each digit: {0000}.')
  if (counts.length > 1) report('The pattern counts twice.', 'Keep one of the braces with zeros.')
  if (counts.some(({ digits }) => digits > maxDigits)) report(`A count has ${maxDigits} digits at most.`)
  for (const part of parts) {
    if (part.kind === 'text' && /[{}]/.test(part.text)) report('A brace of the pattern is open.')
    if (part.kind === 'text' && (part.text.includes('\0') || !part.text.isWellFormed()))
      report('The pattern holds characters that Postgres cannot store.')
    if (part.kind !== 'field') continue
    const known = entity.fields.filter((field) => field.name !== name && isPrintable(field))
    const field = entity.fields.find((each) => each.name === part.name)
    if (field !== undefined && known.includes(field)) continue
    const names = [...known.map((each) => each.name), 'YYYY', 'YY', 'MM', 'DD']
    if (field === undefined) report(`There is no "{${part.name}}".`, didYouMeanHint(part.name, names))
    else report(`"${part.name}" cannot stand in a number: it must be a required text, choice or whole number.`)
  }
  const days = parts.flatMap((part) => (part.kind === 'date' ? [part.part] : []))
  for (const series of numbering.per) {
    for (const alternatives of calendarSeries[series] ?? []) {
      if (alternatives.some((part) => days.includes(part))) continue
      const wanted = alternatives.map((part) => `{${part}}`).join(' or ')
      const message = `Each ${series} begins anew, but the pattern does not tell one from another: two rows would have one number.`
      report(message, `Write ${wanted} into the pattern.`)
    }
  }
}

function isPrintable({ type, optional, numbering, builtIn, name }: Field): boolean {
  const kinds: readonly FieldType['kind'][] = ['text', 'choice', 'int', 'int64']
  return (!builtIn || name === 'status') && !optional && numbering === null && kinds.includes(type.kind)
}

function verifyPer({ problems }: Verification, { entity, path, numbering, name }: Checked): void {
  const own = entity.fields.filter(
    ({ builtIn, type, name: each }) => !builtIn && each !== name && !uncounted.has(type.kind),
  )
  const parts = [...own, ...toOnesOf(entity)]
  numbering.per.forEach((series, position) => {
    const place = { path: [...path, 'per', position] }
    if (numbering.per.indexOf(series) !== position) {
      problems.report('NUMBERING_PER_INVALID', place, `"${series}" is listed twice.`)
      return
    }
    if (Object.hasOwn(calendarSeries, series)) return
    const part = parts.find((each) => each.name === series)
    const held = entity.fields.find((field) => field.name === series.split('.')[0] && uncounted.has(field.type.kind))
    if (held !== undefined) {
      const message = `"${held.name}" is ${kinds[held.type.kind] ?? `a ${held.type.kind}`}: series are told apart by one plain value.`
      const hint = `Count by a field of its own, such as ${held.name}Series: string().`
      problems.report('NUMBERING_PER_INVALID', place, message, { hint })
    } else if (series === name) {
      problems.report('NUMBERING_PER_INVALID', place, 'A number cannot count by itself.', { hint: 'Leave it out.' })
    } else if (part === undefined) {
      const names = [...Object.keys(calendarSeries), ...parts.map((each) => each.name)]
      const message = `"${entity.name}" has no "${series}" to count by.`
      problems.report('NUMBERING_PER_INVALID', place, message, { hint: didYouMeanHint(series, names) })
    } else if (part.optional) {
      const message = `"${series}" may be missing: rows without it would have the same numbers.`
      problems.report('NUMBERING_PER_INVALID', place, message, { hint: 'Make it required.' })
    }
  })
}

/** What no series can be told by. */
const uncounted: ReadonlySet<FieldType['kind']> = new Set([
  'embed',
  'list',
  'shape',
  'dict',
  'base64',
  'period',
  'secret',
])

const kinds: Readonly<Partial<Record<FieldType['kind'], string>>> = { embed: 'a value object', base64: 'binary data' }

function verifyOn({ problems }: Verification, { entity, path, numbering }: Checked): void {
  const { on } = numbering
  if (on === null) return
  const names = entity.lifecycle?.transitions.map((transition) => transition.name) ?? []
  if (names.includes(on)) return
  const message =
    entity.lifecycle === null ? `"${entity.name}" has no lifecycle.` : `"${entity.name}" has no transition "${on}".`
  problems.report('NUMBERING_ON_UNKNOWN', { path: [...path, 'on'] }, message, { hint: didYouMeanHint(on, names) })
}
