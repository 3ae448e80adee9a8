import { didYouMeanHint } from '../complete/hint.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Entity, FieldType, ModelPath } from '../model/model.ts'
import { isStructured } from '../values/is-native-list.ts'
import type { Verification } from './context.ts'
import { everyType, type TypePlace } from './every-type.ts'
import { verifyMemberName, verifyTypeName } from './names.ts'

/** What stands inside of lists, shapes and dicts can stand there, and is named as GraphQL can say it. */
export function verifyStructures(check: Verification): void {
  for (const place of everyType(check.model)) {
    verifyPartName(check, place)
    if (place.type.kind === 'shape') verifyTypeName(place.type.name, nameable(place.path), check.problems)
    if (place.inside !== null) verifyInside(check, place)
  }
  for (const entity of check.model.entities) verifyKeys(check, entity)
}

/** A shape in a list is named after the field around it. */
function nameable(path: ModelPath): ModelPath {
  return path.at(-1) === 'of' ? path.slice(0, -1) : path
}

function verifyPartName({ problems }: Verification, { inside, path }: TypePlace): void {
  if (inside === 'shape') verifyMemberName(String(path.at(-1)), path, problems)
}

/** Kinds that a value inside of another may have. */
const insideKinds: ReadonlySet<FieldType['kind']> = new Set<FieldType['kind']>([
  ...(['text', 'choice', 'int', 'int64', 'float', 'decimal', 'money', 'boolean', 'datetime', 'date'] as const),
  ...(['time', 'duration', 'uuid', 'list', 'shape', 'dict', 'base64'] as const),
])

function verifyInside({ problems }: Verification, { type, path, inside, beside }: TypePlace): void {
  if (!insideKinds.has(type.kind))
    problems.report('FIELD_NESTING_INVALID', { path }, `A ${inside} cannot hold this kind of field.`, {
      hint: 'Give it a field of its own, or make rows of another entity.',
    })
  if (type.kind !== 'money' || type.in === null || beside === null) return
  const holders = beside.filter((part) => part.type.kind === 'choice' || part.type.kind === 'text')
  const names = holders.map(({ name }) => name)
  if (names.includes(type.in)) return
  const message = `The shape has no part "${type.in}" that could hold a currency.`
  problems.report('FIELD_MONEY_INVALID', { path: [...path, 'in'] }, message, { hint: didYouMeanHint(type.in, names) })
}

/** Only scalars are unique, indexed, displayed and sorted by. */
function verifyKeys({ problems }: Verification, entity: Entity): void {
  const structured = new Map(
    columnFields(entity).flatMap(({ name, type }) =>
      isStructured(type) && type.kind !== 'secret' ? [[name, type] as const] : [],
    ),
  )
  if (structured.size === 0) return
  const refuse = (name: string, what: string, path: ModelPath) => {
    const hint = 'Give what is looked up a field of its own, or make rows of another entity.'
    const kind = structured.get(name)!.kind
    const described = kind === 'base64' ? 'binary data' : `a ${kind}`
    problems.report('FIELD_NOT_INDEXABLE', { path }, `"${name}" is ${described}, which cannot ${what}.`, { hint })
  }
  // What numbers count by is told there.
  const numbers = entity.fields.filter(({ numbering }) => numbering !== null).map(({ name }) => name)
  for (const { on } of entity.unique.filter(({ on }) => !on.some((name) => numbers.includes(name))))
    for (const name of on.filter((each) => structured.has(each)))
      refuse(name, 'be unique', [entity.name, 'fields', name])
  for (const { on, using } of entity.indexes) {
    // Lists and JSON have indexes of their own kind.
    if (using === 'gin') continue
    for (const { name } of on.filter((each) => structured.has(each.name)))
      refuse(name, 'be indexed by its order', [entity.name, 'fields', name])
  }
  for (const { name } of entity.sort.filter((each) => structured.has(each.name)))
    refuse(name, 'be sorted by', [entity.name, 'sort'])
  if (entity.display !== null && structured.has(entity.display))
    refuse(entity.display, 'stand for a row', [entity.name, 'display'])
}
