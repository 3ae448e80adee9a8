import { transitionNames, transitionParts } from '../complete/transitions.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'

/** Transitions are kept of rows that one value identifies, under names that nothing else has. */
export function verifyLifecycleNames(check: Verification): void {
  for (const entity of check.model.entities) {
    if (entity.lifecycle === null || entity.source.kind !== 'table') continue
    verifyKey(check, entity)
    verifyTypes(check, entity)
  }
}

function verifyKey({ problems }: Verification, { name, key }: Entity): void {
  if (key.length === 1) return
  const message = `A row of "${name}" is identified by ${key.length} values, and a transition refers to its row by one.`
  const hint = 'Leave `key` out, or say the state by a choice.'
  problems.report('LIFECYCLE_UNSUPPORTED', { path: [name, 'lifecycle'], part: 'key' }, message, { hint })
}

function verifyTypes({ model, problems }: Verification, entity: Entity): void {
  const names = transitionNames(entity)
  const related = { message: 'the lifecycle is that of', path: [entity.name], part: 'key' } as const
  const report = (path: ModelPath, message: string): void => {
    problems.report('LIFECYCLE_NAME_TAKEN', { path, part: 'key' }, message, { hint: 'Rename one of them.', related })
  }
  const member = transitionParts(entity).find(({ name }) => name === names.row)
  if (member !== undefined)
    report([entity.name], `Each transition has a "${member.name}" of its own, beside the row, "${names.row}".`)
  for (const other of model.entities) {
    const own = [other.name, other.plural]
    const path: ModelPath = other.link === null ? [other.name] : [other.link.entity, 'relations', other.link.relation]
    if (own.includes(names.entity) || own.includes(names.plural))
      report(path, `The transitions of "${entity.name}" are called "${names.entity}" ("${names.plural}").`)
    else if (other.table === names.table && other.schema === 'app')
      report(path, `The transitions of "${entity.name}" are called "${names.table}" in the database.`)
  }
}
