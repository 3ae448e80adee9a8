import { canonicalJson } from '#base'
import { columnFields } from '../model/column-fields.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import { storedOf } from '../model/stored.ts'
import { columnNames } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { columnHint } from './part-hint.ts'
import { writtenList } from './written-list.ts'

/** `unique`, `indexes` and `display` name what the entity has, each once. */
export function verifyColumns(check: Verification): void {
  for (const entity of check.model.entities) {
    verifyDisplay(check, entity)
    const uniques = entity.unique.map(({ on, ...more }) => ({ names: on, ...more }))
    verifyLists(check, entity, 'unique', uniques)
    const indexes = entity.indexes.map(({ on, ...more }) => ({ names: on.map(({ name }) => name), order: on, ...more }))
    verifyLists(check, entity, 'indexes', indexes)
  }
}

function verifyDisplay({ problems }: Verification, entity: Entity): void {
  const { name, display, computed } = entity
  if (display === null) return
  const own = columnFields(entity).filter(({ builtIn }) => !builtIn)
  const known = [...own, ...computed].map((field) => field.name)
  if (known.includes(display)) return
  const hint = columnHint(entity, display, known)
  problems.report('NAME_UNKNOWN', { path: [name, 'display'] }, `"${name}" has no field "${display}".`, { hint })
}

interface List {
  readonly names: readonly string[]
}

function verifyLists(check: Verification, entity: Entity, key: 'unique' | 'indexes', lists: readonly List[]): void {
  const written = writtenCount(check, entity.name, key)
  const first = new Set<string>()
  lists.forEach((list, position) => {
    // Those of single fields come first, and are written with their field.
    const index = position - (lists.length - written)
    const path = index < 0 ? pathOfSingle(entity, list.names[0]!) : [entity.name, key, index]
    const at = key === 'indexes' || isOptions(check, entity.name, key, index) ? [...path, 'on'] : path
    // What a number is unique by is told where it counts.
    const isSeries =
      index < 0 && entity.fields.some((field) => field.numbering !== null && list.names.includes(field.name))
    if (!isSeries) verifyNames(check, entity, list.names, key, at)
    const identity = canonicalJson(list)
    if (first.has(identity)) check.problems.report('UNIQUE_DUPLICATE', { path }, 'This is declared already.')
    first.add(identity)
  })
}

function verifyNames(
  { problems }: Verification,
  entity: Entity,
  names: readonly string[],
  key: 'unique' | 'indexes',
  path: ModelPath,
): void {
  const builtIns = key === 'unique' ? ['status'] : ['status', 'createdAt', 'updatedAt']
  const known = [...columnNames(entity, builtIns), ...storedOf(entity).map((each) => each.name)]
  names.forEach((name, index) => {
    const place = { path: [...path, index] }
    const isTwice = names.indexOf(name) !== index
    if (isTwice) problems.report('UNIQUE_DUPLICATE', place, `"${name}" is listed twice.`)
    if (known.includes(name)) return
    const parts = known.filter((each) => each.startsWith(`${name}.`))
    const hint =
      parts.length > 0
        ? `Name its parts: ${parts.map((each) => `"${each}"`).join(', ')}.`
        : columnHint(entity, name, known)
    problems.report('NAME_UNKNOWN', place, `"${entity.name}" has no column for "${name}".`, { hint })
  })
}

/** Whether the author wrote `{ on: […] }` instead of a list. */
function isOptions(check: Verification, entity: string, key: 'unique' | 'indexes', index: number): boolean {
  const each = writtenList(check, entity, key)[index]
  return typeof each === 'object' && each !== null && !Array.isArray(each)
}

function writtenCount(check: Verification, entity: string, key: 'unique' | 'indexes'): number {
  return writtenList(check, entity, key).length
}

function pathOfSingle(entity: Entity, name: string): ModelPath {
  const isField = entity.fields.some((field) => field.name === name)
  return [entity.name, isField ? 'fields' : 'relations', name]
}
