import { didYouMeanHint } from '../complete/hint.ts'
import { columnField, columnFields } from '../model/column-fields.ts'
import type { Entity, FieldType, ModelPath, NoOverlap } from '../model/model.ts'
import { columnNames } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** What may not overlap is a period or a pair of ends, and rows are told apart by what has a simple value. */
export function verifyNoOverlaps(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const each of entity.noOverlap) {
      const path = [entity.name, 'noOverlap', each.title]
      verifyDuring(check, entity, each.during, [...path, 'during'])
      verifyOn(check, entity, each, [...path, 'on'])
    }
  }
}

function verifyDuring(check: Verification, entity: Entity, during: NoOverlap['during'], path: ModelPath): void {
  // What could not be read is reported already.
  if (during === '') return
  const { problems } = check
  const names = typeof during === 'string' ? [during] : during
  const kinds = names.map((name) => columnField(entity, name)?.type.kind)
  const unknown = names.filter((_, index) => kinds[index] === undefined)
  for (const name of unknown) {
    const hint = didYouMeanHint(name, fitting(entity, typeof during === 'string' ? ['period'] : ['date', 'datetime']))
    const place = { path: typeof during === 'string' ? path : [...path, name] }
    problems.report('NAME_UNKNOWN', place, `"${entity.name}" has no field "${name}".`, { hint })
  }
  if (unknown.length > 0) return
  if (typeof during === 'string') {
    if (kinds[0] === 'period') return
    const hint = "Name a period, or the two fields that hold the ends: during: ['startsOn', 'endsOn']."
    problems.report('NO_OVERLAP_DURING_INVALID', { path }, `"${during}" is no period.`, { hint })
  } else if (
    names.length !== 2 ||
    kinds[0] !== kinds[1] ||
    (kinds[0] !== 'date' && kinds[0] !== 'datetime') ||
    during[0] === during[1]
  ) {
    const message = `"${during[0]}" and "${during[1]}" are no two days or two instants.`
    problems.report('NO_OVERLAP_DURING_INVALID', { path }, message)
  }
}

function verifyOn({ problems }: Verification, entity: Entity, { on }: NoOverlap, path: ModelPath): void {
  const fields = columnFields(entity).filter(({ name, builtIn }) => !builtIn || name === 'status')
  const known = columnNames(entity, ['status'])
  on.forEach((name, index) => {
    const place = { path: [...path, index] }
    if (on.indexOf(name) !== index) problems.report('UNIQUE_DUPLICATE', place, `"${name}" is listed twice.`)
    const field = fields.find((each) => each.name === name)
    if (field !== undefined && incomparable.has(field.type.kind)) {
      const hint = 'Rows are told apart by texts, numbers, choices, days, instants and to-one relations.'
      problems.report('NO_OVERLAP_ON_INVALID', place, `Rows cannot be told apart by "${name}".`, { hint })
    }
    if (known.includes(name)) return
    const hint = didYouMeanHint(name.replace(/Id$/, ''), known)
    problems.report('NAME_UNKNOWN', place, `"${entity.name}" has no column for "${name}".`, { hint })
  })
}

/** The kinds whose values Postgres cannot hold against each other in such a constraint. */
const incomparable: ReadonlySet<string> = new Set(['period', 'list', 'shape', 'dict', 'base64', 'secret'])

function fitting(entity: Entity, kinds: readonly FieldType['kind'][]): readonly string[] {
  return columnFields(entity)
    .filter(({ type, builtIn }) => !builtIn && kinds.includes(type.kind))
    .map(({ name }) => name)
}
