import { historyNames, historyRelation, ownHistoryParts } from '../complete/history.ts'
import { groupOf } from '../complete/one-of.ts'
import { columnFields, pathOfField } from '../model/column-fields.ts'
import { historyEnum } from '../model/history.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Changes are kept of rows that change and that one value identifies, under names that nothing else has. */
export function verifyHistory(check: Verification): void {
  for (const entity of check.model.entities) {
    if (!entity.history) continue
    verifyKept(check, entity)
    verifyTypes(check, entity)
    verifyMembers(check, entity)
  }
}

function verifyKept({ problems }: Verification, { name, immutable, key, source }: Entity): void {
  const place = { path: [name, 'history'], part: 'key' } as const
  if (immutable) {
    const hint = 'Leave `history` out: what a row is, it has always been.'
    problems.report('HISTORY_NEEDLESS', place, `Rows of "${name}" never change.`, { hint })
  }
  if (source.kind === 'view' || source.kind === 'report') {
    const hint = 'Say it of the entities that the rows come from.'
    problems.report('HISTORY_UNSUPPORTED', place, `Rows of "${name}" are changed elsewhere.`, { hint })
  }
  if (key.length > 1) {
    const message = `A row of "${name}" is identified by ${key.length} values, and a change refers to its row by one.`
    problems.report('HISTORY_UNSUPPORTED', place, message, { hint: 'Leave `key` out, or `history`.' })
  }
}

/** What `history: true` makes is an entity, with a table. */
function verifyTypes({ model, problems }: Verification, entity: Entity): void {
  const names = historyNames(entity)
  const report = (what: string, path: ModelPath): void => {
    const hint = 'Rename it, or leave `history` out.'
    const related = { message: 'the history is that of', path: [entity.name], part: 'key' } as const
    const message = `The history of "${entity.name}" is called ${what}.`
    problems.report('HISTORY_NAME_TAKEN', { path, part: 'key' }, message, { hint, related })
  }
  for (const other of model.entities) {
    const own = [other.name, other.plural]
    const isNamed = own.includes(names.entity) || own.includes(names.plural)
    const path: ModelPath = other.link === null ? [other.name] : [other.link.entity, 'relations', other.link.relation]
    if (isNamed) report(`"${names.entity}" ("${names.plural}")`, path)
    else if (other.table === names.table && other.schema === 'app') report(`"${names.table}" in the database`, path)
    if (other.name === historyEnum) report(`with changes of the type "${historyEnum}"`, path)
    for (const field of columnFields(other))
      if (field.type.kind === 'choice' && field.type.enum === historyEnum && !field.builtIn)
        report(`with changes of the type "${historyEnum}"`, pathOfField(other, field.name))
  }
}

/** Names on the row that its changes need themselves. */
function verifyMembers({ problems }: Verification, entity: Entity): void {
  const { name, fields, relations, computed } = entity
  const own = ownHistoryParts(entity)
  const pathOf = (relation: string) => [name, 'relations', groupOf(entity, relation)?.name ?? relation]
  const report = (path: ModelPath, message: string): void => {
    problems.report('HISTORY_NAME_TAKEN', { path, part: 'key' }, message, { hint: 'Call it otherwise.' })
  }
  const members = [
    ...fields.filter(({ builtIn }) => !builtIn).map((each) => ({ name: each.name, path: [name, 'fields', each.name] })),
    ...computed.map((each) => ({ name: each.name, path: [name, 'computed', each.name] })),
    ...relations.map((each) => ({ name: each.name, path: pathOf(each.name) })),
  ]
  for (const member of members)
    if (member.name === historyRelation) report(member.path, `"history" leads to the changes of a row.`)
  const columns = [
    ...columnFields(entity)
      .filter(({ builtIn }) => !builtIn)
      .map((each) => ({ ...each, path: pathOfField(entity, each.name) as ModelPath })),
    ...toOnesOf(entity).map((each) => ({ ...each, path: pathOf(each.name) as ModelPath })),
  ]
  const taken = [...own, { name: 'tenant', column: 'tenant_id' }]
  for (const each of columns) {
    const clash = taken.find(({ name: known, column }) => known === each.name || column === each.column)
    if (clash !== undefined && !entity.key.includes(each.name))
      report(each.path, `Each change of a row has a "${clash.name}" of its own, beside the values of the row.`)
  }
}
