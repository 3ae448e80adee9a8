import type { Entity, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Nothing changes rows that are never changed: no state, no emptied or removed relation. */
export function verifyImmutable({ model, problems }: Verification): void {
  for (const entity of model.entities.filter(({ immutable, link }) => immutable && link === null)) {
    for (const { path, message, hint } of faultsOf(entity))
      problems.report('IMMUTABLE_CHANGED', { path: [entity.name, ...path] }, message, { hint })
  }
}

interface Fault {
  readonly path: readonly string[]
  readonly message: string
  readonly hint: string
}

function faultsOf(entity: Entity): readonly Fault[] {
  const name = `"${entity.name}"`
  const state = {
    path: ['lifecycle'],
    message: `Rows of ${name} are never changed, so their state cannot change either.`,
    hint: 'Leave `lifecycle` or `immutable` out.',
  }
  const ones = toOnesOf(entity)
  return [...(entity.lifecycle === null ? [] : [state]), ...ones.flatMap((relation) => relationFaults(relation, name))]
}

function relationFaults(relation: ToOne, name: string): readonly Fault[] {
  const path = ['relations', relation.name]
  const emptied = {
    path: [...path, 'onDelete'],
    message: `Emptying "${relation.name}" would change a row of ${name}.`,
    hint: 'Say `restrict` or `cascade`.',
  }
  const removed = relation.part
    ? {
        path,
        message: `Parts are removed and restored with their whole, and rows of ${name} are never removed.`,
        hint: `Say one('${relation.to}', { onDelete: 'cascade' }) instead of partOf, or leave \`immutable\` out.`,
      }
    : {
        path: [...path, 'onRemove'],
        message: `Rows of ${name} are never removed, only deleted.`,
        hint: "Say `onRemove: 'keep'` or `'restrict'`.",
      }
  return [...(relation.onDelete === 'setNull' ? [emptied] : []), ...(relation.onRemove === 'cascade' ? [removed] : [])]
}
